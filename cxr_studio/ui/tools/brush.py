"""Brush and eraser: discs joined to capsules under the pointer."""

from __future__ import annotations

from cxr_studio.masks.brush import paint_disc, paint_segment
from cxr_studio.ui.tools.guides import Guide, Ring
from cxr_studio.ui.tools.pointer import Key, Point, Pointer
from cxr_studio.ui.tools.tool import MaskTarget, Tool, ToolSettings


class BrushTool(Tool):
    """Paints the mask, or with ``erases`` takes it away; X swaps the two."""

    def __init__(self, target: MaskTarget, settings: ToolSettings, *, erases: bool = False) -> None:
        self._target = target
        self._settings = settings
        self._erases = erases
        self._last: Point | None = None
        self.name = "Erase" if erases else "Brush"

    @property
    def value(self) -> bool:
        """What the tool writes into the mask."""
        return self._settings.value is not self._erases

    @property
    def busy(self) -> bool:
        """True while a stroke goes on."""
        return self._last is not None

    def press(self, pointer: Pointer) -> None:
        """Start a stroke with one disc."""
        self._target.begin()
        self._last = pointer.point
        radius = self._settings.radius
        self._target.touch(paint_disc(self._target.mask, pointer.point, radius=radius, value=self.value))

    def move(self, pointer: Pointer) -> None:
        """Draw on to the pointer's place."""
        if self._last is None or self._last == pointer.point:
            return
        start, self._last = self._last, pointer.point
        radius = self._settings.radius
        self._target.touch(paint_segment(self._target.mask, start, pointer.point, radius=radius, value=self.value))

    def release(self, pointer: Pointer) -> None:
        """Keep the stroke."""
        if self._last is None:
            return
        self.move(pointer)
        self._last = None
        self._target.commit("Brush stroke" if self.value else "Eraser stroke")

    def key(self, key: Key) -> bool:
        """Escape drops the stroke while it goes on."""
        if key is not Key.ESCAPE or not self.busy:
            return False
        self.cancel()
        return True

    def cancel(self) -> None:
        """Drop the stroke."""
        if self._last is not None:
            self._last = None
            self._target.abandon()

    def wheel(self, steps: float, pointer: Pointer) -> bool:  # noqa: ARG002
        """Change the radius."""
        self._settings.resize(steps)
        return True

    def guides(self, pointer: Pointer | None) -> tuple[Guide, ...]:
        """The outline of the brush."""
        return () if pointer is None else (Ring(pointer.point, self._settings.radius),)
