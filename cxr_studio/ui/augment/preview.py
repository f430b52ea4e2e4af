"""One image of the set as it will be: whole with boxes, and a nodule at full size."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cxr_studio.augmentation.record import Record
from cxr_studio.radiographs.presets import default_window
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.ui.theme import tokens

CLOSE = 120
"""Side of the part that is shown close, image pixels, at least."""
GAP = 6


@dataclass(frozen=True, eq=False)
class Example:
    """An image of the set.

    Attributes:
        shown: The image through its window, ``uint8 [H, W]``.
        record: What was drawn.
    """

    shown: NDArray[np.uint8]
    record: Record


def read_example(path: Path, record: Record) -> Example:
    """Read an image that was made.

    Raises:
        ReadError: it cannot be read.
    """
    radiograph = read_radiograph(path)
    table = radiograph.grey.display_table(default_window(radiograph))
    return Example(np.ascontiguousarray(table[radiograph.grey.index(radiograph.stored)]), record)


class ExampleView(QWidget):
    """Draws an example."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._record: Record | None = None
        self._boxes = True
        self.setMinimumSize(300, 380)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("An image of the set")

    def show_example(self, example: Example) -> None:
        """Show another."""
        height, width = example.shown.shape
        image = QImage(example.shown.data, width, height, width, QImage.Format.Format_Grayscale8)
        self._image, self._record = image.copy(), example.record
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The whole image above, a nodule below."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.current().window))
        if self._image is None or self._record is None:
            painter.setPen(QColor(tokens.current().quiet))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Preview shows an image as it will be.")
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        split = self.height() * 0.62
        place = _fitted(self._image, QRectF(0, 0, self.width(), split - GAP))
        painter.drawImage(place, self._image)
        scale = place.width() / self._image.width()
        painter.setPen(QColor(tokens.current().accent))
        for nodule in self._record.nodules:
            x0, y0, x1, y1 = (value * scale for value in nodule.box)
            painter.drawRect(QRectF(place.x() + x0 - 3, place.y() + y0 - 3, x1 - x0 + 6, y1 - y0 + 6))
        if self._record.nodules:
            part = self._close(self._record.nodules[0].box)
            painter.drawImage(
                _fitted_part(part, QRectF(0, split, self.width(), self.height() - split)), self._image, part
            )

    def _close(self, box: tuple[int, int, int, int]) -> QRectF:
        """The part around a nodule that is shown close."""
        assert self._image is not None
        x0, y0, x1, y1 = box
        side = max(CLOSE, 2.5 * max(x1 - x0, y1 - y0))
        wide, high = min(1.8 * side, self._image.width()), min(side, self._image.height())
        left = min(max((x0 + x1 - wide) / 2, 0.0), self._image.width() - wide)
        top = min(max((y0 + y1 - high) / 2, 0.0), self._image.height() - high)
        return QRectF(left, top, wide, high)


class Preview(QWidget):
    """The example, what it is, and a button for the next.

    Args:
        another: Called for another example.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = ExampleView()
        self.words = QLabel()
        self.words.setProperty("quiet", True)
        self.words.setWordWrap(True)
        self.another = QPushButton("Preview")
        self.another.setToolTip("Make an image of the set with these options; it is not kept")
        self.another.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view, 1)
        column.addWidget(self.words)
        column.addWidget(self.another)


def _fitted(image: QImage, room: QRectF) -> QRectF:
    return _fitted_part(QRectF(0, 0, image.width(), image.height()), room)


def _fitted_part(part: QRectF, room: QRectF) -> QRectF:
    """Where a part goes, as large as there is room, in the middle."""
    scale = min(room.width() / part.width(), room.height() / part.height())
    width, height = part.width() * scale, part.height() * scale
    return QRectF(room.x() + (room.width() - width) / 2, room.y() + (room.height() - height) / 2, width, height)
