"""Donors computed ahead: what a network that repairs composites is trained on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cxr_studio.donors.exemplar import Limits, donors
from cxr_studio.donors.library import Shelf
from cxr_studio.donors.own import own_plate
from cxr_studio.donors.plate import Unit
from cxr_studio.donors.query import query_of
from cxr_studio.events import CancelToken
from cxr_studio.masks.boxes import Box, Mask, bounding_box, cut
from cxr_studio.networks import biharmonic

SOLVED = 72
"""Longest side in pixels of a hole whose smooth fill is solved exactly; a larger one gets the membrane."""


@dataclass(frozen=True, eq=False)
class Sample:
    """One hole with its donors.

    Attributes:
        box: The window in the radiograph: the hole with at least ``margin`` pixels around it, within the image.
        hole: Pixels to fill ``bool [h, w]``.
        truth: What was there ``float32 [h, w]``, unit values.
        smooth: The biharmonic fill ``float32 [h, w]`` (a hole of more than 72 pixels: the membrane).
        donors: The best composites, best first ``float32 [k, h, w]``; k may be less than was asked for.
        scores: Their scores ``float [k]``; smaller is better.
        sources: File names they come from, "" for the radiograph itself.
    """

    box: Box
    hole: Mask
    truth: Unit
    smooth: Unit
    donors: Unit
    scores: tuple[float, ...]
    sources: tuple[str, ...]


def samples(
    image: Unit, holes: Sequence[Mask], shelves: Sequence[Shelf], *, limits: Limits, margin: int = 32
) -> Iterator[Sample]:
    """Fill holes of one radiograph with donors, one hole at a time, the others counting as known.

    Args:
        image: Unit values ``float32 [H, W]`` on the working grid (the longest side 1024, or 0.4 mm a pixel).
        holes: Masks ``bool [H, W]``, each one region.
        shelves: The bank and whatever else; the radiograph itself is added. Its patient belongs in
            ``limits.without``.
        limits: How many donors a hole, and from whom not.
        margin: Known pixels around a hole that a sample shows at least.

    Yields:
        A sample for every hole for which there is a donor.
    """
    for hole in holes:
        query = query_of(image, hole, hole)
        found = donors(query, [Shelf([own_plate(image, hole)]), *shelves], limits=limits, cancel=CancelToken())
        if not found:
            continue
        box = _wide(hole, margin)
        own, truth = hole[cut(box)], np.asarray(image[cut(box)], np.float32)
        top, left = query.box[0] - box[0], query.box[1] - box[1]
        laid = np.repeat(truth[None], len(found), axis=0)
        for each, donor in zip(laid, found, strict=True):
            window = np.full(box_shape(box), np.nan, np.float32)
            _paste(window, donor.image, (top, left))
            each[own] = window[own]
        yield Sample(
            box,
            own,
            truth,
            smooth_fill(truth, own),
            laid,
            tuple(donor.score for donor in found),
            tuple(donor.fit.placement.plate.name for donor in found),
        )


def smooth_fill(image: Unit, hole: Mask) -> Unit:
    """The biharmonic fill, or for a hole of more than 72 pixels a side the membrane."""
    from cxr_studio.donors.membrane import membrane

    box = bounding_box(hole)
    if box is None or max(box[2] - box[0], box[3] - box[1]) <= SOLVED:
        return biharmonic.fill(image, hole)
    return membrane(image, hole)


def box_shape(box: Box) -> tuple[int, int]:
    """Rows and columns of a box."""
    return box[2] - box[0], box[3] - box[1]


def _wide(hole: Mask, margin: int) -> Box:
    from cxr_studio.masks.boxes import padded

    box = bounding_box(hole)
    return padded(box or (0, 0, 1, 1), margin, hole.shape)


def _paste(window: Unit, image: Unit, corner: tuple[int, int]) -> None:
    """Lay an image into a window at a corner that may lie outside."""
    top, left = corner
    rows = slice(max(top, 0), min(top + image.shape[0], window.shape[0]))
    columns = slice(max(left, 0), min(left + image.shape[1], window.shape[1]))
    window[rows, columns] = image[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
