"""Layouts of the panes, and the rows in which they stand."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from cxr_studio.ui.canvas.rendering import Kind

GAP = 2
"""Logical pixels between two panes; dragging it shares the room otherwise."""
EQUAL = 10_000
"""A size asked for by every pane of a row, so that all are of the same."""


class Layout(StrEnum):
    """How many panes are shown, and where; the value is what the settings keep."""

    ONE = "one"
    TWO = "two"
    THREE = "three"
    TWO_OVER_ONE = "two over one"


_ROWS: dict[Layout, tuple[tuple[Kind, ...], ...]] = {
    Layout.TWO: (("original", "inpainted"),),
    Layout.THREE: (("original", "inpainted", "difference"),),
    Layout.TWO_OVER_ONE: (("original", "inpainted"), ("difference",)),
}


def rows_of(layout: Layout, alone: Kind) -> tuple[tuple[Kind, ...], ...]:
    """Panes of every row from the top; ``alone`` is the one that fills a layout of one."""
    return _ROWS.get(layout, ((alone,),))


def layout_of(value: object) -> Layout:
    """The layout that a settings file names; three panes where it names none."""
    return next((layout for layout in Layout if layout.value == value), Layout.THREE)


class PaneRow(QSplitter):
    """Panes side by side, of the same width to the pixel, so that they share what is computed for one of them.

    A row whose panes the user has given other widths keeps them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GAP)
        self._dragged = False
        self.splitterMoved.connect(self._drag)

    def place(self, panes: Sequence[QWidget]) -> None:
        """Show these panes from the left; a row without panes takes no room."""
        for place, pane in enumerate(panes):
            if self.widget(place) is not pane:
                self.insertWidget(place, pane)
            pane.show()
        self.setVisible(bool(panes))
        self._dragged = False
        self._even_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room evenly."""
        super().resizeEvent(event)
        if not self._dragged:
            self._even_out()

    def _drag(self) -> None:
        self._dragged = True

    def _even_out(self) -> None:
        panes = [self.widget(place) for place in range(self.count())]
        count = sum(pane is not None and not pane.isHidden() for pane in panes)
        rest = (self.width() - GAP * (count - 1)) % count if count else 0
        self.setContentsMargins(0, 0, rest, 0)
        self.setSizes([EQUAL] * self.count())


class PaneRows(QSplitter):
    """Two rows of panes, one above the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GAP)
        self._rows = PaneRow(self), PaneRow(self)
        for row in self._rows:
            self.addWidget(row)

    def place(self, rows: Sequence[Sequence[QWidget]]) -> None:
        """Show these panes, each row from the left."""
        for row, panes in zip(self._rows, (*rows, ()), strict=False):
            row.place(panes)
        self.setSizes([EQUAL] * self.count())
