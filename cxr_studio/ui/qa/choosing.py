"""What is compared: generators that ship or that the user keeps, and folders of runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_studio.networks.card import Role
from cxr_studio.roles import offered

FIRST = 3
"""Generators that are ticked at first."""


class ChoosingDialog(QDialog):
    """A list to tick, to which folders can be added.

    Args:
        offered: Registry names and titles of generators.
        ticked: How many of them are chosen at first.
    """

    def __init__(self, offered: Sequence[tuple[str, str]], *, ticked: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Compare checkpoints")
        self.list = QListWidget()
        self.list.setAccessibleName("What is compared")
        for place, (name, title) in enumerate(offered):
            self._add(name, title, on=place < ticked)
        add = QPushButton("Add a training run or a folder…")
        add.setAutoDefault(False)
        add.clicked.connect(self._choose)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Compare")
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(QLabel("Each of these becomes a column; the rows are the same holes for all."))
        column.addWidget(self.list, 1)
        column.addWidget(add)
        column.addWidget(self._buttons)
        self.list.itemChanged.connect(lambda _item: self._review())
        self.resize(460, 400)
        self._review()

    @property
    def chosen(self) -> tuple[str, ...]:
        """Names and folders that are ticked, in order."""
        items = [self.list.item(row) for row in range(self.list.count())]
        return tuple(
            str(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() is Qt.CheckState.Checked
        )

    def add_folder(self, folder: Path) -> None:
        """Add a run or a folder of checkpoints, ticked."""
        self._add(str(folder), f"{folder.name}   in {folder.parent}", on=True)

    def _add(self, name: str, title: str, *, on: bool) -> None:
        item = QListWidgetItem(title)
        item.setData(Qt.ItemDataRole.UserRole, name)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        item.setToolTip(name)
        self.list.addItem(item)

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Choose a training run or a folder of checkpoints")
        if folder:
            self.add_folder(Path(folder))

    def _review(self) -> None:
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(self.chosen))


def drawing_generators() -> list[tuple[str, str]]:
    """Name and title of every generator that draws into a case: those that fill first, others with their role."""
    titles = {Role.RESTORE: "{}", Role.INSERT: "{}   draws a nodule", Role.SURROUND: "{}   draws around the hole"}
    titles[Role.TRANSLATE] = "{}   draws the whole image"
    return [(one.name, title.format(one.title)) for role, title in titles.items() for one in offered(role)]


def ask_columns(parent: QWidget, *, ticked: int = FIRST) -> tuple[str, ...]:
    """Let the user choose what is compared; () when the dialog was closed."""
    dialog = ChoosingDialog(drawing_generators(), ticked=ticked, parent=parent)
    chosen = dialog.chosen if dialog.exec() == QDialog.DialogCode.Accepted else ()
    dialog.deleteLater()
    return chosen
