"""The interface of NODE21's generation track: a stack of radiographs and boxes in, the stack with nodules out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.augmentation.node21_boxes import BOXES, Box21, Scale, Units, read_boxes, write_boxes
from cxr_studio.datasets.outputs import refuse_collisions
from cxr_studio.errors import GeneratorError, ReadError, WriteError
from cxr_studio.events import Progress, silent
from cxr_studio.files import replaced
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import Box, bounding_box
from cxr_studio.nodules.answering import draw_nodule
from cxr_studio.nodules.export import nodule_title, request_for
from cxr_studio.nodules.fitting import Frame, faded, fitted_into
from cxr_studio.nodules.placement import Placement, pixel_mm
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.radiograph import Radiograph, Source
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing, SpacingOrigin

LOOK = Placement(0.0, 0.0, 30.0)


@dataclass(frozen=True)
class Written:
    """What came of a stack.

    Attributes:
        stack: The file with the nodules.
        boxes: The file with the extents that were drawn.
        words: A sentence on the unit in which the request's boxes were taken.
    """

    stack: Path
    boxes: Path
    words: str


@dataclass(frozen=True, eq=False)
class _Stack:
    """A stack with its nodules settled, before anything is drawn."""

    path: Path
    image: Any
    values: NDArray[Any]
    spacing: Spacing
    scale: Scale
    placements: tuple[tuple[int, Frame, Placement], ...]


def generate(
    source: Path, out: Path, *, look: Placement = LOOK, units: Units = "auto", progress: Progress = silent
) -> list[Written]:
    """Draw one nodule into every requested box of every stack in a folder; all is checked before anything is drawn.

    A nodule's silhouette lies inside its box, and no pixel outside the box changes.

    Args:
        source: Folder with one or more ``.mha`` stacks ``[z, y, x]`` and ``nodules.json``.
        out: Folder for stacks of the same name, shape, type, spacing, origin and direction, each with the boxes that
            were drawn: ``nodules.json``, or ``NAME-nodules.json`` for several stacks.
        look: Seed, generator and contrast of the nodules; place and diameter come from the boxes.
        units: Of the boxes; "auto" takes millimetres where a stack has spacing and pixels where it has none.
        progress: Called after every nodule.

    Returns:
        What was written.

    Raises:
        StudioError: no stack, one of another dimension, no boxes, a box that cannot be met, or values that are no
            whole numbers of 16 bits.
    """
    paths = sorted(source.glob("*.mha"))
    if not paths:
        raise ReadError("the folder holds no .mha stack", file=source, remedy="Put the radiographs there")
    outputs = {p: (out / p.name, out / (BOXES if len(paths) == 1 else f"{p.stem}-{BOXES}")) for p in paths}
    refuse_collisions(outputs.items(), kept=[source / BOXES])
    boxes = read_boxes(source / BOXES)
    stacks = [_settled(path, boxes, look=look, units=units) for path in paths]
    total, done, written = max(1, len(boxes) * len(stacks)), 0, []
    for stack in stacks:
        drawn, found = stack.values.copy(), {}
        for number, extent in _draw(stack, drawn):
            found[number] = stack.placements[number][0], extent
            done += 1
            progress(done / total, f"nodule {done} of {total}")
        _write(stack, drawn, outputs[stack.path][0])
        write_boxes(outputs[stack.path][1], [found[k] for k in sorted(found)], stack.scale)
        written.append(Written(*outputs[stack.path], stack.scale.words))
    return written


def _settled(path: Path, boxes: Sequence[Box21], *, look: Placement, units: Units) -> _Stack:
    image, values = _read(path)
    x, y = image.GetSpacing()[:2]
    known = (x, y) != (1.0, 1.0)
    spacing = Spacing(y, x, SpacingOrigin.AT_DETECTOR) if known else UNKNOWN_SPACING
    scale = Scale.of(units, (y, x) if known else None, path)
    millimetres = pixel_mm(spacing, (values.shape[1], values.shape[2]))
    placements, order = [], dict.fromkeys(range(len(values)), 0)
    for box in boxes:
        frame = scale.frame(box, (values.shape[0], values.shape[1], values.shape[2]))
        seed = look.seed * 100_003 + box.slice + order[box.slice]
        order[box.slice] += 1
        try:
            placement = fitted_into(frame, replace(look, seed=seed), mm_per_pixel=millimetres)
        except GeneratorError as fault:
            raise box.refused(f"cannot be filled: {fault.what}") from fault
        placements.append((box.slice, frame, placement))
    return _Stack(path, image, values, spacing, scale, tuple(placements))


def _read(path: Path) -> tuple[Any, NDArray[Any]]:
    """A stack and its values ``[z, y, x]``."""
    import SimpleITK as sitk

    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    try:
        image = sitk.ReadImage(str(path))
    except RuntimeError as fault:
        raise ReadError("the stack cannot be read", file=path, remedy="Copy it again") from fault
    if image.GetNumberOfComponentsPerPixel() != 1:
        raise ReadError("the stack is in colour", file=path, remedy="Give grey radiographs")
    dimensions = image.GetDimension()
    if dimensions not in (2, 3):
        what = f"the stack has {dimensions} dimensions, and a stack of radiographs has three (x, y, slice)"
        raise ReadError(what, file=path, remedy="Write it with three")
    values = sitk.GetArrayFromImage(image)
    return image, values[None] if dimensions == 2 else values


def _draw(stack: _Stack, drawn: NDArray[Any]) -> Iterator[tuple[int, Box]]:
    """Draw slice after slice into ``drawn``; gives number and silhouette's rectangle of every nodule."""
    for index in sorted({index for index, _, _ in stack.placements}):
        session = Session(_radiograph(stack, index))
        for number, (own, frame, placement) in enumerate(stack.placements):
            if own == index:
                yield number, _add(session, placement, frame)
        drawn[index] = session.composite.astype(drawn.dtype)


def _add(session: Session, placement: Placement, frame: Frame) -> Box:
    placed = faded(draw_nodule(request_for(session, placement)), session.composite, frame)
    shape = session.radiograph.shape
    session.add(placed, nodule_title(placement, session))
    return bounding_box(placed.drawn.whole(shape)) or (0, 0, 0, 0)


def _radiograph(stack: _Stack, index: int) -> Radiograph:
    stored = _stored(stack.values[index], stack.path)
    bits = 8 * stored.dtype.itemsize
    return Radiograph(stored, linear_greyscale(stored.dtype, bits), stack.spacing, Source(None, "mha", "", bits))


def _stored(values: NDArray[Any], path: Path) -> NDArray[Any]:
    if values.dtype in (np.uint8, np.uint16, np.int16):
        return np.ascontiguousarray(values)
    low, high = float(values.min()), float(values.max())
    dtype = np.uint16 if low >= 0 else np.int16
    limits = np.iinfo(dtype)
    if not (limits.min <= low and high <= limits.max and (values % 1 == 0).all()):
        what = f"the stack's values ({low:g} to {high:g}) are not 16-bit whole numbers"
        raise ReadError(what, file=path, remedy="Convert it first")
    return values.astype(dtype)


def _write(stack: _Stack, drawn: NDArray[Any], out: Path) -> None:
    import SimpleITK as sitk

    result = sitk.GetImageFromArray(drawn[0] if stack.image.GetDimension() == 2 else drawn)
    result.CopyInformation(stack.image)
    try:
        with replaced(out) as beside:
            sitk.WriteImage(result, str(beside), useCompression=True, imageIO="MetaImageIO")
    except RuntimeError as fault:
        raise WriteError("the stack cannot be written", file=out, remedy="Check the folder") from fault
