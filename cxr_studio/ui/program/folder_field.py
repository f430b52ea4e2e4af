"""A folder or a file in a dialog: a line to type or paste it into, and a button to choose it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget


class FolderField(QWidget):
    """Shows the path of a folder; empty for none.

    Signals:
        changed: (path) another is shown.

    Args:
        folder: The path to begin with.
        title: Of the dialog in which another is chosen.
    """

    changed = Signal(str)

    def __init__(self, folder: str, *, title: str = "Choose a folder", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._line = QLineEdit(folder)
        self._line.setPlaceholderText("None")
        self._line.setClearButtonEnabled(True)
        choose = QPushButton("Choose…")
        choose.setAutoDefault(False)
        self._line.textChanged.connect(self.changed)
        choose.clicked.connect(self._choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._line, 1)
        row.addWidget(choose)
        self.setFocusProxy(self._line)

    @property
    def folder(self) -> str:
        """The path, "" for none."""
        return self._line.text().strip()

    def set_folder(self, folder: str) -> None:
        """Show another path."""
        self._line.setText(folder)

    def set_hint(self, words: str) -> None:
        """Say what an empty line means."""
        self._line.setPlaceholderText(words)

    def _choose(self) -> None:
        if chosen := self._asked():
            self.set_folder(chosen)

    def _asked(self) -> str:
        return QFileDialog.getExistingDirectory(self, self._title, self.folder)


class FileField(FolderField):
    """Shows the path of a file to read; empty for none.

    Args:
        path: To begin with.
        title: Of the dialog in which another is chosen.
        filters: Of that dialog.
    """

    def __init__(self, path: str, *, title: str, filters: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(path, title=title, parent=parent)
        self._filters = filters

    def _asked(self) -> str:
        return QFileDialog.getOpenFileName(self, self._title, self.folder, ";;".join(self._filters))[0]

    @property
    def path(self) -> str:
        """The path, "" for none."""
        return self.folder

    def set_path(self, path: str) -> None:
        """Show another path."""
        self.set_folder(path)
