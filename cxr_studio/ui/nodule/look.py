"""How the next or selected nodule looks, and the ways to change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from cxr_studio.nodules.ct_library import Profile
from cxr_studio.nodules.margin import Margin
from cxr_studio.nodules.placement import CONTRASTS, DIAMETERS_PX, Background, Placement
from cxr_studio.nodules.subtlety import GRADES
from cxr_studio.nodules.ways import Way, way_index

T = TypeVar("T")

STEP = 1.06
"""Factor on the diameter of a notch of the wheel."""

FIRST = Placement(0.0, 0.0, 30.0)
"""The look of the first nodule."""


class NoduleLook(QObject):
    """Size, contrast, turn, margin, density, subtlety and shape.

    Signals:
        changed: The look, or what is selected, changed.

    Attributes:
        look: The look, as a placement.
        ways: In which nodules can be drawn.
    """

    changed = Signal()

    def __init__(self, ways: tuple[Way, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ways = ways
        self.look = FIRST

    def resize(self, steps: float) -> None:
        """Change the diameter of the selected nodule, or of the next."""
        low, high = DIAMETERS_PX
        self.adjust(diameter=round(min(max(self.look.diameter * STEP**steps, low), high), 1))

    def scale_contrast(self, factor: float) -> None:
        """Make it denser or subtler."""
        low, high = CONTRASTS
        self.adjust(contrast=round(min(max(self.look.contrast * factor, low), high), 2))

    def turn(self, degrees: float) -> None:
        """Turn it in the image plane."""
        self.adjust(angle=(self.look.angle + degrees) % 360)

    def reshape(self) -> None:
        """Take another shape: the next one of the strip where one of them is picked, else by another seed."""
        if self.look.shape_seed is None:
            self.adjust(seed=self.look.seed + 1)
        else:
            self.pick_shape(self.look.shape_seed + 1)

    def pick_shape(self, seed: int | None) -> None:
        """Give it a shape of the strip, whatever its size; None lets its own seed choose one that fits its size."""
        self._adjusted({"shape_seed": seed})

    def adjust(
        self,
        *,
        diameter: float | None = None,
        contrast: float | None = None,
        angle: float | None = None,
        seed: int | None = None,
    ) -> None:
        """Change the selected nodule, or the next; changes in quick succession are one step.

        A contrast that is chosen takes back a grade of subtlety.
        """
        wanted = {"diameter": diameter, "contrast": contrast, "angle": angle, "seed": seed}
        changes: dict[str, object] = {name: value for name, value in wanted.items() if value is not None}
        if contrast is not None:
            changes["subtlety"] = None
        self._adjusted(changes)

    def flip(self) -> None:
        """Mirror it."""
        self._adjusted({"mirror": not self.look.mirror})

    def set_generator(self, generator: str, background: Background) -> None:
        """Choose what draws it, and what stands behind it."""
        self._adjusted({"generator": generator, "background": background})

    def next_way(self) -> None:
        """Draw it in the next way of the list, after the last one in the first."""
        if self.ways:
            way = self.ways[(way_index(self.ways, self.look) + 1) % len(self.ways)]
            self.set_generator(way.generator, way.background)

    def set_profile(self, profile: Profile | None) -> None:
        """Choose its density; None for any."""
        self._adjusted({"profile": profile})

    def set_margin(self, margin: Margin | None) -> None:
        """Choose its margin; None for any."""
        self._adjusted({"margin": margin})

    def set_subtlety(self, grade: int | None) -> None:
        """Ask for a grade of subtlety, which the contrast then follows; None for any, at physical contrast."""
        self._adjusted({"subtlety": grade} if grade else {"subtlety": None, "contrast": FIRST.contrast})

    def next_margin(self) -> None:
        """The next margin, after the last one any."""
        self.set_margin(_after(self.look.margin, (None, *Margin)))

    def next_profile(self) -> None:
        """The next density, after the last one any."""
        self.set_profile(_after(self.look.profile, (None, *Profile)))

    def next_subtlety(self) -> None:
        """The next grade of subtlety, after the last one any."""
        self.set_subtlety(_after(self.look.subtlety, (None, *GRADES)))

    def _adjusted(self, changes: dict[str, object]) -> None:
        self.look = replace(self.look, **changes)  # type: ignore[arg-type]
        self.changed.emit()


def _after(value: T, values: Sequence[T]) -> T:
    return values[(values.index(value) + 1) % len(values)]
