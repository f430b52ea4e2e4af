"""A figure of answers side by side for a paper: the part before, every answer, and below each its difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QImage, QPainter

from cxr_studio.ui.figure.drawing import GAP_MM, RATIO, TEXT_PX, WIDTH_MM, dots
from cxr_studio.ui.strip.cells import Cell

COLUMNS = 5
"""Answers beside each other at most; a column of a figure over two columns is then 34 mm wide."""
TITLE_MM = 9.0
"""Of two lines of words above every picture."""


@dataclass(frozen=True)
class Picture:
    """One answer in the figure, its difference below.

    Attributes:
        title: Above it.
        image: In greys.
        differs: The difference, None for the part as it was.
        place: Of the image, dots.
        below: Of the difference, dots.
    """

    title: str
    image: QImage
    differs: QImage | None
    place: QRectF
    below: QRectF


def laid_out(cells: Sequence[Cell], before: str) -> tuple[list[Picture], QSize]:
    """Pictures of the figure and its size in dots.

    Args:
        cells: The answers, at least one.
        before: What the part without an answer is called.
    """
    first = cells[0]
    shown: list[tuple[str, QImage, QImage | None]] = [
        (before, Cell(before, "", first.before, first.before).shows, None)
    ]
    shown += [(f"{cell.title}\n{cell.note}", cell.shows, cell.differs) for cell in cells]
    columns = min(COLUMNS, len(shown))
    gap, across = dots(GAP_MM), (dots(WIDTH_MM) - dots(GAP_MM) * (columns - 1)) // columns
    tall = round(across * first.before.shape[0] / first.before.shape[1])
    row = dots(TITLE_MM) + 2 * tall + 2 * gap
    pictures = []
    for number, (title, image, differs) in enumerate(shown):
        left, top = number % columns * (across + gap), number // columns * row + dots(TITLE_MM)
        place = QRectF(left, top, across, tall)
        pictures.append(Picture(title, image, differs, place, place.translated(0, tall + gap // 2)))
    return pictures, QSize(dots(WIDTH_MM), -(-len(shown) // columns) * row - gap)


def draw_pictures(painter: QPainter, pictures: Sequence[Picture]) -> None:
    """Draw all; the painter is in dots, on white paper."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    font = QFont(painter.font())
    font.setPixelSize(round(TEXT_PX * RATIO))
    painter.setFont(font)
    painter.setPen(Qt.GlobalColor.black)
    for picture in pictures:
        words = picture.place.adjusted(0, -dots(TITLE_MM), 0, 0)
        words.setHeight(dots(TITLE_MM) - dots(0.7))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        painter.drawText(words, flags.value, _cut(painter, picture, words))
        painter.drawImage(picture.place, picture.image)
        if picture.differs is not None:
            painter.drawImage(picture.below, picture.differs)


def _cut(painter: QPainter, picture: Picture, words: QRectF) -> str:
    """Every line as much as its column holds."""
    metrics, room = painter.fontMetrics(), round(words.width())
    return "\n".join(metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, room) for line in picture.title.split("\n"))
