"""The questions of the comparison window, as Qt dialogs behind a port that tests can stand in for."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from cxr_studio.ui.shell.dialogs import ICON
from cxr_studio.ui.theme.icons import icon


class Asking(Protocol):
    """Asks; None means: not now."""

    def judge(self, before: str) -> str | None:
        """Who judges."""

    def note(self, before: str) -> str | None:
        """A note on a cell."""

    def words(self, before: str) -> str | None:
        """Own tags, parted by commas."""

    def name_for(self, proposal: str) -> str | None:
        """Registry name of a kept checkpoint."""

    def may_replace(self, sentence: str) -> bool:
        """Whether something may be overwritten."""

    def folder(self, title: str) -> Path | None:
        """A folder."""

    def columns(self) -> tuple[str, ...]:
        """Generators and folders to compare besides; () means: not now."""


class QtAsking:
    """Asks with Qt's own dialogs."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent
        self._folder = Path.cwd()

    def judge(self, before: str) -> str | None:
        """Who judges; the login is proposed."""
        return self._line("Your name", "Verdicts are logged under this name:", before or _login())

    def note(self, before: str) -> str | None:
        """A note on a cell."""
        name, given = QInputDialog.getText(self._parent, "Note", "Note on this cell:", text=before)
        return name.strip() if given else None

    def words(self, before: str) -> str | None:
        """Own tags."""
        text, given = QInputDialog.getText(
            self._parent, "Own words", "Your own tags, separated by commas:", text=before
        )
        return text if given else None

    def name_for(self, proposal: str) -> str | None:
        """Registry name of a kept checkpoint."""
        return self._line("Keep", "Name of the copy:", proposal)

    def may_replace(self, sentence: str) -> bool:
        """Whether a checkpoint may be overwritten."""
        buttons = QMessageBox.StandardButton
        box = QMessageBox(QMessageBox.Icon.NoIcon, "Keep", sentence, buttons.Yes | buttons.Cancel, self._parent)
        box.setIconPixmap(icon("info").pixmap(ICON))
        box.button(buttons.Yes).setText("Replace it")
        box.setDefaultButton(buttons.Cancel)
        answer = buttons(box.exec())
        box.deleteLater()
        return answer == buttons.Yes

    def folder(self, title: str) -> Path | None:
        """A folder, beginning where the last one was."""
        name = QFileDialog.getExistingDirectory(self._parent, title, str(self._folder))
        if not name:
            return None
        self._folder = Path(name)
        return self._folder

    def columns(self) -> tuple[str, ...]:
        """Generators and folders to compare besides."""
        from cxr_studio.ui.qa.choosing import ask_columns

        return ask_columns(self._parent, ticked=0)

    def _line(self, title: str, words: str, before: str) -> str | None:
        text, given = QInputDialog.getText(self._parent, title, words, text=before)
        return text.strip() or None if given else None


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
