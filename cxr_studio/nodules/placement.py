"""Where a nodule goes and how it looks: frozen, plain, enough to make it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from cxr_studio.errors import GeneratorError
from cxr_studio.generation.request import Request
from cxr_studio.nodules.built_in import SUPERPOSITION
from cxr_studio.nodules.ct_library import Profile
from cxr_studio.nodules.margin import Margin
from cxr_studio.nodules.subtlety import GRADES
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.spacing import Spacing

Background = Literal["kept", "drawn"]
"""What stands behind a nodule that a network draws."""

DIAMETERS_PX = (5.0, 256.0)
"""Smallest and largest diameter in pixels."""

CONTRASTS = (0.1, 4.0)
"""Range of contrast."""

CHEST_MM = 400.0
"""Longest side of a chest radiograph in mm, assumed for a nodule's thickness where the spacing is unknown."""


@dataclass(frozen=True)
class Placement:
    """One nodule.

    Attributes:
        y: Row of its centre.
        x: Column of its centre.
        diameter: Of its silhouette, pixels: mean axis of the ellipse with the same second moments.
        seed: Chooses template, direction of view and everything else random.
        contrast: Its contrast over that of the same tissue in this radiograph: 1 as X-rays would show it, less is
            subtler, more is denser.
        angle: Turned by so many degrees in the image plane.
        mirror: Mirrored left to right before turning.
        profile: Density class of the template; None for any.
        generator: What draws it.
        background: What stands behind a nodule that a network draws: the radiograph's own lung ("kept"), or lung
            that the default restore generator fills ("drawn").
        shape_seed: Chooses its shape whatever its size; None where the seed chooses it, fitting to the size.
        margin: Of its silhouette: shapes are drawn until one has it; None for any.
        subtlety: Grade that was asked for, 1 (hardly visible) to 5 (obvious), see ``nodules.subtlety``; ``contrast``
            is what reaches it. None where the contrast was chosen.
    """

    y: float
    x: float
    diameter: float
    seed: int = 0
    contrast: float = 1.0
    angle: float = 0.0
    mirror: bool = False
    profile: Profile | None = None
    generator: str = SUPERPOSITION
    background: Background = "kept"
    shape_seed: int | None = None
    margin: Margin | None = None
    subtlety: int | None = None

    @staticmethod
    def of_older(stated: Mapping[str, Any]) -> dict[str, Any]:
        """Options as they are named now: before version 0.2 the contrast was called subtlety."""
        values = dict(stated)
        if "contrast" not in values and "subtlety" in values:
            values["contrast"] = values.pop("subtlety")
        return values

    def check(self, shape: tuple[int, int]) -> None:
        """Refuse what cannot be drawn.

        Raises:
            GeneratorError: outside the image, or a diameter or contrast out of range.
        """
        if not (0 <= self.y < shape[0] and 0 <= self.x < shape[1]):
            raise GeneratorError("the nodule's centre lies outside the image", remedy="Place it on the image")
        for name, value, (low, high) in (
            ("diameter", self.diameter, DIAMETERS_PX),
            ("contrast", self.contrast, CONTRASTS),
        ):
            if not low <= value <= high:
                raise GeneratorError(f"a nodule's {name} of {value:g} is not between {low:g} and {high:g}")
        if self.subtlety is not None and self.subtlety not in GRADES:
            raise GeneratorError(f"there is no subtlety of {self.subtlety}", remedy="Choose 1 to 5")


NoduleRequest = Request[Placement]
"""A nodule to draw into an image; it needs no region beside its placement."""


def pixel_mm(spacing: Spacing, shape: tuple[int, int]) -> float:
    """Millimetres per pixel, taken from an assumed chest where unknown: only a nodule's thickness depends on it."""
    if spacing.y is not None and spacing.x is not None:
        return float(np.sqrt(spacing.y * spacing.x))
    return CHEST_MM / max(shape)


def diameter_pixels(text: str, radiograph: Radiograph) -> float:
    """Read a diameter as a user writes it: ``12mm`` or ``40px``.

    Raises:
        GeneratorError: no number or no unit.
        SpacingUnknown: millimetres where the radiograph does not say what a pixel is.
    """
    words = text.strip().lower()
    unit = words[-2:]
    try:
        value = float(words[:-2])
    except ValueError:
        value = float("nan")
    if unit not in ("mm", "px") or not value > 0:
        raise GeneratorError(f"the diameter {text!r} is not understood", remedy="Write it like 12mm or 40px")
    if unit == "px":
        return value
    y, x = radiograph.spacing.require()
    return float(value / np.sqrt(y * x))
