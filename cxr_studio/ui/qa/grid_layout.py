"""Where headers, originals and cells lie: arithmetic without widgets."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect

GAP = 6
CAPTION = 20
"""Height of the line under a cell."""

HEADER = 78
MARGIN = 8
INDENT = 2
"""Room left of the first column for the frame of the current cell."""


@dataclass(frozen=True)
class GridLayout:
    """A grid of square cells under a header, beside a pinned column of originals; logical pixels.

    Attributes:
        rows: Cases.
        columns: Checkpoints.
        side: Of a cell.
        width, height: Of the whole view, header and originals included.
        left, top: How far the cells are scrolled.
    """

    rows: int
    columns: int
    side: int
    width: int
    height: int
    left: int = 0
    top: int = 0

    @property
    def across(self) -> int:
        """From a column to the next."""
        return self.side + GAP

    @property
    def down(self) -> int:
        """From a row to the next."""
        return self.side + CAPTION + GAP

    @property
    def pinned(self) -> int:
        """Width of the originals' column."""
        return max(self.side, 132) + 2 * MARGIN

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of all cells, without what is pinned."""
        return self.columns * self.across + MARGIN, self.rows * self.down + 2 * MARGIN

    @property
    def body(self) -> QRect:
        """Where cells are seen."""
        return QRect(self.pinned, HEADER, max(0, self.width - self.pinned), max(0, self.height - HEADER))

    def cell(self, row: int, column: int) -> QRect:
        """A cell's picture."""
        return QRect(self._x(column), self._y(row), self.side, self.side)

    def caption(self, row: int, column: int) -> QRect:
        """The line under a cell."""
        return QRect(self._x(column), self._y(row) + self.side, self.side, CAPTION)

    def original(self, row: int) -> QRect:
        """A case's original."""
        return QRect(MARGIN, self._y(row), self.side, self.side)

    def case_words(self, row: int) -> QRect:
        """The line under an original."""
        return QRect(MARGIN, self._y(row) + self.side, self.pinned - 2 * MARGIN, CAPTION)

    def header(self, column: int) -> QRect:
        """A column's header."""
        return QRect(self._x(column), 0, self.side, HEADER)

    def corner(self) -> QRect:
        """Above the originals."""
        return QRect(0, 0, self.pinned, HEADER)

    def visible_rows(self) -> range:
        """Rows of which something is seen."""
        return _range(self.top - MARGIN, self.height - HEADER, self.down, self.rows)

    def visible_columns(self) -> range:
        """Columns of which something is seen."""
        return _range(self.left, self.width - self.pinned, self.across, self.columns)

    def at(self, x: int, y: int) -> tuple[int, int]:
        """Row and column at a point; -1 for the header's row, the originals' column, and for nothing there."""
        row = -1 if y < HEADER else max(0, y - HEADER - MARGIN + self.top) // self.down
        column = -1 if x < self.pinned else max(0, x - self.pinned - INDENT + self.left) // self.across
        return row if row < self.rows else -1, column if column < self.columns else -1

    def scroll_to(self, row: int, column: int) -> tuple[int, int]:
        """``(left, top)`` from which a cell is seen whole, as near as possible to the present one."""
        left = _reach(self.left, column * self.across, self.across, self.width - self.pinned)
        return left, _reach(self.top, row * self.down, self.down + MARGIN, self.height - HEADER)

    def _x(self, column: int) -> int:
        return self.pinned + INDENT + column * self.across - self.left

    def _y(self, row: int) -> int:
        return HEADER + MARGIN + row * self.down - self.top


def _range(offset: int, length: int, pitch: int, count: int) -> range:
    first = max(0, offset // pitch)
    last = -(-(offset + max(0, length)) // pitch)
    return range(first, min(count, max(first, last)))


def _reach(offset: int, start: int, length: int, room: int) -> int:
    if start < offset or length > room:
        return start
    return max(offset, start + length - room)
