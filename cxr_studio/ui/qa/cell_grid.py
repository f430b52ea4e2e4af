"""The grid on the screen: scrolling, the mouse, tool tips; it paints only what is seen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from cxr_studio.ui.qa.board import Board
from cxr_studio.ui.qa.describing import cell_words, header_words
from cxr_studio.ui.qa.grid_layout import HEADER, GridLayout
from cxr_studio.ui.qa.grid_painter import GridPainter
from cxr_studio.ui.tools.toolbox import ZOOM_STEP

CLICK = 4
"""Pixels that the pointer may move for a press to be a click."""

SETTLE_MS = 30
"""A view that goes on changing asks for cells so often."""


class CellGrid(QAbstractScrollArea):
    """Shows a board.

    Signals:
        looked: (rows, columns) another part is seen.
        held: The flicker key is pressed or let go.
        sort_wanted: A header was double-clicked, or the corner clicked.
    """

    looked = Signal(object, object)
    held = Signal(bool)
    sort_wanted = Signal()

    def __init__(self, board: Board, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.board = board
        self._painter = GridPainter(board)
        self._pressed: tuple[Qt.MouseButton, QPoint, QPoint] | None = None
        self._dragging = False
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(SETTLE_MS)
        self._due.timeout.connect(self._tell)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Cells: cases down, checkpoints across")
        board.changed.connect(self.viewport().update)
        board.lineup.changed.connect(self.arrange)
        board.lineup.reference_changed.connect(self._due.start)
        board.lineup.moved.connect(self.show_current)
        board.look.resized.connect(self._resized)

    @property
    def grid(self) -> GridLayout:
        """Where everything lies now."""
        view, lineup = self.viewport(), self.board.lineup
        left, top = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        shape = len(lineup.panel.cases), len(lineup.shown)
        return GridLayout(*shape, self.board.look.side, view.width(), view.height(), left, top)

    def arrange(self) -> None:
        """Fit the scroll bars to the cells; what is seen stays where it is."""
        grid = self.grid
        width, height = grid.size
        for bar, room, whole, step in (
            (self.horizontalScrollBar(), grid.body.width(), width, grid.across),
            (self.verticalScrollBar(), grid.body.height(), height, grid.down),
        ):
            bar.setRange(0, max(0, whole - room))
            bar.setPageStep(max(1, room))
            bar.setSingleStep(max(1, step // 3))
        self.viewport().update()
        self._due.start()

    def show_current(self) -> None:
        """Scroll as little as needed to see the current cell."""
        if self.board.lineup.place >= 0:
            self.scroll_to(self.board.lineup.row, self.board.lineup.place)

    def scroll_to(self, row: int, column: int) -> None:
        """Scroll as little as needed to see a cell."""
        left, top = self.grid.scroll_to(row, column)
        self.horizontalScrollBar().setValue(left)
        self.verticalScrollBar().setValue(top)
        self._due.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is seen."""
        self.board.pictures.ratio = self.devicePixelRatioF()
        painter = QPainter(self.viewport())
        painter.setClipRect(event.rect())
        self._painter.paint(painter, self.grid)
        painter.end()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Draw anew: header and originals stay."""
        self.viewport().update()
        if not self._due.isActive():
            self._due.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the scroll bars."""
        super().resizeEvent(event)
        self.arrange()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom; with Ctrl the cell size, with Shift or over the headers the columns, over the originals the rows."""
        delta = event.angleDelta()
        steps = (delta.y() or delta.x()) / 120
        place = event.position().toPoint()
        keys = event.modifiers()
        event.accept()
        if keys & Qt.KeyboardModifier.ControlModifier:
            self.board.look.step_side(1 if steps > 0 else -1)
        elif keys & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier) or place.y() < HEADER:
            self._scroll(self.horizontalScrollBar(), steps)
        elif place.x() < self.grid.pinned:
            self._scroll(self.verticalScrollBar(), steps)
        else:
            self.board.look.zoom_by(ZOOM_STEP**steps, at=self._share(place))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the cell; a drag pans or changes the window."""
        self.setFocus()
        place = event.position().toPoint()
        self._pressed, self._dragging = (event.button(), place, place), False
        row, column = self.grid.at(place.x(), place.y())
        if event.button() == Qt.MouseButton.LeftButton and column >= 0:
            self.board.lineup.go(row if row >= 0 else self.board.lineup.row, self.board.lineup.shown[column].key)

        elif event.button() == Qt.MouseButton.LeftButton and row < 0 and self.grid.corner().contains(place):
            self.sort_wanted.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Sort by the shown figure."""
        place = event.position().toPoint()
        if place.y() < HEADER and place.x() >= self.grid.pinned:
            self.sort_wanted.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan with the left or middle button, window and level with the right one."""
        if self._pressed is None:
            return
        button, start, last = self._pressed
        place = event.position().toPoint()
        if not self._dragging and (place - start).manhattanLength() <= CLICK:
            return
        self._dragging, self._pressed = True, (button, start, place)
        moved, side = place - last, self.board.look.side
        if button == Qt.MouseButton.RightButton:
            self.board.look.window_by(moved.x(), moved.y())
        else:
            self.board.look.pan_by(moved.y() / side, moved.x() / side)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._pressed = None

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what is under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos()), self.viewport())
            return True
        return super().viewportEvent(event)

    def tip_at(self, place: QPoint) -> str:
        """The tool tip of a point."""
        row, column = self.grid.at(place.x(), place.y())
        cases, shown = self.board.lineup.panel.cases, self.board.lineup.shown
        if column >= 0:
            return cell_words(self.board, row, shown[column]) if row >= 0 else header_words(self.board, shown[column])
        if row < 0 and self.grid.corner().contains(place):
            return "Click here or double-click a header to sort by the best column"
        return cases[row].name if row >= 0 else ""

    def event(self, event: QEvent) -> bool:
        """Space is held, not pressed."""
        if isinstance(event, QKeyEvent) and self._is_hold(event):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
            elif not event.isAutoRepeat():
                self.held.emit(event.type() == QEvent.Type.KeyPress)
            return True
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.WindowDeactivate):
            self.held.emit(False)
        return super().event(event)

    def _is_hold(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Space and not event.modifiers()

    def _share(self, place: QPoint) -> tuple[float, float]:
        """Where a point lies in its cell, shares ``(y, x)``; the middle between cells."""
        grid = self.grid
        row, column = grid.at(place.x(), place.y())
        if row < 0 or column < 0:
            return 0.5, 0.5
        cell = grid.cell(row, column)
        inside = place - cell.topLeft()
        return min(inside.y() / cell.height(), 1.0), min(inside.x() / cell.width(), 1.0)

    def _scroll(self, bar: object, steps: float) -> None:
        bar.setValue(round(bar.value() - steps * bar.singleStep() * 3))  # type: ignore[attr-defined]

    def _resized(self) -> None:
        self.arrange()
        self.show_current()

    def _tell(self) -> None:
        grid = self.grid
        self.looked.emit(grid.visible_rows(), grid.visible_columns())
