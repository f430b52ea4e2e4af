"""The questions that need an answer before going on, as Qt dialogs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from cxr_studio.ui.shell.ports import Leave
from cxr_studio.ui.theme.icons import icon

ICON = QSize(32, 32)
"""Of a question, logical pixels."""


class QtDialogs:
    """Asks with the system's file dialogs, beginning in the folder that was used last."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent
        self.folder = Path.home()

    def ask_leave(self, name: str) -> Leave:
        """Ask what to do with work that could not be written."""
        box = QMessageBox(self._parent)
        box.setIconPixmap(icon("info").pixmap(ICON))
        box.setWindowTitle("Work that could not be kept")
        box.setText(f"Your work on {name or 'this radiograph'} could not be written. Leave it all the same?")
        box.setInformativeText("Save tries again, once there is room on the disk. Discard loses the last edits.")
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        answer = buttons(box.exec())
        box.deleteLater()
        return {buttons.Save: Leave.SAVE, buttons.Discard: Leave.DISCARD}.get(answer, Leave.STAY)

    def file_to_open(self, title: str, filters: Sequence[str]) -> Path | None:
        """Let the user choose a file."""
        name, _ = QFileDialog.getOpenFileName(self._parent, title, str(self.folder), ";;".join(filters))
        return self._remembered(name)

    def folder_to_open(self, title: str) -> Path | None:
        """Let the user choose a folder."""
        return self._remembered(QFileDialog.getExistingDirectory(self._parent, title, str(self.folder)))

    def file_to_save(self, title: str, proposal: Path, filters: Sequence[str]) -> Path | None:
        """Let the user choose where to write; an existing file is asked about by the dialog."""
        name, chosen = QFileDialog.getSaveFileName(self._parent, title, str(proposal), ";;".join(filters))
        path = self._remembered(name)
        if path is not None and not path.suffix and "*." in chosen:
            return path.with_name(f"{path.name}.{chosen.split('*.')[1].split(')')[0].split(' ')[0]}")
        return path

    def _remembered(self, name: str) -> Path | None:
        if not name:
            return None
        path = Path(name)
        self.folder = path if path.is_dir() else path.parent
        return path
