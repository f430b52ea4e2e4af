"""Tools of one click: flood within a tolerance, and the square stamp of the paper."""

from __future__ import annotations

from cxr_studio.masks.flood import flood
from cxr_studio.masks.shapes import stamp_square
from cxr_studio.ui.tools.guides import Guide, frame
from cxr_studio.ui.tools.pointer import Pointer
from cxr_studio.ui.tools.tool import TOLERANCES, MaskTarget, Tool, ToolSettings


class FloodTool(Tool):
    """Take all connected pixels whose shown grey is within the tolerance of the clicked one."""

    name = "Flood"

    def __init__(self, target: MaskTarget, settings: ToolSettings) -> None:
        self._target = target
        self._settings = settings

    def press(self, pointer: Pointer) -> None:
        """Flood from here; a click outside the image does nothing."""
        height, width = self._target.mask.shape
        y, x = round(pointer.point[0]), round(pointer.point[1])
        if not (0 <= y < height and 0 <= x < width):
            return
        area, box = flood(self._target.levels, (y, x), tolerance=self._settings.tolerance)
        y0, x0, y1, x1 = box
        self._target.begin()
        self._target.mask[y0:y1, x0:x1][area] = self._settings.value
        self._target.touch(box)
        self._target.commit("Flood")

    def wheel(self, steps: float, pointer: Pointer) -> bool:  # noqa: ARG002
        """Change the tolerance."""
        self._settings.tolerance = min(max(self._settings.tolerance + round(steps), TOLERANCES[0]), TOLERANCES[1])
        return True


class StampTool(Tool):
    """A square hole of the side that the paper uses (64 pixels) with one click."""

    name = "Square stamp"

    def __init__(self, target: MaskTarget, settings: ToolSettings) -> None:
        self._target = target
        self._settings = settings

    def press(self, pointer: Pointer) -> None:
        """Stamp here."""
        self._target.begin()
        side, value = self._settings.stamp_side, self._settings.value
        self._target.touch(stamp_square(self._target.mask, pointer.point, side=side, value=value))
        self._target.commit("Square stamp")

    def guides(self, pointer: Pointer | None) -> tuple[Guide, ...]:
        """The square's outline."""
        if pointer is None:
            return ()
        (y, x), half = pointer.point, self._settings.stamp_side / 2
        return (frame((y - half, x - half), (y + half, x + half)),)
