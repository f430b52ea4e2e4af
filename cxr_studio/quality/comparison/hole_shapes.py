"""What a panel's file says of a hole: a box, a circle, a brush stroke, or a mask's file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np

from cxr_studio.errors import StudioError
from cxr_studio.masks.boxes import Mask, clip, cut
from cxr_studio.masks.brush import Point, paint_disc, paint_segment
from cxr_studio.masks.files import load_mask

Kind = Literal["box", "circle", "stroke", "mask"]

SHAPES: tuple[Kind, ...] = ("box", "circle", "stroke", "mask")


@dataclass(frozen=True)
class HoleShape:
    """A hole as it is written down.

    Attributes:
        kind: "box" (two corners, half-open), "circle" (its centre), "stroke" (points of a dragged brush) or "mask".
        points: ``(y, x)`` in image pixels; none for a mask's file.
        radius: Of circle and brush, pixels.
        file: The mask's file.
    """

    kind: Kind
    points: tuple[Point, ...] = ()
    radius: float = 0.0
    file: str = ""

    def paint(self, shape: tuple[int, int]) -> Mask:
        """The hole on an image of this ``(height, width)``, read-only; what lies beyond the image is cut off.

        Raises:
            ReadError: the mask's file cannot be read or has another size.
            StudioError: nothing of the hole lies on the image.
        """
        mask = load_mask(self.file, shape) if self.kind == "mask" else np.zeros(shape, bool)
        if self.kind == "box":
            (y0, x0), (y1, x1) = self.points
            mask[cut(clip((round(y0), round(x0), round(y1), round(x1)), shape))] = True
        elif self.kind == "circle":
            paint_disc(mask, self.points[0], radius=self.radius)
        elif self.kind == "stroke":
            for start, end in zip(self.points, self.points[1:] or self.points, strict=False):
                paint_segment(mask, start, end, radius=self.radius)
        if not mask.any():
            raise StudioError(f"the {self.kind} lies outside the image", remedy="Give a place on the radiograph")
        mask.setflags(write=False)
        return mask

    def as_toml(self) -> str:
        """The entry of a panel's file."""
        if self.kind == "mask":
            return f"mask = {json.dumps(self.file)}"
        numbers = [f"{value:g}" for point in self.points for value in point]
        if self.kind == "stroke":
            pairs = ", ".join(f"[{y:g}, {x:g}]" for y, x in self.points)
            return f"stroke = {{ points = [{pairs}], radius = {self.radius:g} }}"
        return f"{self.kind} = [{', '.join(numbers + ([f'{self.radius:g}'] if self.kind == 'circle' else []))}]"


def shape_from(entry: dict[str, Any], beside: Path) -> HoleShape:
    """Read the hole of a case's entry.

    Args:
        entry: The case's table.
        beside: Folder in which a mask without a full path lies.

    Raises:
        ValueError: none or several shapes, or numbers that make none.
    """
    given = [kind for kind in SHAPES if kind in entry]
    if len(given) != 1:
        raise ValueError(f"a case needs one of {', '.join(SHAPES)}, not {len(given)}")
    kind = given[0]
    if kind == "mask":
        return HoleShape("mask", file=str((beside / str(entry["mask"])).resolve()))
    if kind == "stroke":
        points = tuple((float(y), float(x)) for y, x in entry["stroke"]["points"])
        return _checked(HoleShape("stroke", points, float(entry["stroke"]["radius"])), kind)
    numbers = [float(value) for value in cast(list[float], entry[kind])]
    if len(numbers) != (4 if kind == "box" else 3):
        raise ValueError("a box is [y0, x0, y1, x1], a circle [y, x, radius]")
    if kind == "circle":
        return _checked(HoleShape("circle", ((numbers[0], numbers[1]),), numbers[2]), kind)
    if not (numbers[0] < numbers[2] and numbers[1] < numbers[3]):
        raise ValueError("a box's second corner lies above or left of its first")
    return HoleShape("box", ((numbers[0], numbers[1]), (numbers[2], numbers[3])))


def _checked(shape: HoleShape, kind: str) -> HoleShape:
    if not shape.points or not shape.radius > 0:
        raise ValueError(f"a {kind} needs a point and a radius above 0")
    return shape
