"""Hot spots of an abnormality map, hottest first."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cxr_studio.ui.highlight.state import SpotRow

MOST_SHOWN = 4
"""Hot spots shown at once; the rest scroll."""
LEAST_HEIGHT = 36
"""Height of a row in logical pixels, at least."""
PADDING = 10
"""The list's own border and padding, above and below together."""


class SpotsList(QWidget):
    """A list; a click, or the arrow keys, bring a hot spot to the middle.

    Signals:
        chosen: (rank).
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[SpotRow, ...] = ()
        self._list = QListWidget()
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setAccessibleName("Hot spots")
        self._list.setToolTip("Hottest first; click to centre one (F3 and Shift+F3)")
        self._none = QLabel("No value reaches the threshold.")
        self._none.setProperty("quiet", True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._none)
        column.addWidget(self._list)
        self._list.currentItemChanged.connect(lambda now, _before: self._tell(now))
        self._list.itemClicked.connect(self._tell)
        self.set_rows((), None)

    def set_rows(self, rows: tuple[SpotRow, ...], selected: int | None) -> None:
        """Show these without a signal; the list is filled anew only when they differ."""
        with QSignalBlocker(self._list):
            if rows != self._rows or not rows:
                self._fill(rows)
            places = [row.rank for row in rows]
            self._list.setCurrentRow(places.index(selected) if selected in places else -1)

    @property
    def texts(self) -> list[str]:
        """The lines as shown."""
        return [self._list.item(row).text() for row in range(self._list.count())]

    def _fill(self, rows: tuple[SpotRow, ...]) -> None:
        self._rows = rows
        self._list.clear()
        for row in rows:
            item = QListWidgetItem(f"{row.title}\n{row.detail}")
            item.setData(Qt.ItemDataRole.UserRole, row.rank)
            self._list.addItem(item)
        shown = max(1, min(len(rows), MOST_SHOWN))
        self._list.setFixedHeight(shown * max(self._list.sizeHintForRow(0), LEAST_HEIGHT) + PADDING)
        self._list.setVisible(bool(rows))
        self._none.setVisible(not rows)

    def _tell(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
