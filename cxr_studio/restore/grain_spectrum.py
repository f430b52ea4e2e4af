"""Grain of every scale: a filled area gets the power spectrum of its surroundings from 1 to 8 pixels.

``grain.match_grain`` raises only the finest scale, which costs little squared error; an area so filled lacks texture of
2 to 8 pixels, and a picture of it compresses better than one of the original. Here noise of two kinds, the
surroundings' own fine noise and a coarse band of Gaussian noise, is weighted so that the power in every band, and of
the steps along rows and columns, is that of the ring around the hole, counting what the fill has already. It costs
about 0.35 dB more than ``match_grain`` does.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import bounding_box, cut, padded
from cxr_studio.restore.classical import Mask, Unit
from cxr_studio.restore.grain import RING, coloured_noise, known_mean
from cxr_studio.restore.paste import feathered

BANDS = ((0.0, 0.5), (0.5, 1.0), (1.0, 2.0), (2.0, 4.0))
"""Standard deviations in pixels of the Gaussians whose differences are the bands that are measured."""

DRAWN_BAND = BANDS[3]
"""Band of the coarse noise that is drawn; the finer ones have the surroundings' own spectrum."""

FINE_EDGES, COARSE_EDGES = 0.005, 0.1
"""Share of a measure's strongest values in the ring that are edges of ribs, vessels and lines, not grain: of bands
below and from 2 pixels on. Taken for grain, a rib beside the hole would become blotches in it. Set so that on healthy
radiographs original and filled image are the larger one, compressed, about equally often."""

LEAST_KNOWN = 64
"""Known pixels from which grain is learned at least."""

LEAST_POWER = 1e-12
"""Variance of unit values below which an area counts as flat."""

LEAST_SEEN = 0.9
"""Share of a Gaussian that must lie on known pixels."""

Measure = Callable[[Unit, Mask], tuple[Unit, Mask]]


def match_spectrum(image: Unit, hole: Mask, unknown: Mask, *, seed: int, feather: int = 0) -> Unit:
    """Add grain of every scale to a filled hole.

    Args:
        image: Unit values ``[H, W]`` with the hole filled.
        hole: The filled pixels that get grain.
        unknown: Every pixel that is no measurement (this hole and others); not learned from.
        seed: Seed of the noise.
        feather: Width in pixels over which the fill will be blended with the original: two independent noises mixed
            are weaker than either, so the grain is stronger there.

    Returns:
        A copy with grain inside ``hole``; unchanged where there are too few known pixels around to learn from.
    """
    box = bounding_box(hole)
    if box is None:
        return image.copy()
    around = padded(box, RING, image.shape)
    part, inner, known = image[cut(around)], hole[cut(around)], ~unknown[cut(around)]
    if np.count_nonzero(known) < LEAST_KNOWN:
        return image.copy()
    kinds = _noises(part, known, np.random.default_rng([seed, 0x6A2]))
    powers = _powers(part, inner, known, kinds)
    noise = sum((np.float32(np.sqrt(power)) * kind for kind, power in zip(kinds, powers, strict=True)), np.float32(0))
    grained = image.copy()
    grained[cut(around)][inner] += (noise * _strengthened(inner, feather))[inner]
    return grained


def _noises(part: Unit, known: Mask, rng: np.random.Generator) -> list[Unit]:
    """The kinds of noise that are mixed, each of standard deviation 1: the ring's own fine noise, and a coarse band."""
    drawn = (coloured_noise(part, known, rng), _band(rng.standard_normal(part.shape).astype(np.float32), DRAWN_BAND))
    return [kind / np.float32(kind.std()) for kind in drawn if kind.std() ** 2 > LEAST_POWER]


def _powers(part: Unit, inner: Mask, known: Mask, kinds: list[Unit]) -> NDArray[np.float64]:
    """Variance that each kind of noise needs, for the fill to have the ring's power by every measure."""
    from scipy.optimize import nnls

    whole = np.ones_like(known)
    wanted, gives = [], []
    for measure, edges in _MEASURES:
        ring, there = measure(part, known)
        level = _trimmed_variance(ring[there], edges)
        if level <= LEAST_POWER:
            continue
        wanted.append(max(1 - float(measure(part, whole)[0][inner].var()) / level, 0.0))
        gives.append([float(measure(kind, whole)[0][inner].var()) / level for kind in kinds])
    if not wanted or not kinds:
        return np.zeros(len(kinds))
    powers: NDArray[np.float64] = nnls(np.array(gives), np.array(wanted))[0]
    return powers


def _trimmed_variance(values: Unit, edges: float) -> float:
    """Variance without a share of the strongest values."""
    if values.size < LEAST_KNOWN:
        return 0.0
    away = np.abs(values - np.median(values))
    return float(values[away <= np.quantile(away, 1 - edges)].var())


def _band(image: Unit, band: tuple[float, float], known: Mask | None = None) -> Unit:
    """One band of an image; nothing of what is not known comes in."""
    there = np.ones(image.shape, bool) if known is None else known
    fine, wide = (known_mean(image, sigma, there) if sigma else image for sigma in band)
    return np.asarray(fine - wide)


def _in_band(band: tuple[float, float]) -> Measure:
    """A band, where the wider Gaussian sees enough: one-sided, it would take a slope for texture."""

    def measure(image: Unit, known: Mask) -> tuple[Unit, Mask]:
        import cv2

        seen = cv2.GaussianBlur(known.astype(np.float32), (0, 0), band[1], borderType=cv2.BORDER_CONSTANT)
        return _band(image, band, known), known & (seen >= LEAST_SEEN)

    return measure


def _steps(axis: int) -> Measure:
    """Differences of neighbours along an axis, where both are known; rows and columns of a scan differ in noise."""

    def measure(image: Unit, known: Mask) -> tuple[Unit, Mask]:
        both = known & np.roll(known, 1, axis)
        both[(0, slice(None)) if axis == 0 else (slice(None), 0)] = False
        return image - np.roll(image, 1, axis), both

    return measure


_MEASURES: tuple[tuple[Measure, float], ...] = (
    *((_in_band(band), COARSE_EDGES if band[0] >= 1.0 else FINE_EDGES) for band in BANDS),
    (_steps(1), FINE_EDGES),
    (_steps(0), FINE_EDGES),
)


def _strengthened(inner: Mask, feather: int) -> Unit:
    """Factor of the grain: blended by ``w`` with the original's, its variance is 1 where the original's is."""
    share = np.maximum(feathered(inner, feather), np.float32(1e-3))
    return np.asarray(np.sqrt(2 * share - share**2) / share, np.float32)
