"""What every tool offers, and the two things a tool may act upon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import Box
from cxr_studio.ui.tools.guides import Guide
from cxr_studio.ui.tools.pointer import Key, Pointer

MIN_RADIUS, MAX_RADIUS = 1.0, 400.0
"""Limits of the brush radius in image pixels."""
DIAMETERS = 2 * MIN_RADIUS, 2 * MAX_RADIUS
"""Limits of the brush diameter, which is what the window shows, in image pixels."""
TOLERANCES = 0, 128
"""Limits of the flood's tolerance, grey levels of 255."""
SIDES = 2, 800
"""Limits of the stamp's side in image pixels."""


@dataclass
class ToolSettings:
    """What the mask tools share; the window shows and changes it.

    Attributes:
        radius: Brush radius in image pixels.
        value: True paints, False erases (X swaps them).
        tolerance: Half-width of the flood's range, in grey levels of the shown image (0-255).
        stamp_side: Side of the square stamp in image pixels.
    """

    radius: float = 20.0
    value: bool = True
    tolerance: int = 12
    stamp_side: int = 64

    def resize(self, steps: float) -> None:
        """Grow (positive) or shrink the brush by about 12 % a step, at least one pixel."""
        radius = self.radius * 1.12**steps
        if abs(radius - self.radius) < 1.0:
            radius = self.radius + (1.0 if steps > 0 else -1.0)
        self.radius = float(np.clip(round(radius), MIN_RADIUS, MAX_RADIUS))


class MaskTarget(Protocol):
    """The mask as a tool sees it: one stroke is begun, touched any number of times, then kept or dropped."""

    @property
    def mask(self) -> NDArray[np.bool_]:
        """The painted mask ``bool [H, W]``, changed in place between begin and commit."""

    @property
    def levels(self) -> NDArray[np.uint8]:
        """The radiograph as shown, grey levels ``[H, W]``."""

    def begin(self) -> None:
        """Start a stroke: what the mask is now is what undo brings back."""

    def touch(self, box: Box) -> None:
        """Tell that this rectangle of the mask has just changed."""

    def commit(self, name: str) -> None:
        """Keep the stroke as one step of the history under this name."""

    def abandon(self) -> None:
        """Drop the stroke and put the mask back."""


class ViewTarget(Protocol):
    """The view as a tool sees it; distances are logical screen pixels."""

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the image with the pointer."""

    def zoom_by(self, factor: float, about: Pointer) -> None:
        """Scale about a point that stays in place."""

    def window_by(self, dx: float, dy: float) -> None:
        """Change the window's width by ``dx`` and its centre by ``dy`` screen pixels of drag."""


class Tool:
    """A tool that ignores everything; the real ones override what they use."""

    name = "tool"

    def press(self, pointer: Pointer) -> None:
        """Begin at this place."""

    def move(self, pointer: Pointer) -> None:
        """Go on with the button held."""

    def release(self, pointer: Pointer) -> None:
        """Let the button go."""

    def hover(self, pointer: Pointer) -> None:
        """Move with no button held."""

    def double(self, pointer: Pointer) -> None:
        """Double click."""

    def key(self, key: Key) -> bool:  # noqa: ARG002
        """Take a key; True when it was used."""
        return False

    def wheel(self, steps: float, pointer: Pointer) -> bool:  # noqa: ARG002
        """Take wheel steps (Shift held in the painting scheme); True when they were used."""
        return False

    def cancel(self) -> None:
        """Drop what is half done."""

    @property
    def busy(self) -> bool:
        """True while something is half done."""
        return False

    def guides(self, pointer: Pointer | None) -> tuple[Guide, ...]:  # noqa: ARG002
        """What to draw with the pointer here (None: outside the image)."""
        return ()
