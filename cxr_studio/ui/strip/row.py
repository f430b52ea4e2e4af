"""A row of answers below the panes, each drawn once; and its figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from cxr_studio.ui.figure.asking import ask_for_figure, put_figure
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.strip.cells import Cell
from cxr_studio.ui.strip.figure import draw_pictures, laid_out
from cxr_studio.ui.strip.picture_strip import PictureStrip

A = TypeVar("A")


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
        desk.places.foot.insertWidget(0, strip)
        strip.hide()

    def show(self, answers: Sequence[A], *, words: str, current: int, shown: bool) -> None:
        """Show these; what has gone is forgotten, and a row that closes gives the keyboard back to the image."""
        for gone in self._cells.keys() - set(answers):
            del self._cells[gone]
        for answer in answers:
            made = None if answer in self._cells else self._draw(answer)
            if made is not None:
                self._cells[answer] = made
        self._strip.set_words(words)
        self._strip.set_cells([self._cells[answer] for answer in answers if answer in self._cells], current)
        if self._strip.isVisible() and not shown:
            self._desk.places.grid.take_keyboard()
        self._strip.setVisible(shown)
        self._desk.actions.review("inpaint")

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
