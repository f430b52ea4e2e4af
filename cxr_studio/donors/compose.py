"""Laying a fitted donor into a hole: its pixels at the hole's resolution, its noise, and a gradient-domain blend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cxr_studio.donors.align import Fit
from cxr_studio.donors.membrane import membrane
from cxr_studio.donors.plate import Unit
from cxr_studio.donors.query import Query
from cxr_studio.masks.boxes import Box, Mask, clip

SPLIT = 1.0
"""Standard deviation in pixels that separates shades, taken between pixels, from noise, taken pixel by pixel:
interpolated noise would be weaker than that of the surroundings."""

LARGER = 1.2
"""Pixels of the canvas per pixel of a donor beyond which the donor has no noise of the canvas's scale."""

BLURRED = 0.6
"""Standard deviation of the Gaussian that is as blurred as enlarged pixels are, pixels before enlarging."""

NOISE = (0.5, 1.8)
"""Least and largest factor by which a donor's noise is brought to that of the surroundings."""

TRIMMED = 0.02
"""Share of the strongest values that are edges and not noise."""


@dataclass(frozen=True, eq=False)
class Canvas:
    """The window of a query at the resolution of its radiograph.

    Attributes:
        image: Unit values ``float32 [h, w]``.
        hole: Pixels to fill.
        unknown: Pixels that are no measurement.
        scale: Pixels of the radiograph per working pixel.
        corner: The window's first pixel in the radiograph.
        source: Unit values of a box of the radiograph, from which its own windows are taken; None takes the plate's.
        whole: Rows and columns of the radiograph.
    """

    image: Unit
    hole: Mask
    unknown: Mask
    scale: float = 1.0
    corner: tuple[int, int] = (0, 0)
    source: Callable[[Box], Unit] | None = None
    whole: tuple[int, int] = (0, 0)


def canvas_of(query: Query) -> Canvas:
    """The working grid itself as the canvas."""
    return Canvas(query.image, query.hole, query.unknown, 1.0, query.box[:2], None, query.whole)


def blended(canvas: Canvas, donor: Unit) -> Unit:
    """Lay a donor's pixels into the hole: the difference at the border is carried inward by a membrane.

    Returns:
        Unit values ``float32`` of the canvas; equal to its image outside the hole.
    """
    gap = np.where(canvas.unknown, np.float32(0), canvas.image - donor)
    return np.where(canvas.hole, donor + membrane(gap, canvas.unknown), canvas.image)


def sampled(query: Query, fit: Fit, canvas: Canvas) -> Unit:
    """A donor's pixels on the canvas: shades between pixels, noise pixel by pixel and as strong as around the hole.

    A donor of larger pixels than the canvas has no noise to give: all of it is taken between pixels.
    """
    import cv2

    rows, columns, part = _places(query, fit, canvas)
    larger = pixel_ratio(fit, canvas)
    if larger < 1 / LARGER:
        part = np.asarray(cv2.GaussianBlur(part, (0, 0), 0.5 / larger))
    shades = part if larger > LARGER else cv2.GaussianBlur(part, (0, 0), SPLIT)
    edge = cv2.BORDER_REPLICATE
    smooth = cv2.remap(shades, columns, rows, cv2.INTER_CUBIC, borderMode=edge) * np.float32(fit.gain)
    smooth = smooth + np.float32(fit.offset)
    if larger > LARGER:
        return np.asarray(smooth, np.float32)
    noise = cv2.remap(part - shades, columns, rows, cv2.INTER_NEAREST, borderMode=edge) * np.float32(fit.gain)
    known = ~canvas.unknown
    wanted = canvas.image - _known_blur(canvas.image, known)
    factor = np.clip(_spread(wanted[known]) / max(_spread(noise[known]), 1e-9), *NOISE)
    return np.asarray(smooth + np.float32(factor) * noise, np.float32)


def detailed(canvas: Canvas, donor: Unit, detail: Unit, *, larger: float) -> Unit:
    """Give a soft donor the finest structure of another window, as strong as around the hole.

    Args:
        canvas: Where it is laid.
        donor: Pixels of the soft donor.
        detail: Pixels of a window of the radiograph itself.
        larger: Pixels of the canvas per pixel of the soft donor.
    """
    import cv2

    sigma = BLURRED * larger
    known = ~canvas.unknown
    share = known.astype(np.float32)
    total, weight = (cv2.GaussianBlur(v, (0, 0), sigma) for v in (canvas.image * share, share))
    fine = np.asarray(detail - cv2.GaussianBlur(detail, (0, 0), sigma))
    wanted = _spread((canvas.image - total / np.maximum(weight, np.float32(1e-3)))[known])
    has = _spread((donor - cv2.GaussianBlur(donor, (0, 0), sigma))[known])
    missing = float(np.sqrt(max(wanted**2 - has**2, 0.0)))
    return np.asarray(donor + np.float32(missing / max(_spread(fine[known]), 1e-9)) * fine, np.float32)


def pixel_ratio(fit: Fit, canvas: Canvas) -> float:
    """Pixels of the canvas per pixel of a donor."""
    return 1.0 if _from_source(fit, canvas) else canvas.scale / fit.placement.zoom


def is_soft(fit: Fit, canvas: Canvas) -> bool:
    """Whether a donor is softer than its surroundings, as its pixels are larger."""
    return pixel_ratio(fit, canvas) > LARGER


def _from_source(fit: Fit, canvas: Canvas) -> bool:
    """Whether a donor's pixels come from the radiograph at its own resolution."""
    return fit.placement.plate.shelf == "own" and canvas.source is not None


def _places(query: Query, fit: Fit, canvas: Canvas) -> tuple[Unit, Unit, Unit]:
    """Rows and columns of a part of the source that each pixel of the canvas shows, and that part."""
    import cv2

    height, width = canvas.image.shape
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    bend = fit.field
    if canvas.scale != 1.0 or canvas.corner != query.box[:2]:
        scale = np.float32(canvas.scale)
        rows = (rows + np.float32(canvas.corner[0] + 0.5)) / scale - np.float32(query.box[0] + 0.5)
        columns = (columns + np.float32(canvas.corner[1] + 0.5)) / scale - np.float32(query.box[1] + 0.5)
        bend = np.asarray(cv2.remap(bend, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
    matrix = fit.placement.matrix(query.shape).astype(np.float32)
    x, y = columns + bend[..., 0], rows + bend[..., 1]
    across, down = (line[0] * x + line[1] * y + line[2] for line in matrix)
    source: Callable[[Box], Unit] = fit.placement.plate.cut
    shape = fit.placement.plate.shape
    if canvas.source is not None and _from_source(fit, canvas):
        source, shape = canvas.source, canvas.whole
        across, down = ((v + np.float32(0.5)) * np.float32(canvas.scale) - np.float32(0.5) for v in (across, down))
    wanted = int(down.min()) - 4, int(across.min()) - 4, int(down.max()) + 5, int(across.max()) + 5
    box = clip(wanted, shape)
    return down - np.float32(box[0]), across - np.float32(box[1]), source(box)


def _known_blur(image: Unit, known: Mask) -> Unit:
    import cv2

    share = known.astype(np.float32)
    total, share = (cv2.GaussianBlur(v, (0, 0), SPLIT, borderType=cv2.BORDER_REFLECT) for v in (image * share, share))
    return np.asarray(total / np.maximum(share, np.float32(1e-3)))


def _spread(values: Unit) -> float:
    """Standard deviation without the strongest values."""
    away = np.abs(values)
    kept = values[away <= np.quantile(away, 1 - TRIMMED)]
    return float(kept.std()) if kept.size else 0.0
