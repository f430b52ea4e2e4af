"""A study as a folder for a reading room: program, bundle, settings and README, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from cxr_studio.events import Progress, silent
from cxr_studio.files import folder_replaced
from cxr_studio.studies.bundle import open_bundle
from cxr_studio.studies.pack.building import build_program
from cxr_studio.studies.pack.folder import PROGRAM, fill_folder

CONTENTS = f"{PROGRAM}/contents.json"
"""Lists what the folder came with, so that it can be packed again; never over answers."""

COPYING = 0.05
"""Share of the work that is copying the bundle."""


def pack(bundle: str | Path, out: Path, *, database: str = "", progress: Progress = silent) -> float:
    """Pack a study; takes a minute or two. The folder appears when it is whole.

    Args:
        bundle: The bundle's folder.
        out: New folder; one that was packed before is replaced, unless it holds answers.
        database: "" for answers beside the program, "ask" for a server that is asked for, or a server's address.
        progress: Called as it goes on.

    Returns:
        Its size in megabytes (10⁶ bytes).

    Raises:
        StudioError: the bundle is damaged, PyInstaller is missing or fails, or the folder cannot be written.
    """
    study = open_bundle(bundle)
    with folder_replaced(out, contents=CONTENTS) as folder:
        fill_folder(study, folder, database=database, progress=lambda done, words: progress(COPYING * done, words))
        build_program(folder, lambda done, words: progress(COPYING + (1 - COPYING) * done, words))
    progress(1.0, "packed")
    return sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6
