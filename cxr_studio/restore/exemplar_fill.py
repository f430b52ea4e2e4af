"""Filling one region with a donor window: the request on the working grid, the search, and the radiograph's pixels."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from cxr_studio.donors.bank import MM_PER_PIXEL, REFERENCE_SIDE, shipped_bank
from cxr_studio.donors.compose import Canvas
from cxr_studio.donors.exemplar import Donor, Limits, donors, window_of
from cxr_studio.donors.folder import folder_shelf
from cxr_studio.donors.library import Shelf
from cxr_studio.donors.own import own_plate
from cxr_studio.donors.plate import COARSE
from cxr_studio.donors.query import Query, query_of
from cxr_studio.events import CancelToken
from cxr_studio.masks.boxes import Box, bounding_box, cut, padded
from cxr_studio.masks.morphology import grow
from cxr_studio.masks.regions import Region
from cxr_studio.radiographs.grid import pixels_per, resampled
from cxr_studio.restore.classical import Mask, Unit, biharmonic_fill
from cxr_studio.restore.options import VARIATIONS, FillRequest

CONTEXT = 48
"""Image pixels around a region that the fill is given where no donor fits."""


@dataclass(frozen=True, eq=False)
class ExemplarFill:
    """A region filled with a donor.

    Attributes:
        box: The region with what is known around it, image pixels.
        unit: Unit values ``float32`` of the box, the region filled.
        donor: Where its pixels come from, a JSON object; None where no donor fits and a smooth surface fills it.
        soft: True where the donor is softer than the radiograph, so that it needs grain of every scale.
    """

    box: Box
    unit: Unit
    donor: dict[str, object] | None
    soft: bool


def exemplar_fill(request: FillRequest, region: Region, *, cancel: CancelToken) -> ExemplarFill:
    """Fill one region of a request with the window that fits best, or the one that its seed asks for.

    Raises:
        StudioError: the bank is missing, or the folder of donors has no index.
        Cancelled: through ``cancel``.
    """
    shape = request.mask.shape
    scale = pixels_per(MM_PER_PIXEL, REFERENCE_SIDE, shape=(shape[0], shape[1]), spacing=request.image.spacing)
    hole, unknown = _grown(request, region, request.options.grow * scale)
    image = resampled(request.image.unit_values((0, 0, *shape)), scale)
    query = query_of(image, _on_grid(hole, image.shape), _on_grid(unknown, image.shape))
    canvas = _canvas(request, hole, unknown, scale=scale, margin=ceil(query.ring * scale))
    cancel.raise_if_cancelled()
    shelves = [Shelf([own_plate(image, _on_grid(unknown, image.shape))]), *_shelves(request)]
    donor = _chosen(query, shelves, canvas, request=request, cancel=cancel)
    box = canvas.corner[0], canvas.corner[1], *np.add(canvas.corner, canvas.image.shape).tolist()
    if donor is None:
        box = padded(region.box, CONTEXT, shape)
        return ExemplarFill(box, biharmonic_fill(request.image.unit_values(box), unknown[cut(box)]), None, False)
    return ExemplarFill(box, donor.image, _stated(query, donor, region, scale), donor.soft)


def warm_up_donors() -> None:
    """Read the bank and transform its plates, so that the first stroke is answered as fast as the next."""
    shipped_bank().spectra(COARSE)


def _chosen(
    query: Query, shelves: list[Shelf], canvas: Canvas, *, request: FillRequest, cancel: CancelToken
) -> Donor | None:
    """The variation that the seed asks for, the last there is where there are not so many."""
    variation = request.options.seed if request.options.seed < VARIATIONS else 0
    without = frozenset({request.options.without} if request.options.without else ())
    limits = Limits(1, variation, without)
    found = donors(query, shelves, canvas=canvas, limits=limits, cancel=cancel)
    if not found and variation:
        found = donors(query, shelves, canvas=canvas, limits=Limits(variation, 0, without), cancel=cancel)
    return found[-1] if found else None


def _shelves(request: FillRequest) -> list[Shelf]:
    return [shipped_bank(), *([folder_shelf(request.options.donors)] if request.options.donors else [])]


def _grown(request: FillRequest, region: Region, radius: float) -> tuple[Mask, Mask]:
    """The region and every unknown pixel, grown as the options ask; at least one pixel stays known."""
    hole = np.zeros(request.mask.shape, bool)
    hole[cut(region.box)] = region.mask
    unknown = grow(request.mask, radius)
    if unknown.all():
        return hole, request.mask
    return grow(hole, radius), unknown


def _on_grid(mask: Mask, shape: tuple[int, ...]) -> Mask:
    """A mask on the working grid: a pixel is masked when any part of it is."""
    import cv2

    if mask.shape == shape:
        return mask
    shrinks = shape[0] < mask.shape[0]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(mask.astype(np.float32), (shape[1], shape[0]), interpolation=how) > 0)


def _canvas(request: FillRequest, hole: Mask, unknown: Mask, *, scale: float, margin: int) -> Canvas:
    """The window around a hole at the radiograph's own resolution."""
    box = padded(bounding_box(hole) or (0, 0, 1, 1), margin, hole.shape)
    whole = int(hole.shape[0]), int(hole.shape[1])

    def source(part: Box) -> Unit:
        return request.image.unit_values(part)

    return Canvas(source(box), hole[cut(box)], unknown[cut(box)], scale, box[:2], source, whole)


def _stated(query: Query, donor: Donor, region: Region, scale: float) -> dict[str, object]:
    """Where a region's pixels come from, as provenance keeps it: boxes in pixels of the files."""
    place = donor.fit.placement
    plate = place.plate
    larger = scale if plate.shelf == "own" else plate.scale
    return {
        "region": list(region.box),
        "source": plate.shelf,
        "file": plate.name,
        "sha256": plate.sha256,
        "box": [round(v * larger) for v in window_of(query, donor)],
        "mirrored": place.mirrored,
        "turn": place.turn,
        "zoom": place.zoom,
        "gain": round(donor.fit.gain, 4),
    }
