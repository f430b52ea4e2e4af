"""What is measured around a finding: grain and seam by ring, the spectrum of a patch, and the patches themselves."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.datasets.entries import Rectangle
from cxr_studio.metrics.grain import BANDS, laplacian
from cxr_studio.nodules.measuring import measure

Values = NDArray[np.float64]

SIDE = 64
"""Pixels of a patch."""

RINGS = ((0.0, 0.5), (0.5, 1.0), (1.0, 1.4), (1.4, 2.0))
"""Of a finding, from its middle; 1 is the border of its box."""

OUTSIDE = (2.0, 3.0)
"""The ring that others are compared with."""

RING_NAMES = ("in the middle", "inside", "at the border", "around")
COARSE = "2–4 px"
FINE = tuple(zip(BANDS[:2], ("1–2 px", COARSE), strict=True))
"""Bands of grain: coarser ones see the nodule itself."""

SEAM = tuple(np.linspace(0.6, 1.6, 11))
"""Borders of the rings in which a seam is looked for."""

BORDER = range(-4, 17)
"""Pixels outside the box at which its straight borders are looked for."""

LEAST_RADIUS = 10.0
"""Pixels; findings that are smaller are taken for this large, so that a ring has pixels."""

SPECTRUM = 16
"""Rings of the spectrum, to half a period a pixel."""

JITTER = 0.2
"""Standard deviation of a patch's middle from the finding's, in its radii: boxes of readers are not centred."""

MARGIN = 6
"""Pixels around a finding that are covered with it."""


@dataclass(frozen=True, eq=False)
class Spot:
    """A place in a radiograph.

    Attributes:
        image: The radiograph in shares of its unit range, ``float32 [H, W]``.
        y: Row of the middle.
        x: Column of the middle.
        down: Half the height, pixels.
        across: Half the width, pixels.
    """

    image: Plane
    y: float
    x: float
    down: float
    across: float


def spot_of(image: Plane, box: Rectangle) -> Spot | None:
    """The place of a box; None where too little of it lies in the image."""
    y0, x0, y1, x1 = box
    y, x = (y0 + y1) / 2, (x0 + x1) / 2
    reach = SIDE / 4
    if not (reach <= y < image.shape[0] - reach and reach <= x < image.shape[1] - reach):
        return None
    return Spot(image, y, x, max((y1 - y0) / 2, LEAST_RADIUS), max((x1 - x0) / 2, LEAST_RADIUS))


def fitted_spot(image: Plane, box: Rectangle) -> Spot | None:
    """The place of the nodule in a box, which may be loose: where and how large a soft ellipsoid fits; else the box's.

    Done to real and to drawn ones alike, so that how tightly they are boxed says nothing.
    """
    y0, x0, y1, x1 = (round(value) for value in box)
    found = measure(image, (y0, x0, y1, x1)) if spot_of(image, box) is not None else None
    if found is None:
        return spot_of(image, box)
    half = found.diameter / 2
    return spot_of(image, (found.y - half, found.x - half, found.y + half, found.x + half)) or spot_of(image, box)


def grain_traits(spot: Spot) -> dict[str, float]:
    """Grain by ring and scale over that of the ring outside, log₂; and how it hangs together."""
    import cv2

    crop, radii = _around(spot)
    outside = _ring(radii, OUTSIDE)
    found = {}
    for band, name in FINE:
        fine, wide = (cv2.GaussianBlur(crop, (0, 0), sigma) for sigma in band)
        residual = fine - wide
        for ring, words in zip(RINGS, RING_NAMES, strict=True):
            found[f"grain of {name} {words}"] = _log_ratio(residual, _ring(radii, ring), outside)
    fine = laplacian(crop)
    inside = radii < 1
    found["grain of neighbours inside"] = _together(fine, inside) - _together(fine, outside)
    return found


def grain_curve(spot: Spot) -> Values:
    """Grain of the finest scale by distance, 0 to 2 radii in 10 parts, over that of the ring outside, log₂."""
    crop, radii = _around(spot)
    fine, outside = laplacian(crop), _ring(radii, OUTSIDE)
    ends = np.linspace(0, 2, 11)
    return np.array([_log_ratio(fine, _ring(radii, (a, b)), outside) for a, b in pairwise(ends)])


def seam_traits(spot: Spot) -> dict[str, float]:
    """Steps of one pixel along the finding's outline and along straight borders of a pasted square."""
    crop, radii = _around(spot)
    sharp, outside = np.abs(_steps(crop)), _ring(radii, OUTSIDE)
    base = float(np.median(sharp[outside])) if outside.any() else 1.0
    rings = list(pairwise(SEAM))
    means = [_mean(sharp, _ring(radii, ring)) for ring in rings]
    found = {
        f"steps at {a:.1f} to {b:.1f} radii": float(np.log2((mean + 1e-6) / (base + 1e-6)))
        for (a, b), mean in zip(rings, means, strict=True)
    }
    found["sharpest ring over the mean ring"] = max(found.values()) - float(np.mean(list(found.values())))
    border = border_curve(spot)
    return found | {
        "straight border": float(border.max() / max(float(np.median(border)), 1e-9)),
        "straight border, pixels outside the box": float(BORDER[int(border.argmax())]),
    }


def border_curve(spot: Spot) -> Values:
    """Mean step across the four sides of the box grown by each of ``BORDER`` pixels, over the mean of all."""
    found = []
    for more in BORDER:
        y0, y1 = round(spot.y - spot.down) - more, round(spot.y + spot.down) + more
        x0, x1 = round(spot.x - spot.across) - more, round(spot.x + spot.across) + more
        found.append(_across(spot.image, (y0, y1), (x0, x1)))
    values = np.array(found)
    known = values[np.isfinite(values)]
    return np.asarray(np.nan_to_num(values, nan=0.0) / max(float(known.mean()) if len(known) else 1.0, 1e-9))


def spectrum(patch: Plane) -> Values:
    """Power of a patch ``[SIDE, SIDE]`` by frequency, log₁₀, ``[SIDE, SIDE]``, the middle is frequency 0."""
    window = np.outer(np.hanning(len(patch)), np.hanning(len(patch)))
    power = np.abs(np.fft.fftshift(np.fft.fft2((patch - patch.mean()) * window))) ** 2
    return np.asarray(np.log10(power + 1e-12))


def spectrum_traits(patch: Plane) -> dict[str, float]:
    """Power by ring of frequencies against the mean of all, log₁₀, and where it depends on the direction."""
    power = spectrum(patch)
    y, x = np.indices(power.shape) - SIDE // 2
    radius = np.hypot(y, x) / (SIDE // 2)
    rings = [power[(radius >= k / SPECTRUM) & (radius < (k + 1) / SPECTRUM)].mean() for k in range(SPECTRUM)]
    found = {f"power at {(k + 0.5) / 2 / SPECTRUM:.2f} a pixel": float(v - np.mean(rings)) for k, v in enumerate(rings)}
    fine = (radius > 0.6) & (radius < 1)
    along = np.minimum(np.abs(y), np.abs(x)) <= 2
    found["fine power along the axes"] = float(power[fine & along].mean() - power[fine & ~along].mean())
    found["power of a checkerboard"] = float(power[:2, :2].mean() - power[radius > 0.9].mean())
    return found


def patch_at(spot: Spot, rng: np.random.Generator) -> Plane:
    """The patch around a finding, not quite centred, ``[SIDE, SIDE]``."""
    shift = rng.normal(0, JITTER, 2) * (spot.down, spot.across)
    return _cut(spot.image, spot.y + float(shift[0]), spot.x + float(shift[1]))


def surround_at(spot: Spot, rng: np.random.Generator) -> Plane:
    """A patch beside a finding, which is covered: what lies around it, and a corner of the cover."""
    angle = rng.uniform(0, 2 * np.pi)
    direction = np.array([np.sin(angle), np.cos(angle)])
    half = np.array([spot.down, spot.across]) + MARGIN
    reach = float((half / np.maximum(np.abs(direction), 1e-3)).min()) + SIDE / 5
    y, x = np.array([spot.y, spot.x]) + direction * reach
    limits = np.array(spot.image.shape) - SIDE // 2
    y, x = (float(np.clip(value, SIDE // 2, limit)) for value, limit in zip((y, x), limits, strict=True))
    patch = _cut(spot.image, y, x)
    rows = np.abs(np.arange(SIDE) + round(y) - SIDE // 2 + 0.5 - spot.y) < half[0]
    columns = np.abs(np.arange(SIDE) + round(x) - SIDE // 2 + 0.5 - spot.x) < half[1]
    cover = np.outer(rows, columns)
    patch[cover] = patch[~cover].mean() if not cover.all() else 0.0
    return patch


def _cut(image: Plane, y: float, x: float) -> Plane:
    half = SIDE // 2
    top, left = (round(value) - half for value in (y, x))
    top, left = (max(0, min(value, side - SIDE)) for value, side in zip((top, left), image.shape, strict=True))
    return np.array(image[top : top + SIDE, left : left + SIDE], np.float32)


def _around(spot: Spot) -> tuple[Plane, Values]:
    """The image out to 3 radii, and every pixel's distance from the middle in radii."""
    reach = OUTSIDE[1]
    top, left = int(max(0, spot.y - reach * spot.down)), int(max(0, spot.x - reach * spot.across))
    bottom, right = int(spot.y + reach * spot.down) + 1, int(spot.x + reach * spot.across) + 1
    crop = np.ascontiguousarray(spot.image[top:bottom, left:right], np.float32)
    rows = (np.arange(crop.shape[0]) + top + 0.5 - spot.y) / spot.down
    columns = (np.arange(crop.shape[1]) + left + 0.5 - spot.x) / spot.across
    return crop, np.hypot(rows[:, None], columns[None])


def _ring(radii: Values, span: tuple[float, float]) -> NDArray[np.bool_]:
    return np.asarray((radii >= span[0]) & (radii < span[1]))


def _log_ratio(residual: Plane, inner: NDArray[np.bool_], outer: NDArray[np.bool_]) -> float:
    if inner.sum() < 8 or outer.sum() < 8:
        return float("nan")
    return float(np.log2((residual[inner].std() + 1e-6) / (residual[outer].std() + 1e-6)))


def _together(residual: Plane, where: NDArray[np.bool_]) -> float:
    """Correlation of neighbours."""
    found = []
    for one, other, both in (
        (residual[:, 1:], residual[:, :-1], where[:, 1:] & where[:, :-1]),
        (residual[1:], residual[:-1], where[1:] & where[:-1]),
    ):
        if both.sum() > 8 and one[both].std() > 0 and other[both].std() > 0:
            found.append(float(np.corrcoef(one[both], other[both])[0, 1]))
    return float(np.mean(found)) if found else float("nan")


def _steps(crop: Plane) -> Plane:
    """Steps of one pixel: a difference of neighbours without what the differences beside it say."""
    found = np.zeros_like(crop)
    for axis in (0, 1):
        step = np.diff(crop, axis=axis, append=np.take(crop, [-1], axis=axis))
        beside = 0.5 * (np.roll(step, 1, axis=axis) + np.roll(step, -1, axis=axis))
        found = np.maximum(found, np.abs(step - beside))
    return found


def _mean(values: Plane, where: NDArray[np.bool_]) -> float:
    return float(values[where].mean()) if where.any() else float("nan")


def _across(image: Plane, rows: tuple[int, int], columns: tuple[int, int]) -> float:
    """Mean step of one pixel across the four sides of a rectangle; sides outside the image are left out."""
    found = []
    for values, (low, high), (first, last) in ((image, rows, columns), (image.T, columns, rows)):
        first, last = max(first, 0), min(last, values.shape[1])
        for place in (low, high):
            if 2 <= place < values.shape[0] - 2 and last - first >= 4:
                lines = values[place - 2 : place + 2, first:last]
                before, step, after = np.diff(lines, axis=0)
                found.append(float(abs((step - 0.5 * (before + after)).mean())))
    return float(np.mean(found)) if found else float("nan")
