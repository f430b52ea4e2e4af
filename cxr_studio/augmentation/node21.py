"""The interface of NODE21's generation track: a stack of radiographs and boxes in, the stack with nodules out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import ReadError, StudioError, WriteError
from cxr_studio.events import Progress, silent
from cxr_studio.files import replaced
from cxr_studio.inpainting.session import Session
from cxr_studio.nodules.export import add_nodule
from cxr_studio.nodules.placement import DIAMETERS_PX, Placement
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.radiograph import Radiograph, Source
from cxr_studio.radiographs.spacing import Spacing, SpacingOrigin

BOXES = "nodules.json"


LOOK = Placement(0.0, 0.0, 30.0)


@dataclass(frozen=True)
class Box21:
    """One requested box.

    Attributes:
        slice: Number of the radiograph in the stack.
        x0: Left edge in pixels.
        y0: Upper edge.
        x1: Right edge.
        y1: Lower edge.
    """

    slice: int
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def diameter(self) -> float:
        """Of a nodule fitted to the box: the mean of its sides, pixels."""
        return ((self.x1 - self.x0) + (self.y1 - self.y0)) / 2


def generate(source: Path, out: Path, *, look: Placement = LOOK, progress: Progress = silent) -> list[Path]:
    """Draw one nodule into every requested box of every stack in a folder.

    Args:
        source: Folder with one or more ``.mha`` stacks ``[z, y, x]`` and ``nodules.json``.
        out: Folder for stacks of the same name, shape, type, spacing, origin and direction.
        look: Seed, generator and contrast of the nodules; place and diameter come from the boxes.
        progress: Called after every box.

    Returns:
        The files written.

    Raises:
        StudioError: no stack, no boxes, a box outside, or values that are no whole numbers of 16 bits.
    """
    stacks = sorted(source.glob("*.mha"))
    if not stacks:
        raise ReadError("the folder holds no .mha stack", file=source, remedy="Put the radiographs there")
    boxes = read_boxes(source / BOXES)
    return [_one(stack, boxes, out / stack.name, look=look, progress=progress) for stack in stacks]


def read_boxes(path: Path) -> list[Box21]:
    """Read the boxes: four corners of x, y, z each; z is the slice.

    Raises:
        ReadError: missing, or not "Multiple 2D bounding boxes".
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["boxes"]
        corners = [np.asarray(box["corners"], np.float64) for box in found]
        if any(each.shape != (4, 3) for each in corners):
            raise ValueError("a box has not four corners of three numbers")
    except FileNotFoundError as fault:
        raise ReadError("there is no such file", file=path, remedy="Put the boxes beside the stack") from fault
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise ReadError(f"the boxes are damaged ({fault})", file=path, remedy="Write them as NODE21 states") from fault
    return [Box21(round(float(c[0, 2])), *c[:, :2].min(axis=0), *c[:, :2].max(axis=0)) for c in corners]


def _one(stack: Path, boxes: Sequence[Box21], out: Path, *, look: Placement, progress: Progress) -> Path:
    import SimpleITK as sitk

    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    try:
        image = sitk.ReadImage(str(stack))
    except RuntimeError as fault:
        raise ReadError("the stack cannot be read", file=stack, remedy="Copy it again") from fault
    values = sitk.GetArrayFromImage(image)
    flat = values.ndim == 2
    volume = values[None] if flat else values
    drawn = volume.copy()
    spacing = Spacing(image.GetSpacing()[1], image.GetSpacing()[0], SpacingOrigin.AT_DETECTOR)
    for index in sorted({box.slice for box in boxes}):
        if not 0 <= index < len(volume):
            raise StudioError(f"a box asks for slice {index} of {len(volume)}", file=stack, remedy=f"Mend {BOXES}")
        own = [box for box in boxes if box.slice == index]
        drawn[index] = _slice(volume[index], own, spacing, look=replace(look, seed=look.seed * 100_003 + index))
        progress((index + 1) / len(volume), f"radiograph {index + 1} of {len(volume)}")
    result = sitk.GetImageFromArray(drawn[0] if flat else drawn)
    result.CopyInformation(image)
    try:
        with replaced(out) as beside:
            sitk.WriteImage(result, str(beside), useCompression=True, imageIO="MetaImageIO")
    except RuntimeError as fault:
        raise WriteError("the stack cannot be written", file=out, remedy="Check the folder") from fault
    return out


def _slice(values: NDArray[Any], boxes: Sequence[Box21], spacing: Spacing, *, look: Placement) -> NDArray[Any]:
    """One radiograph with its nodules, in its own type."""
    stored = _stored(values)
    bits = 8 * stored.dtype.itemsize
    known = spacing if (spacing.y, spacing.x) != (1.0, 1.0) else Spacing(None, None, SpacingOrigin.UNKNOWN)
    session = Session(Radiograph(stored, linear_greyscale(stored.dtype, bits), known, Source(None, "mha", "", bits)))
    low, high = DIAMETERS_PX
    for number, box in enumerate(boxes):
        diameter = float(np.clip(box.diameter, low, high))
        y, x = (box.y0 + box.y1) / 2, (box.x0 + box.x1) / 2
        add_nodule(session, replace(look, y=y, x=x, diameter=diameter, seed=look.seed + number))
    return session.composite.astype(values.dtype)


def _stored(values: NDArray[Any]) -> NDArray[Any]:
    if values.dtype in (np.uint8, np.uint16, np.int16):
        return np.ascontiguousarray(values)
    low, high = float(values.min()), float(values.max())
    dtype = np.uint16 if low >= 0 else np.int16
    limits = np.iinfo(dtype)
    if not (limits.min <= low and high <= limits.max and (values % 1 == 0).all()):
        raise StudioError(
            f"the stack's values ({low:g} to {high:g}) are no whole numbers of 16 bits", remedy="Convert it first"
        )
    return values.astype(dtype)
