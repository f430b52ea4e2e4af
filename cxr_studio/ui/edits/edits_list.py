"""The edits of the session: switched off and on, run again, removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

MOST_SHOWN = 4
"""Edits shown at once where there is room; the rest scroll."""
LEAST_HEIGHT = 36
"""Height of a row in logical pixels, at least."""
PADDING = 10
"""The list's own border and padding, above and below together."""


@dataclass(frozen=True)
class EditRow:
    """One line of the list.

    Attributes:
        key: What identifies the edit.
        title: E.g. "Context encoder · seed 3".
        detail: E.g. "64 × 70 px at (412, 310)".
        visible: Whether it is part of the image.
    """

    key: object
    title: str
    detail: str
    visible: bool


class EditsList(QWidget):
    """A list with a tick per edit, newest first.

    Signals:
        toggled: (key, visible) an edit was switched.
        rerun: (key) an edit is to be run again with the current generator and options.
        removed: (key) an edit is to be taken away.
        picked: (key) the user took this edit, by mouse or key.
    """

    toggled = Signal(object, bool)
    rerun = Signal(object)
    removed = Signal(object)
    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list = QListWidget()
        self._list.setAlternatingRowColors(False)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setAccessibleName("Edits")
        self._empty = QLabel("Accepted fills appear here.")
        self._empty.setWordWrap(True)
        self._empty.setProperty("quiet", True)
        self._rerun = QPushButton("Run &again")
        self._rerun.setToolTip("Fill this edit's mask again with the current generator and options")
        self._remove = QPushButton("Re&move")
        self._remove.setToolTip("Remove this edit (Delete); undo brings it back")
        self._lay_out()
        self._list.itemChanged.connect(self._tick)
        self._list.currentItemChanged.connect(self._moved)
        self._list.itemClicked.connect(self._clicked)
        self._rerun.clicked.connect(lambda: self._send(self.rerun))
        self._remove.clicked.connect(lambda: self._send(self.removed))
        self.set_rows(())

    @property
    def current(self) -> object | None:
        """Key of the selected edit."""
        item = self._list.currentItem()
        key: object | None = None if item is None else item.data(Qt.ItemDataRole.UserRole)
        return key

    def set_current(self, key: object) -> None:
        """Mark this edit as the selected one without a signal; None marks none."""
        items = [self._list.item(row) for row in range(self._list.count())]
        found = next((item for item in items if key is not None and item.data(Qt.ItemDataRole.UserRole) == key), None)
        with QSignalBlocker(self._list):
            self._list.setCurrentItem(found)  # type: ignore[arg-type]
            self._list.clearSelection() if found is None else self._list.scrollToItem(found)
        self._offer()

    def set_rows(self, rows: Sequence[EditRow], current: object = None) -> None:
        """Show these edits without a signal, this one selected."""
        self._list.blockSignals(True)
        self._list.clear()
        for row in rows:
            item = QListWidgetItem(f"{row.title}\n{row.detail}")
            item.setData(Qt.ItemDataRole.UserRole, row.key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if row.visible else Qt.CheckState.Unchecked)
            item.setToolTip("Tick to show, untick to hide this edit")
            self._list.addItem(item)
        self._list.blockSignals(False)
        shown = max(1, min(len(rows), MOST_SHOWN))
        height = max(self._list.sizeHintForRow(0), LEAST_HEIGHT)
        self._list.setMinimumHeight(height + PADDING)
        self._list.setMaximumHeight(shown * height + PADDING)
        self._empty.setVisible(not rows)
        self._list.setVisible(bool(rows))
        self.set_current(current)

    def _tick(self, item: QListWidgetItem) -> None:
        visible = item.checkState() is Qt.CheckState.Checked
        self.toggled.emit(item.data(Qt.ItemDataRole.UserRole), visible)

    def _clicked(self, item: QListWidgetItem | None) -> None:
        """A tick has made the list anew: its item is gone, and nothing is picked."""
        if item is not None:
            self.picked.emit(item.data(Qt.ItemDataRole.UserRole))

    def _moved(self) -> None:
        """A key picks at once; a button when it is let go, as it may be about the tick alone."""
        self._offer()
        if self.current is not None and QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self.picked.emit(self.current)

    def _offer(self) -> None:
        chosen = self.current is not None
        self._rerun.setVisible(self._list.count() > 0)
        self._remove.setVisible(self._list.count() > 0)
        self._rerun.setEnabled(chosen)
        self._remove.setEnabled(chosen)

    def _send(self, signal: object) -> None:
        if self.current is not None:
            signal.emit(self.current)  # type: ignore[attr-defined]

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self._rerun)
        row.addWidget(self._remove)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._empty)
        column.addWidget(self._list, 1)
        column.addLayout(row)
