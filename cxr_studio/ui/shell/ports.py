"""What controllers ask of the window; the tests give them mocks."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from pathlib import Path
from typing import Protocol


class Leave(Enum):
    """The answer to "the work could not be written"."""

    SAVE = auto()
    DISCARD = auto()
    STAY = auto()


class Dialogs(Protocol):
    """Questions that need an answer before going on."""

    def ask_leave(self, name: str) -> Leave:
        """Ask what to do with work on this radiograph that could not be written."""

    def file_to_open(self, title: str, filters: Sequence[str]) -> Path | None:
        """Let the user choose a file; None when the dialog was closed."""

    def folder_to_open(self, title: str) -> Path | None:
        """Let the user choose a folder."""

    def file_to_save(self, title: str, proposal: Path, filters: Sequence[str]) -> Path | None:
        """Let the user choose where to write."""
