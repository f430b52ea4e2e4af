"""Draws the grid: pictures, captions, marks and headers of what is exposed."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.verdicts import TAGS
from cxr_studio.ui.qa.board import Board, HeaderFacts
from cxr_studio.ui.qa.grid_layout import HEADER, MARGIN, GridLayout
from cxr_studio.ui.theme import tokens

MARK = 9
"""Side of a verdict's mark."""

OWN = "own words"
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
TOP = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
CENTRE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap


def mark_colour(tag: str) -> QColor:
    """Colour of a tag's mark."""
    colours = dict(zip(TAGS, ("#6fae83", "#5aa9e6", "#d0a04e", "#d57a70", "#b58bd9"), strict=True))
    return QColor(colours.get(tag, "#858b94"))


class GridPainter:
    """Paints a board.

    Args:
        board: What is shown.
    """

    def __init__(self, board: Board) -> None:
        self._board = board

    def paint(self, painter: QPainter, layout: GridLayout) -> None:
        """Draw all that is seen."""
        now = tokens.current()
        painter.fillRect(0, 0, layout.width, layout.height, QColor(now.window))
        rows, columns, shown = layout.visible_rows(), layout.visible_columns(), self._board.lineup.shown
        painter.setClipRect(layout.body)
        for column in columns:
            for row in rows:
                self._cell(painter, layout, row, column)
        painter.setClipRect(layout.pinned, 0, max(0, layout.width - layout.pinned), HEADER)
        for column in columns:
            self._header(painter, layout.header(column), shown[column])
        painter.setClipRect(0, HEADER, layout.pinned, max(0, layout.height - HEADER))
        for row in rows:
            self._original(painter, layout, row)
        painter.setClipping(False)
        self._corner(painter, layout)

    def _cell(self, painter: QPainter, layout: GridLayout, row: int, number: int) -> None:
        column, place, now = self._board.lineup.shown[number], layout.cell(row, number), tokens.current()
        current = self._board.is_current(row, column)
        pixmap = self._board.picture(row, column)
        if pixmap is not None:
            painter.drawPixmap(place.topLeft(), pixmap)
        else:
            self._absent(painter, place, self._board.fault(row, column))
        if current:
            painter.setPen(QPen(QColor(now.accent), 2))
            painter.drawRect(place.adjusted(-1, -1, 1, 1))
        if current and self._board.flicker and pixmap is not None:
            self._plate(painter, place, "reference" if self._board.lineup.reference else "original")
        line = layout.caption(row, number)
        painter.setPen(QColor(now.text if current else now.quiet))
        painter.drawText(line.adjusted(2, 0, 0, 0), LEFT, self._board.value(row, column))
        self._marks(painter, line, row, column)

    def _absent(self, painter: QPainter, place: QRect, fault: str) -> None:
        now = tokens.current()
        painter.fillRect(place, QColor(now.panel))
        if fault:
            painter.setPen(QColor(now.bad))
            painter.drawText(place.adjusted(8, 4, -8, -4), CENTRE, fault)
        else:
            painter.fillRect(QRect(place.center().x() - 8, place.center().y() - 1, 16, 2), QColor(now.line))

    def _plate(self, painter: QPainter, place: QRect, words: str) -> None:
        now = tokens.current()
        box = QRect(place.left() + 4, place.top() + 4, painter.fontMetrics().horizontalAdvance(words) + 10, 18)
        painter.fillRect(box, QColor(now.accent_back))
        painter.setPen(QColor(now.accent))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _marks(self, painter: QPainter, line: QRect, row: int, column: Column) -> None:
        verdict = self._board.verdict(row, column)
        if verdict is None:
            return
        right = line.right() - 1
        if verdict.note:
            painter.setPen(QPen(QColor(tokens.current().text), 1.2))
            for step in (0, 3, 6):
                painter.drawLine(right - MARK, line.top() + 7 + step, right, line.top() + 7 + step)
            right -= MARK + 4
        painter.setPen(Qt.PenStyle.NoPen)
        for tag in reversed(verdict.tags):
            painter.setBrush(mark_colour(tag))
            painter.drawRoundedRect(QRectF(right - MARK, line.center().y() - MARK / 2 + 1, MARK, MARK), 2, 2)
            right -= MARK + 3
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _original(self, painter: QPainter, layout: GridLayout, row: int) -> None:
        place, now = layout.original(row), tokens.current()
        pixmap: QPixmap | None = self._board.original(row)
        case = self._board.lineup.panel.cases[row]
        if pixmap is not None:
            painter.drawPixmap(place.topLeft(), pixmap)
        else:
            self._absent(painter, place, self._board.faults.get(case.name, ""))
        words = layout.case_words(row)
        painter.setPen(QColor(now.text if row == self._board.lineup.row else now.quiet))
        title = painter.fontMetrics().elidedText(case.name, Qt.TextElideMode.ElideMiddle, words.width())
        painter.drawText(words, LEFT, title)

    def _header(self, painter: QPainter, place: QRect, column: Column) -> None:
        facts, now = self._board.header(column), tokens.current()
        current = column.key == self._board.lineup.key
        inner = place.adjusted(2, 6, -2, -6)
        if current:
            painter.fillRect(place.adjusted(-3, 0, 3, 0), QColor(now.panel))
        bold = painter.font()
        bold.setBold(True)
        usual = painter.font()
        painter.setFont(bold)
        painter.setPen(QColor(now.accent if facts.reference else now.text))
        title = f"◆ {facts.title}" if facts.reference else facts.title
        title = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, inner.width())
        painter.drawText(QRect(inner.left(), inner.top(), inner.width(), 18), LEFT, title)
        painter.setFont(usual)
        self._figure(painter, inner, facts)
        self._counts(painter, inner, facts)

    def _figure(self, painter: QPainter, inner: QRect, facts: HeaderFacts) -> None:
        now = tokens.current()
        line = QRect(inner.left(), inner.top() + 18, inner.width(), 18)
        painter.setPen(QColor(now.good if facts.best else now.quiet))
        painter.drawText(line, LEFT, facts.words)
        if facts.best and not facts.partial:
            painter.drawText(line, RIGHT, "best")
        elif facts.partial:
            painter.setPen(QColor(now.faint))
            painter.drawText(line, RIGHT, f"best of {facts.partial}" if facts.best else facts.partial)
        if facts.share is not None:
            bar = QRectF(inner.left(), inner.top() + 39, inner.width(), 3)
            painter.fillRect(bar, QColor(now.raised))
            bar.setWidth(max(3.0, bar.width() * facts.share))
            painter.fillRect(bar, QColor(now.good if facts.best else now.accent))

    def _counts(self, painter: QPainter, inner: QRect, facts: HeaderFacts) -> None:
        x, y = inner.left(), inner.top() + 48
        for tag in (*TAGS, ""):
            count = facts.counts.get(tag, 0)
            if count:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(mark_colour(tag))
                painter.drawRoundedRect(QRectF(x, y + 4, MARK, MARK), 2, 2)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QColor(tokens.current().quiet))
                painter.drawText(QPointF(x + MARK + 3, y + 13), str(count))
                x += MARK + 10 + painter.fontMetrics().horizontalAdvance(str(count))

    def _corner(self, painter: QPainter, layout: GridLayout) -> None:
        now, place = tokens.current(), layout.corner()
        painter.fillRect(place, QColor(now.window))
        inner = place.adjusted(MARGIN, 6, -MARGIN, -6)
        painter.setPen(QColor(now.text))
        painter.drawText(QRect(inner.left(), inner.top(), inner.width(), 18), LEFT, "Original")
        painter.setPen(QColor(now.quiet))
        words = "Blind: figures are hidden" if self._board.lineup.blind else metric_words(self._board)
        painter.drawText(QRect(inner.left(), inner.top() + 18, inner.width(), 34), TOP, words)
        painter.setPen(QColor(now.line))
        painter.drawLine(0, HEADER - 1, layout.width, HEADER - 1)
        painter.drawLine(layout.pinned - 4, 0, layout.pinned - 4, layout.height)


def metric_words(board: Board) -> str:
    """The shown figure, its unit and which direction is better."""
    metric = board.metric
    better = {"higher": "higher is better", "lower": "lower is better", "one": "best at 1", "": ""}[metric.better]
    named = f"{metric.title}, {metric.unit}" if metric.unit else metric.title
    return f"{named}: {better}" if better else named
