"""The program of a packed study: what a double click in the reading room starts."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QMessageBox

from cxr_studio.errors import StudioError
from cxr_studio.studies.pack.folder import answers_file, chosen_database, packed_bundle
from cxr_studio.ui.application import application
from cxr_studio.ui.shell.fault_net import sentence
from cxr_studio.ui.study.start import run_study
from cxr_studio.ui.study.study_controller import StudyOptions
from cxr_studio.ui.theme.style import apply_theme

TITLE = "The study cannot be started"


def main() -> int:
    """Sit the study of the folder that the program lies in; returns an exit code."""
    return start(Path(sys.executable).resolve().parent)


def start(folder: Path) -> int:
    """Sit the study of a folder; what keeps it from starting is said in a sentence.

    Returns:
        Exit code: 1 where it cannot be started.
    """
    apply_theme(application(), "dark")
    try:
        database = place_of_answers(folder)
        return 0 if database is None else run_study(packed_bundle(folder).folder, StudyOptions(database=database))
    except Exception as fault:  # there is no terminal to read a traceback on
        say(sentence(fault) if isinstance(fault, StudioError) else f"{type(fault).__name__}: {fault}")
        return 1


def place_of_answers(folder: Path) -> str | Path | None:
    """The file beside the program, or the address of the server that could be reached; None where nobody connects.

    Raises:
        StudioError: answers cannot be saved.
    """
    chosen = chosen_database(folder)
    if not chosen:
        return answers_file(folder)
    from cxr_studio.ui.study.server_dialog import connected

    return connected(packed_bundle(folder), chosen)


def say(words: str) -> None:
    """Show why the study cannot be started."""
    print(words, file=sys.stderr)
    QMessageBox.critical(None, TITLE, words)
