"""How every cell is looked at: zoom, place, window, difference and size, linked over the whole grid."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Signal

Against = Literal["off", "original", "reference"]

SIDES = (72, 96, 120, 144, 176, 208, 256, 320, 416, 560)
"""Cell sides that the keys step through, logical pixels."""

MAX_ZOOM = 24.0
DRAG_SPAN = 350.0
"""A drag of so many pixels moves the window by its own first width."""

GAINS = (1.0, 2.0, 4.0, 8.0, 16.0)


class Look(QObject):
    """State of the eyes.

    Signals:
        changed: Cells must be drawn anew.
        resized: Cells have another side.

    Attributes:
        zoom: 1 shows the whole crop.
        y, x: The crop's point in the middle of a cell, as shares.
        low, high: Unit values shown black and white.
        side: Of a cell, logical pixels.
        against: What the difference is to.
        gain: Of the difference.
        outline: Whether the hole is drawn on the original.
    """

    changed = Signal()
    resized = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.zoom, self.y, self.x = 1.0, 0.5, 0.5
        self.low, self.high = 0.0, 1.0
        self.side = 144
        self.against: Against = "off"
        self.gain = 2.0
        self.outline = True

    def reset(self) -> None:
        """The whole crop through the radiograph's own window."""
        self.zoom, self.y, self.x = 1.0, 0.5, 0.5
        self.low, self.high = 0.0, 1.0
        self.changed.emit()

    def zoom_by(self, factor: float, *, at: tuple[float, float]) -> None:
        """Come closer; the point ``at`` of the cell, shares ``(y, x)``, stays where it is."""
        new = min(max(self.zoom * factor, 1.0), MAX_ZOOM)
        self.y += (at[0] - 0.5) * (1 / self.zoom - 1 / new)
        self.x += (at[1] - 0.5) * (1 / self.zoom - 1 / new)
        self.zoom = new
        self._keep_inside()

    def pan_by(self, dy: float, dx: float) -> None:
        """Move the picture by shares of a cell."""
        self.y -= dy / self.zoom
        self.x -= dx / self.zoom
        self._keep_inside()

    def window_by(self, dx: float, dy: float) -> None:
        """Right widens, down darkens; logical pixels."""
        centre, width = (self.low + self.high) / 2, self.high - self.low
        centre, width = centre + dy / DRAG_SPAN, max(width + dx / DRAG_SPAN, 0.02)
        self.low, self.high = centre - width / 2, centre + width / 2
        self.changed.emit()

    def step_side(self, steps: int) -> None:
        """Another size of the cells."""
        nearest = min(range(len(SIDES)), key=lambda k: abs(SIDES[k] - self.side))
        self.set_side(SIDES[min(max(nearest + steps, 0), len(SIDES) - 1)])

    def set_side(self, side: int) -> None:
        """Give cells this side, logical pixels."""
        if side != self.side:
            self.side = side
            self.resized.emit()

    def set_against(self, against: Against) -> None:
        """Show the difference to something, or the fill itself."""
        self.against = against
        self.changed.emit()

    def step_gain(self, steps: int) -> None:
        """Amplify the difference more or less."""
        self.gain = GAINS[min(max(GAINS.index(self.gain) + steps, 0), len(GAINS) - 1)]
        self.changed.emit()

    def set_outline(self, shown: bool) -> None:
        """Draw the hole on the original or not."""
        self.outline = shown
        self.changed.emit()

    def _keep_inside(self) -> None:
        half = 0.5 / self.zoom
        self.y = min(max(self.y, half), 1 - half)
        self.x = min(max(self.x, half), 1 - half)
        self.changed.emit()
