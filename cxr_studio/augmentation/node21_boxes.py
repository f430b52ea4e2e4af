"""NODE21's requested boxes: read, brought to pixels, and refused with file and box where they make no sense."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import ReadError
from cxr_studio.files import write_json
from cxr_studio.nodules.fitting import Frame

BOXES = "nodules.json"
KIND = "Multiple 2D bounding boxes"

Units = Literal["auto", "px", "mm"]

LONGEST_RATIO = 2.0
"""Largest ratio of a box's sides: a nodule is about as wide as it is high."""

SLACK = 0.5
"""Pixels by which a box may reach over the image's edge: coordinates of centres and of corners differ by so much."""

ALIGNED = 1e-3
"""Share of its longer side by which a box's corners may miss a rectangle."""


@dataclass(frozen=True)
class Box21:
    """One requested box as it stands in the file.

    Attributes:
        number: Its place in the file, from 1.
        corners: ``float64 [4, 3]``, each x, y, slice.
        file: Where it stands.
    """

    number: int
    corners: NDArray[np.float64]
    file: Path

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """``x0, y0, x1, y1`` in the file's unit."""
        (x0, y0), (x1, y1) = self.corners[:, :2].min(axis=0), self.corners[:, :2].max(axis=0)
        return float(x0), float(y0), float(x1), float(y1)

    @property
    def slice(self) -> int:
        """Number of the radiograph in the stack."""
        return round(float(self.corners[0, 2]))

    def refused(self, what: str) -> ReadError:
        """The fault of this box, with its file, number and place."""
        x0, y0, x1, y1 = self.edges
        place = f"box {self.number} (x {x0:g} to {x1:g}, y {y0:g} to {y1:g}, slice {self.corners[0, 2]:g})"
        return ReadError(f"{place} {what}", file=self.file, remedy="Correct it or leave it out")

    def check(self) -> None:
        """Refuse what is no box of one slice, whatever the stack.

        Raises:
            ReadError: no numbers, between slices, in several, not along the axes, of no size, or far from square.
        """
        if not np.isfinite(self.corners).all():
            raise self.refused("has a coordinate that is not a number")
        z = self.corners[:, 2]
        if (z != z[0]).any():
            raise self.refused("lies in several slices")
        if z[0] != round(float(z[0])):
            raise self.refused("lies between two slices")
        x0, y0, x1, y1 = self.edges
        width, height = x1 - x0, y1 - y0
        if min(width, height) <= 0:
            raise self.refused("has no size")
        wanted = np.array([[x0, y0], [x0, y1], [x1, y0], [x1, y1]])
        apart = np.abs(self.corners[:, None, :2] - wanted[None]).max(axis=2)
        if max(apart.min(axis=0).max(), apart.min(axis=1).max()) > ALIGNED * max(width, height):
            raise self.refused("is not a rectangle along the axes")


def read_boxes(path: Path) -> list[Box21]:
    """Read and check the boxes: four corners of x, y, z each; z is the slice.

    Raises:
        ReadError: missing, not "Multiple 2D bounding boxes", or a box that is none.
    """
    try:
        listed = [np.asarray(box["corners"], np.float64) for box in json.loads(path.read_text("utf-8"))["boxes"]]
    except FileNotFoundError as fault:
        raise ReadError("there is no such file", file=path, remedy="Put the boxes beside the stack") from fault
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise ReadError(f"the boxes are damaged ({fault})", file=path, remedy="Write them as NODE21 states") from fault
    for number, corners in enumerate(listed, 1):
        if corners.shape != (4, 3):
            what = f"box {number} does not have four corners of three numbers"
            raise ReadError(what, file=path, remedy="Write it as NODE21 states")
    boxes = [Box21(number, corners, path) for number, corners in enumerate(listed, 1)]
    for box in boxes:
        box.check()
    return boxes


@dataclass(frozen=True)
class Scale:
    """How a stack's boxes become pixels.

    Attributes:
        y: Units of the file a row.
        x: Units of the file a column.
        words: A sentence on the unit that was taken, and why.
    """

    y: float
    x: float
    words: str

    @classmethod
    def of(cls, units: Units, spacing: tuple[float, float] | None, stack: Path) -> Scale:
        """Settle the unit: asked for, or millimetres where there is spacing and pixels where there is none.

        Args:
            units: What was asked for.
            spacing: Millimetres per pixel ``(y, x)``, None where the stack has none.
            stack: Its file.

        Raises:
            ReadError: millimetres where the stack has no spacing.
        """
        if units == "px" or (units == "auto" and spacing is None):
            why = "as --units says" if units == "px" else "as it has no pixel spacing"
            return cls(1.0, 1.0, f"{stack.name}: boxes in pixels, {why}.")
        if spacing is None:
            what = "the stack has no pixel spacing, so boxes in millimetres have no place in it"
            raise ReadError(what, file=stack, remedy="Write the spacing into it, or give --units px")
        y, x = spacing
        why = "as --units says" if units == "mm" else f"as it has a spacing of {x:g} × {y:g} mm"
        other = "" if units == "mm" else "; --units px takes them for pixels"
        return cls(y, x, f"{stack.name}: boxes in millimetres from its first pixel, {why}{other}.")

    def frame(self, box: Box21, shape: tuple[int, int, int]) -> Frame:
        """The box in pixels of a stack ``[z, y, x]``.

        Raises:
            ReadError: it lies outside, or is far from square.
        """
        count, height, width = shape
        if not 0 <= box.slice < count:
            raise box.refused(f"asks for slice {box.slice} of {count}")
        x0, y0, x1, y1 = box.edges
        frame = y0 / self.y, x0 / self.x, y1 / self.y, x1 / self.x
        high, wide = frame[2] - frame[0], frame[3] - frame[1]
        if min(frame[:2]) < -SLACK or frame[2] > height + SLACK or frame[3] > width + SLACK:
            raise box.refused(f"does not lie in the image of {width} × {height} pixels ({self.words.rstrip('.')})")
        if max(high, wide) > LONGEST_RATIO * min(high, wide):
            raise box.refused(f"is {wide:.3g} × {high:.3g} pixels, far from square")
        return max(frame[0], 0.0), max(frame[1], 0.0), min(frame[2], float(height)), min(frame[3], float(width))


def write_boxes(path: Path, found: Sequence[tuple[int, tuple[int, int, int, int]]], scale: Scale) -> None:
    """Write what was drawn in the request's own format and unit: a detector's labels.

    Args:
        path: The file.
        found: Slice and rectangle ``y0, x0, y1, x1`` in pixels, half-open, of every nodule.
        scale: Of the request.

    Raises:
        WriteError: the file cannot be written.
    """
    boxes: list[dict[str, Any]] = []
    for index, (y0, x0, y1, x1) in found:
        left, right, top, bottom = x0 * scale.x, x1 * scale.x, y0 * scale.y, y1 * scale.y
        points = ((right, bottom), (left, bottom), (left, top), (right, top))
        boxes.append({"corners": [[round(x, 6), round(y, 6), index] for x, y in points]})
    write_json(path, {"type": KIND, "boxes": boxes, "version": {"major": 1, "minor": 0}})
