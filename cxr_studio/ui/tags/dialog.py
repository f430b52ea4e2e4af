"""The header of the open file: a table with a search."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cxr_studio.radiographs.header_rows import HeaderRow

COLUMNS = "Tag", "Name", "VR", "Value"


class TagsDialog(QDialog):
    """Shows rows; typing narrows them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Tags")
        self.resize(760, 520)
        self._rows: Sequence[HeaderRow] = ()
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search by tag, name or value")
        self._search.setClearButtonEnabled(True)
        self._search.setAccessibleName("Search tags")
        self._table = QTableWidget(0, len(COLUMNS))
        self._table.setHorizontalHeaderLabels(list(COLUMNS))
        self._table.verticalHeader().hide()
        self._table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self._table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self._table.setShowGrid(False)
        self._table.setWordWrap(False)
        self._table.horizontalHeader().setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        for column, width in enumerate((100, 260, 40)):
            self._table.setColumnWidth(column, width)
        self._count = QLabel()
        self._count.setProperty("quiet", True)
        column_layout = QVBoxLayout(self)
        for widget in (self._search, self._table, self._count):
            column_layout.addWidget(widget)
        self._search.textChanged.connect(self._fill)

    def show_rows(self, name: str, rows: Sequence[HeaderRow]) -> None:
        """Show the header of a file."""
        self.setWindowTitle(f"Tags of {name}")
        self._rows = rows
        self._fill(self._search.text())

    def search(self, words: str) -> None:
        """Type into the search."""
        self._search.setText(words)

    @property
    def shown(self) -> list[str]:
        """Names of the rows that are shown."""
        items = (self._table.item(row, 1) for row in range(self._table.rowCount()))
        return [item.text() for item in items if item is not None]

    @property
    def words(self) -> str:
        """The sentence below the table."""
        return self._count.text()

    def _fill(self, words: str) -> None:
        found = [row for row in self._rows if row.holds(words)]
        self._table.setRowCount(len(found))
        for place, row in enumerate(found):
            for column, text in enumerate((row.tag, row.name, row.kind, row.value)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
                self._table.setItem(place, column, item)
        nothing = f"Nothing fits “{words.strip()}”."
        self._count.setText(f"{len(found)} of {len(self._rows)} rows" if found else nothing)
