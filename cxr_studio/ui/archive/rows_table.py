"""A table whose rows are chosen by double click or Enter, and sorted by its columns' heads."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

PLACE = Qt.ItemDataRole.UserRole
"""Of a row's first cell: its place among the rows as they were given."""

ENTER = Qt.Key.Key_Return, Qt.Key.Key_Enter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
WIDEST = 260
"""Logical pixels of a column that is not stretched."""


class RowsTable(QTableWidget):
    """Shows rows of texts and numbers.

    Signals:
        chosen: (place) a row was double-clicked, or Enter was pressed on it.

    Args:
        columns: Their heads.
        stretched: Place of the column that takes the room that is left.
        name: What the table holds, for screen readers.
    """

    chosen = Signal(int)

    def __init__(self, columns: Sequence[str], *, stretched: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(0, len(columns), parent)
        self._stretched = stretched
        self.setHorizontalHeaderLabels(list(columns))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setDefaultAlignment(LEFT)
        self.horizontalHeader().setHighlightSections(False)
        self.setAccessibleName(name)
        self.cellDoubleClicked.connect(lambda row, _column: self.chosen.emit(self._place(row)))

    def set_rows(self, rows: Sequence[Sequence[str | int]]) -> None:
        """Show other rows; the first is the current one."""
        self.setSortingEnabled(False)
        self.setRowCount(len(rows))
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                self.setItem(place, column, _item(value, place))
                if isinstance(value, int) and (head := self.horizontalHeaderItem(column)) is not None:
                    head.setTextAlignment(RIGHT)
        self.setSortingEnabled(True)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        for column in range(self.columnCount()):
            if column != self._stretched:
                self.resizeColumnToContents(column)
                self.setColumnWidth(column, min(self.columnWidth(column) + 8, WIDEST))
        if rows:
            self.setCurrentCell(0, 0)

    @property
    def selected(self) -> list[int]:
        """Places of the selected rows, from above."""
        return [self._place(index.row()) for index in sorted(self.selectionModel().selectedRows())]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses the current row; it does not press the dialog's default button."""
        if event.key() in ENTER and self.currentRow() >= 0:
            self.chosen.emit(self._place(self.currentRow()))
            event.accept()
        else:
            super().keyPressEvent(event)

    def _place(self, row: int) -> int:
        first = self.item(row, 0)
        return -1 if first is None else int(first.data(PLACE))


def _item(value: str | int, place: int) -> QTableWidgetItem:
    item = QTableWidgetItem()
    item.setData(Qt.ItemDataRole.DisplayRole, value)
    item.setData(PLACE, place)
    if isinstance(value, str):
        item.setToolTip(value)
    item.setTextAlignment(RIGHT if isinstance(value, int) else LEFT)
    return item
