"""A folder in a dialog: a line to type or paste it into, and a button to choose it."""

from __future__ import annotations

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

    @property
    def folder(self) -> str:
        """The path, "" for none."""
        return self._line.text().strip()

    def set_folder(self, folder: str) -> None:
        """Show another path."""
        self._line.setText(folder)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self._title, self.folder)
        if chosen:
            self.set_folder(chosen)
