"""How an image lies in a pane: scaled, moved, turned by quarters and mirrored; the image itself is not changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import Box

_QUARTERS = (1, 0), (0, 1), (-1, 0), (0, -1)
"""Cosine and sine of a number of quarter turns."""


@dataclass(frozen=True)
class Turn:
    """How the display is turned: first by quarters, then mirrored.

    Attributes:
        quarters: Clockwise quarter turns, 0 to 3.
        mirror: Whether left and right are swapped afterwards.
    """

    quarters: int = 0
    mirror: bool = False

    @property
    def odd(self) -> bool:
        """Whether rows of the image are shown as columns."""
        return bool(self.quarters % 2)

    def to_screen(self, right: float, down: float) -> tuple[float, float]:
        """A step to the right and down in the image as a step on the screen."""
        cosine, sine = _QUARTERS[self.quarters]
        across = cosine * right - sine * down
        return (-across if self.mirror else across), sine * right + cosine * down

    def to_image(self, right: float, down: float) -> tuple[float, float]:
        """A step to the right and down on the screen as a step in the image."""
        cosine, sine = _QUARTERS[self.quarters]
        right = -right if self.mirror else right
        return cosine * right + sine * down, cosine * down - sine * right

    def turned(self, quarters: int) -> Turn:
        """Further quarter turns, clockwise on the screen."""
        return replace(self, quarters=(self.quarters + (-quarters if self.mirror else quarters)) % 4)

    def mirrored(self) -> Turn:
        """Left and right of the screen swapped."""
        return replace(self, mirror=not self.mirror)

    def flipped(self) -> Turn:
        """Top and bottom of the screen swapped."""
        return Turn((self.quarters + 2) % 4, not self.mirror)

    def apply(self, image: NDArray[Any]) -> NDArray[Any]:
        """An upright array ``[H, W]`` as it is shown."""
        shown = np.rot90(image, -self.quarters)
        return np.ascontiguousarray(shown[:, ::-1] if self.mirror else shown)

    @property
    def words(self) -> str:
        """``turned 90°, mirrored``; "" for an upright display."""
        turned = f"turned {90 * self.quarters}°" if self.quarters else ""
        return ", ".join(part for part in (turned, "mirrored" if self.mirror else "") if part)


UPRIGHT = Turn()


@dataclass(frozen=True)
class Geometry:
    """How an image lies in a pane.

    Attributes:
        width: Pane width in device pixels.
        height: Pane height in device pixels.
        scale: Device pixels per image pixel.
        y: Image row at the pane's centre.
        x: Image column at the pane's centre.
        ratio: Device pixels per logical pixel.
        turn: How the display is turned.
    """

    width: int
    height: int
    scale: float
    y: float
    x: float
    ratio: float = 1.0
    turn: Turn = UPRIGHT

    def to_image(self, left: float, top: float) -> tuple[float, float]:
        """Image point ``(y, x)`` under a device point; the centre of the first pixel is (0, 0)."""
        right, down = self.turn.to_image(left - self.width / 2, top - self.height / 2)
        return self.y + down / self.scale - 0.5, self.x + right / self.scale - 0.5

    def to_device(self, y: float, x: float) -> tuple[float, float]:
        """Device point ``(left, top)`` of an image point."""
        right, down = self.turn.to_screen((x + 0.5 - self.x) * self.scale, (y + 0.5 - self.y) * self.scale)
        return right + self.width / 2, down + self.height / 2

    def device_box(self, box: Box, *, margin: int = 0) -> Box:
        """Device rectangle that shows a box of the image, cut to the pane; margin in device pixels."""
        corners = self.to_device(box[0] - 0.5, box[1] - 0.5), self.to_device(box[2] - 0.5, box[3] - 0.5)
        (left, right), (top, bottom) = (sorted(part) for part in zip(*corners, strict=True))
        return (
            max(0, floor(top) - margin),
            max(0, floor(left) - margin),
            min(self.height, floor(bottom) + 1 + margin),
            min(self.width, floor(right) + 1 + margin),
        )

    @property
    def upright(self) -> Geometry:
        """The same part of the image in a pane that is not turned."""
        if self.turn.odd:
            return replace(self, width=self.height, height=self.width, turn=UPRIGHT)
        return replace(self, turn=UPRIGHT)

    def upright_box(self, box: Box) -> Box:
        """Where a device rectangle lies in the pane that is not turned."""
        base, half = self.upright, (self.width / 2, self.height / 2)
        corners = [self.turn.to_image(x - half[0], y - half[1]) for y, x in (box[:2], box[2:])]
        (left, right), (top, bottom) = (sorted(part) for part in zip(*corners, strict=True))
        across, down = base.width / 2, base.height / 2
        return round(top + down), round(left + across), round(bottom + down), round(right + across)
