"""The test pattern: 18 grey patches from black to white, each with a slightly darker and a slightly brighter square."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from cxr_studio.ui.study.gsdf import PLAIN_STEP, STEPS, driving_levels, square_step, wanted_luminances
from cxr_studio.ui.theme.tokens import DARK

COLUMNS = 6
LABEL = 20
"""Logical pixels under a patch for its label."""
GAP = 10


class TestPattern(QWidget):
    """Draws driving levels as they are; with luminances entered, the squares' contrast and the labels follow PS3.14."""

    __test__ = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.levels = driving_levels()
        self.step = PLAIN_STEP
        self.labels: tuple[str, ...] = tuple(str(level) for level in self.levels)
        self.setAccessibleName("Grey test pattern")

    def sizeHint(self) -> QSize:
        """Room for patches in which squares can be seen."""
        return QSize(COLUMNS * 130, (STEPS // COLUMNS) * 120)

    def set_luminances(self, least: float, most: float, ambient: float) -> None:
        """Take what was measured, cd/m²; nothing sensible means not measured."""
        if 0 < least < most:
            self.step = square_step(least, most, ambient=ambient)
            wanted = wanted_luminances(least, most, ambient=ambient)
            self.labels = tuple(f"{light:.2f}" if light < 10 else f"{light:.1f}" for light in wanted)
        else:
            self.step = PLAIN_STEP
            self.labels = tuple(str(level) for level in self.levels)
        self.update()

    def patch(self, number: int) -> QRect:
        """Place of a patch."""
        width = (self.width() - GAP * (COLUMNS - 1)) // COLUMNS
        height = (self.height() - GAP * (STEPS // COLUMNS - 1)) // (STEPS // COLUMNS)
        row, column = divmod(number, COLUMNS)
        return QRect(column * (width + GAP), row * (height + GAP), width, height - LABEL)

    def squares(self, number: int) -> tuple[int, int]:
        """Driving levels of the darker and the brighter square; at the ends both lie on the side that there is."""
        level = self.levels[number]
        darker, brighter = level - self.step, level + self.step
        if darker < 0:
            darker = level + 2 * self.step
        if brighter > 255:
            brighter = level - 2 * self.step
        return darker, brighter

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint."""
        painter = QPainter(self)
        for number, (level, label) in enumerate(zip(self.levels, self.labels, strict=True)):
            place = self.patch(number)
            painter.fillRect(place, QColor(level, level, level))
            side = min(place.width(), place.height()) // 4
            top = place.center().y() - side // 2
            for third, inner in enumerate(self.squares(number), 1):
                left = place.left() + third * place.width() // 3 - side // 2
                painter.fillRect(QRect(left, top, side, side), QColor(inner, inner, inner))
            painter.setPen(QColor(DARK.quiet))
            below = QRectF(place.left(), place.bottom() + 1, place.width(), LABEL)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, label)
