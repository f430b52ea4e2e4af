"""The reader's program as a folder of its own, by PyInstaller: the window of a study, without torch."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import packages_distributions
from pathlib import Path
from tempfile import TemporaryDirectory

import cxr_studio
from cxr_studio.errors import StudioError
from cxr_studio.events import Progress, silent
from cxr_studio.extras import needed
from cxr_studio.resources import resource
from cxr_studio.studies.pack.folder import PROGRAM, START

ENTRY = "from cxr_studio.ui.study.packed import main\n\nraise SystemExit(main())\n"

KEPT = (
    "PIL", "PySide6", "annotated_types", "cxr_studio", "numpy", "platformdirs", "psycopg", "psycopg_binary",
    "pydantic", "pydantic_core", "resources", "shiboken6", "shibokensupport", "sqlalchemy", "typing_extensions",
    "typing_inspection", "tzdata",
)  # fmt: skip
"""Packages that a reader needs. Every other one that is installed is left out, whatever imports it."""

LEFT_OUT = (
    "PIL._avif", "PIL._imagingcms", "PIL._imagingft", "PIL._imagingtk", "PIL._webp", "PIL.ImageQt", "PySide6.QtNetwork",
    "lib2to3", "pydoc_data", "tkinter",
)  # fmt: skip
"""Parts of those, and of Python, that a reader does not need either."""

HIDDEN = (
    "psycopg",
    "psycopg_binary",
    "resources",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite",
)
"""Modules that are found by name only."""

FILES_LEFT_OUT = (
    "egldeviceintegrations", "plugins/generic", "qeglfs", "qgif", "qgtk3", "qicns", "qjpeg", "qlinuxfb", "qminimal",
    "qtga", "qtiff", "qvkkhrdisplay", "qvnc", "qwbmp", "qwebp", "translations",
)  # fmt: skip
"""Parts of the paths of Qt's files that only other displays, pictures and languages need."""

HOOKED = ("QtCore", "QtGui", "QtWidgets")

HOOK = f"""\
from PyInstaller.utils.hooks.qt import add_qt6_dependencies


def kept(pairs):
    return [pair for pair in pairs if not any(part in pair[0].replace("\\\\", "/") for part in {FILES_LEFT_OUT!r})]


hiddenimports, binaries, datas = add_qt6_dependencies(__file__)
binaries, datas = kept(binaries), kept(datas)
"""
"""In place of PyInstaller's own hooks, so that libraries that only those files need are not collected either."""

STAGES = (
    ("module dependency graph", 0.05, "finding what the reader needs"),
    ("Processing module hooks", 0.5, "finding Qt's parts"),
    ("Looking for dynamic libraries", 0.7, "finding libraries"),
    ("Building PYZ", 0.85, "writing the program"),
    ("Building COLLECT", 0.9, "copying libraries"),
)
"""What a line of PyInstaller's says → share of the work done, and in our words."""


def build_program(folder: Path, progress: Progress = silent) -> None:
    """Build the reader's program into a folder; takes a minute or two.

    Args:
        folder: Gets the program and its own folder of libraries.
        progress: Called at each stage.

    Raises:
        StudioError: PyInstaller is not installed, or fails.
    """
    needed("PyInstaller", "pack", "packed studies")
    with TemporaryDirectory(prefix="cxr-studio-pack-") as name:
        work = Path(name)
        (work / "entry.py").write_text(ENTRY, encoding="utf-8")
        hooks = work / "hooks"
        hooks.mkdir()
        for module in HOOKED:
            (hooks / f"hook-PySide6.{module}.py").write_text(HOOK, encoding="utf-8")
        progress(0.0, STAGES[0][2])
        _run(_command(work), {**os.environ, "PYINSTALLER_CONFIG_DIR": str(work / "cache")}, progress)
        for part in (work / "made" / START).iterdir():
            shutil.move(part, folder / part.name)
    remove_links(folder / PROGRAM)


def remove_links(folder: Path) -> None:
    """Remove the links that PyInstaller makes to libraries: they find each other without, and FAT sticks know none."""
    for path in folder.iterdir():
        if path.is_symlink():
            path.unlink()


def excluded() -> list[str]:
    """Names of modules that PyInstaller must not follow."""
    return sorted({*packages_distributions(), *LEFT_OUT} - {*KEPT})


def _command(work: Path) -> list[str]:
    places = {"--distpath": "made", "--workpath": "work", "--specpath": "", "--additional-hooks-dir": "hooks"}
    words = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--noupx", "--windowed"]
    words += ["--name", START, "--contents-directory", PROGRAM]
    words += [word for option, place in places.items() for word in (option, str(work / place))]
    words += ["--paths", str(Path(cxr_studio.__file__).parents[1])]
    words += ["--add-data", f"{resource('icons')}{os.pathsep}resources/icons"]
    words += [word for name in HIDDEN for word in ("--hidden-import", name)]
    words += [word for name in excluded() for word in ("--exclude-module", name)]
    return [*words, str(work / "entry.py")]


def _run(command: list[str], environment: dict[str, str], progress: Progress) -> None:
    last = ""
    with _started(command, environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            last = line.strip() or last
            for mark, share, words in STAGES:
                if mark in line:
                    progress(share, words)
    if process.returncode:
        raise StudioError(f"PyInstaller could not build the program ({last[-300:]})", remedy=_remedy(last))


def _remedy(words: str) -> str:
    if "shared library" in words:
        return "Install Python's shared library (Debian: apt-get install libpython3-dev) and try again"
    return "Read what it says, or report it"


@contextmanager
def _started(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A process that ends with the block, whatever ends that."""
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    try:
        yield process
        process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
