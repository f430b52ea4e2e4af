"""A field: the part of an image around one hole, on a network's own pixel grid."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from cxr_studio.errors import GeneratorError
from cxr_studio.masks.boxes import Box, clip, cut
from cxr_studio.networks.card import Card
from cxr_studio.radiographs.grid import pixels_per
from cxr_studio.radiographs.spacing import Spacing
from cxr_studio.restore.classical import Mask, Unit, biharmonic_fill


@dataclass(frozen=True, eq=False)
class Field:
    """A region's surroundings on the network's grid.

    Attributes:
        box: Image pixels that the field shows, cut to the image.
        image: ``float32 [h, w]`` unit values with every unknown pixel filled roughly.
        hole: ``bool [h, w]``, True = unknown.
        inner: Where ``box`` lies inside the field, the rest being mirrored.
    """

    box: Box
    image: Unit
    hole: Mask
    inner: Box


def grid_scale(card: Card, shape: tuple[int, int], spacing: Spacing) -> float:
    """Image pixels per network pixel: by millimetres where the spacing is known, else by the longest side.

    Raises:
        GeneratorError: the network was trained on whole radiographs, and has no pixel size of its own.
    """
    if not card.reference_side:
        what = f"'{card.name}' was trained on whole radiographs of {card.input_side} pixels and fills no hole elsewhere"
        raise GeneratorError(what, remedy="Choose another generator")
    return pixels_per(card.mm_per_pixel, card.reference_side, shape=shape, spacing=spacing)


def cut_field(image: Unit, mask: Mask, region: Box, *, side: int, scale: float) -> Field:
    """Cut the field around a region: its centre, at least ``side`` network pixels a side and half a side of margin.

    Args:
        image: Whole image in unit values, or the part of it that ``mask`` covers.
        mask: Every unknown pixel of the image.
        region: The region's box in image pixels.
        side: Input side of the network in its own pixels.
        scale: Image pixels per network pixel.
    """
    wanted = [_span(region[k], region[k + 2], side, scale) for k in (0, 1)]
    whole = wanted[0][0], wanted[1][0], wanted[0][1], wanted[1][1]
    box = clip(whole, image.shape)
    part, hole = image[cut(box)], mask[cut(box)]
    if scale != 1.0:
        size = max(2, round((box[3] - box[1]) / scale)), max(2, round((box[2] - box[0]) / scale))
        part, hole = _resampled(part, hole, size)
    part = biharmonic_fill(part, hole)
    lengths = [max(side, ceil((w[1] - w[0]) / scale)) for w in wanted]
    before = [min(round((box[k] - whole[k]) / scale), lengths[k] - part.shape[k]) for k in (0, 1)]
    after = [lengths[k] - part.shape[k] - before[k] for k in (0, 1)]
    inner = before[0], before[1], before[0] + part.shape[0], before[1] + part.shape[1]
    return Field(box, _mirrored(part, before, after), _surrounded(hole, before, after), inner)


def to_image_grid(field: Field, filled: Unit) -> Unit:
    """Bring a filled field back to the image pixels of ``field.box``."""
    import cv2

    part = filled[cut(field.inner)]
    height, width = field.box[2] - field.box[0], field.box[3] - field.box[1]
    if part.shape == (height, width):
        return part
    return np.asarray(cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC))


def _span(start: int, end: int, side: int, scale: float) -> tuple[int, int]:
    """First and last image pixel of the field along one axis, a whole number of network pixels centred on the hole."""
    length = max(side, ceil((end - start) / scale) + side) if (end - start) / scale > side / 2 else side
    reach = round(length * scale)
    first = (start + end) // 2 - reach // 2
    return first, first + reach


def _resampled(part: Unit, hole: Mask, size: tuple[int, int]) -> tuple[Unit, Mask]:
    """Resample known pixels alone, by area when shrinking; a network pixel is unknown when any of it is."""
    import cv2

    shrinks = size[0] < part.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    if not shrinks:
        part = biharmonic_fill(part, hole)
    known = cv2.resize((~hole).astype(np.float32), size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    values = np.where(hole, np.float32(0), part) if shrinks else part
    small = cv2.resize(values, size, interpolation=how)
    image = small / np.maximum(known, 1e-6) if shrinks else small
    return np.asarray(image, np.float32), np.asarray(known < 0.999)


def _mirrored(part: Unit, before: list[int], after: list[int]) -> Unit:
    if not any((*before, *after)):
        return part
    widths = [(max(0, before[k]), max(0, after[k])) for k in (0, 1)]
    mode = "symmetric" if min(part.shape) > 1 else "edge"
    return np.asarray(np.pad(part, widths, mode=mode))  # type: ignore[call-overload]


def _surrounded(hole: Mask, before: list[int], after: list[int]) -> Mask:
    widths = [(max(0, before[k]), max(0, after[k])) for k in (0, 1)]
    return np.pad(hole, widths)
