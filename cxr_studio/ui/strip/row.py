"""A row of answers below the panes, drawn again where the image is shown otherwise; and its figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QTimer

from cxr_studio.ui.figure.asking import ask_for_figure, put_figure
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.strip.cells import Cell
from cxr_studio.ui.strip.figure import draw_pictures, laid_out
from cxr_studio.ui.strip.picture_strip import PictureStrip

A = TypeVar("A")

SETTLE_MS = 60
"""A window that is being dragged is followed so much later."""


class AnswerRow(Generic[A]):
    """Places a strip, hidden, and shows answers in it.

    Args:
        desk: Where.
        strip: The pictures.
        draw: Makes an answer's cell; None where it cannot be drawn now.
    """

    def __init__(self, desk: Desk, strip: PictureStrip, draw: Callable[[A], Cell | None]) -> None:
        self._desk, self._strip, self._draw = desk, strip, draw
        self._cells: dict[A, Cell] = {}
        self._answers: tuple[A, ...] = ()
        self._current = -1
        self._drawn_with = self._appearance()
        self._settle = QTimer(strip, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._draw_again)
        scene = desk.places.grid.scene
        for signal in (scene.window_changed, scene.repaint):
            signal.connect(lambda: self._settle.start() if strip.isVisible() else None)
        desk.places.foot.insertWidget(0, strip)
        strip.hide()

    def show(self, answers: Sequence[A], *, words: str, current: int, shown: bool) -> None:
        """Show these; what has gone is forgotten, and a row that closes gives the keyboard back to the image."""
        self._answers, self._current = tuple(answers), current
        self._strip.set_words(words)
        self._show_cells()
        if self._strip.isVisible() and not shown:
            self._desk.places.grid.take_keyboard()
        self._strip.setVisible(shown)
        self._desk.actions.review("inpaint")

    def set_current(self, current: int) -> None:
        """Mark the answer that is on trial; -1 for none of them."""
        self._current = current
        self._strip.set_current(current)

    def _show_cells(self) -> None:
        appearance = self._appearance()
        kept = set(self._answers) if appearance == self._drawn_with else set[A]()
        self._drawn_with = appearance
        for gone in self._cells.keys() - kept:
            del self._cells[gone]
        for answer in self._answers:
            made = None if answer in self._cells else self._draw(answer)
            if made is not None:
                self._cells[answer] = made
        cells = [self._cells[answer] for answer in self._answers if answer in self._cells]
        self._strip.set_cells(cells, self._current)

    def _draw_again(self) -> None:
        """The image may be shown through another window or turned."""
        if self._strip.isVisible() and self._appearance() != self._drawn_with:
            self._show_cells()

    def _appearance(self) -> object:
        """All that decides the greys and colours of a cell."""
        scene = self._desk.places.grid.scene
        return scene.window, scene.inverted, scene.view.turn, scene.difference_style

    def export(self, title: str, name: str, *, before: str) -> None:
        """Write a figure of what is shown, where the user wants it.

        Args:
            title: Of the dialog.
            name: Proposed for the file, without ending.
            before: What the part without an answer is called.
        """
        path = ask_for_figure(self._desk, title, name)
        if path is not None:
            pictures, size = laid_out(self._strip.cells, before)
            put_figure(self._desk, path, size, lambda painter: draw_pictures(painter, pictures))
