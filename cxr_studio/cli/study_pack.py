"""``cxr-studio study pack BUNDLE --out FOLDER``."""

from __future__ import annotations

import argparse
from pathlib import Path

from cxr_studio.cli.study_arguments import add_bundle


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The bundle, the folder, the place of the answers."""
    add_bundle(parser)
    words = "folder for the reading room: copy it to a computer of this platform, no Python needed"
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help=words)
    words = "postgresql+psycopg://USER@SERVER/DATABASE, or ask (default: answers are saved in the folder)"
    parser.add_argument("--database", default="", metavar="DB", help=words)


def run(options: argparse.Namespace) -> int:
    """Pack; the last line says how large it is and how it is started."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.studies.pack.folder import START
    from cxr_studio.studies.pack.packing import pack

    with bar() as progress:
        size = pack(options.bundle, options.out, database=options.database, progress=progress)
    print(f"Packed: {options.out} ({size:.0f} MB). Readers start it by a double click on {START!r}.")
    return 0
