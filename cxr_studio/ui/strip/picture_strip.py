"""Answers in a row below the panes: their difference under the pointer, one is taken by a click or by keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cxr_studio.ui.shell.number_field import ENTER
from cxr_studio.ui.strip.cells import Cell
from cxr_studio.ui.theme import tokens
from cxr_studio.ui.theme.icons import icon, picture_icon

SIDE = 104
"""Side of a small picture in logical pixels."""
CELL = QSize(SIDE + 20, SIDE + 56)
"""Of a picture with three lines of words."""
SHARPNESS = 2
"""Device pixels for each logical pixel, for fine screens."""
KEYS = (*ENTER, Qt.Key.Key_Escape, Qt.Key.Key_Space)
HINT = "Arrows and Enter take one, Enter again accepts it; Space or the pointer shows the difference; Esc closes."


class PictureStrip(QWidget):
    """A row of pictures in the order that is given.

    Signals:
        taken: (index) this one is to be put on trial.
        accepted: The one on trial is to be kept.
        closed: The row is no longer wanted.
        figure_wanted: A figure of the row is to be written.

    Args:
        name: For screen readers.
        figure_tip: What the button of the figure does, with its key.
    """

    taken = Signal(int)
    accepted = Signal()
    closed = Signal()
    figure_wanted = Signal()

    def __init__(self, name: str, figure_tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._cells: tuple[Cell, ...] = ()
        self._current = -1
        self._hovered = -1
        self._held = False
        self._words, self._about = QLabel(), QLabel()
        self._words.setProperty("paneTitle", True)
        self._about.setProperty("quiet", True)
        self._figure = QPushButton("Figure…")
        self._figure.setToolTip(figure_tip)
        self._close = QToolButton()
        self._close.setIcon(icon("close"))
        self._close.setToolTip("Close (Esc)")
        self._list = _Row()
        self._list.setAccessibleName(name)
        self._lay_out()
        self._figure.clicked.connect(self.figure_wanted)
        self._close.clicked.connect(self.closed)
        self._list.left.connect(self.closed)
        self._list.entered_key.connect(self._enter)
        self._list.held.connect(self._hold)
        self._list.itemClicked.connect(lambda item: self.taken.emit(self._list.row(item)))
        self._list.itemEntered.connect(lambda item: self._hover(self._list.row(item)))
        self._list.viewportEntered.connect(lambda: self._hover(-1))
        self._list.outside.connect(lambda: self._hover(-1))
        self._list.currentRowChanged.connect(lambda _row: self._describe())
        self.set_cells((), -1)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """What is shown."""
        return self._cells

    def set_words(self, words: str) -> None:
        """Say how far it is."""
        self._words.setText(words)

    def set_cells(self, cells: Sequence[Cell], current: int) -> None:
        """Show these answers, the one at ``current`` marked as on trial; the keyboard stays where it was."""
        chosen = self._cell(self._list.currentRow())
        if current >= 0 and not _same(cells[current], self._cell(self._current)):
            chosen = cells[current]
        self._cells, self._current, self._hovered = tuple(cells), current, -1
        with QSignalBlocker(self._list):
            self._list.clear()
            for cell in self._cells:
                item = QListWidgetItem(self._title(cell.title) + f"\n{cell.note}")
                item.setSizeHint(CELL)
                item.setToolTip("\n".join(part for part in (f"{cell.title}, {cell.note}", cell.tip) if part))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{cell.title}, {cell.note}")
                self._list.addItem(item)
            row = next((k for k, cell in enumerate(self._cells) if _same(cell, chosen)), 0)
            self._list.setCurrentRow(row if self._cells else -1)
        self._figure.setEnabled(bool(self._cells))
        self._draw()
        self._describe()

    def set_current(self, current: int) -> None:
        """Mark the answer that is on trial, where the keyboard goes too; -1 for none of them."""
        if current != self._current:
            self._current = current
            if current >= 0:
                self._list.setCurrentRow(current)
            self._draw()

    def take_keyboard(self) -> None:
        """Give the keyboard to the row."""
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def shows_difference(self, row: int) -> bool:
        """Whether an answer is shown as its difference now."""
        return self._held or row == self._hovered

    def _enter(self) -> None:
        row = self._list.currentRow()
        if row >= 0 and row == self._current:
            self.accepted.emit()
        elif row >= 0:
            self.taken.emit(row)

    def _hold(self, held: bool) -> None:
        if held != self._held:
            self._held = held
            self._draw()

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            before, self._hovered = self._hovered, row
            for changed in (before, row):
                self._draw_one(changed)
            self._describe()

    def _describe(self) -> None:
        row = self._hovered if self._hovered >= 0 else self._list.currentRow()
        cell = self._cell(row)
        what = ", difference" if cell is not None and self.shows_difference(row) else ""
        self._about.setText("" if cell is None else f"{cell.title}, {cell.note}{what}")

    def _cell(self, row: int) -> Cell | None:
        return self._cells[row] if 0 <= row < len(self._cells) else None

    def _draw(self) -> None:
        for row in range(len(self._cells)):
            self._draw_one(row)
        self._describe()

    def _draw_one(self, row: int) -> None:
        cell = self._cell(row)
        if cell is not None:
            small = cell.small(SIDE * SHARPNESS, as_difference=self.shows_difference(row))
            self._list.item(row).setIcon(picture_icon(_framed(small, marked=row == self._current)))

    def _title(self, title: str) -> str:
        """A title in two lines at most."""
        metrics, room = self._list.fontMetrics(), CELL.width() - 16
        words, first = title.split(), ""
        while words and metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= room:
            first = f"{first} {words.pop(0)}".strip()
        rest = metrics.elidedText(" ".join(words), Qt.TextElideMode.ElideMiddle, room)
        return "\n".join(line for line in (first, rest) if line)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(10, 2, 6, 0)
        row.setSpacing(12)
        row.addWidget(self._words)
        row.addWidget(self._about, 1)
        row.addWidget(self._figure)
        row.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self._list)


class _Row(QListWidget):
    """The pictures, with keys of their own that reach no shortcut.

    Signals:
        entered_key: Enter.
        left: Escape.
        held: (bool) Space is held, or let go.
        outside: The pointer has gone elsewhere.
    """

    entered_key = Signal()
    left = Signal()
    held = Signal(bool)
    outside = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("strip-row")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setIconSize(QSize(SIDE, SIDE))
        self.setGridSize(CELL)
        self.setFixedHeight(CELL.height() + 12)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setToolTipDuration(4000)
        self.setWhatsThis(HINT)

    def event(self, event: QEvent) -> bool:
        """Keep our keys from the shortcuts."""
        plain = isinstance(event, QKeyEvent) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.type() == QEvent.Type.ShortcutOverride and plain and event.key() in KEYS:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Escape and Space; the arrows are the list's own."""
        if event.key() in ENTER:
            self.entered_key.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Space:
            self._space(event, held=True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space is let go."""
        if event.key() == Qt.Key.Key_Space:
            self._space(event, held=False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What is held is let go elsewhere."""
        super().focusOutEvent(event)
        self.held.emit(False)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer has gone."""
        super().leaveEvent(event)
        self.outside.emit()

    def _space(self, event: QKeyEvent, *, held: bool) -> None:
        if not event.isAutoRepeat():
            self.held.emit(held)


def _same(cell: Cell, other: Cell | None) -> bool:
    """Whether two cells show one answer, however it is drawn."""
    return other is not None and (cell.title, cell.note) == (other.title, other.note)


def _framed(image: QImage, *, marked: bool) -> QPixmap:
    """The picture in the middle of its square, framed where it is on trial."""
    side = SIDE * SHARPNESS
    whole = QPixmap(side, side)
    whole.fill(Qt.GlobalColor.transparent)
    painter = QPainter(whole)
    left, top = (side - image.width()) // 2, (side - image.height()) // 2
    painter.drawImage(left, top, image)
    if marked:
        thick = 3 * SHARPNESS
        pen = QPen(QColor(tokens.current().accent), thick)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        half = thick // 2
        painter.drawRect(left + half, top + half, image.width() - thick, image.height() - thick)
    painter.end()
    whole.setDevicePixelRatio(SHARPNESS)
    return whole
