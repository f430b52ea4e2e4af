"""Which grey levels a radiograph uses, and whether its pixels were once a JPEG."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane

Values = NDArray[np.float64]

BINS = 128
"""Of the histogram that is drawn."""

BLOCK = 8
"""Pixels a side of JPEG's blocks."""

MIDDLE = 512
"""Side of the middle part in which traces of JPEG are looked for, pixels."""

SMALL = 0.5
"""Coefficients of a block's transform below this were probably rounded to zero, in grey levels of 8 bits."""

STEPS = range(2, 13)
"""Steps of a quantisation table that are tried."""


def grey_traits(stored: NDArray[np.integer]) -> dict[str, float]:
    """How many levels are used, how far apart, and how many pixels lie at the ends."""
    low, high = int(stored.min()), int(stored.max())
    counts = np.bincount((stored.astype(np.int64) - low).ravel(), minlength=high - low + 1).astype(float)
    used = counts > 0
    shares = counts[used] / counts.sum()
    return {
        "grey levels": float(used.sum()),
        "lowest level": float(low),
        "highest level": float(high),
        "unused levels between, share": float(1 - used.mean()),
        "pixels of the lowest level, share": float(counts[0] / counts.sum()),
        "pixels of the highest level, share": float(counts[-1] / counts.sum()),
        "even levels, share of pixels": float(counts[(-low) % 2 :: 2].sum() / counts.sum()),
        "unevenness of the histogram": _unevenness(counts),
        "most frequent level, share of pixels": float(shares.max()),
        "entropy, bits": float(-(shares * np.log2(shares)).sum()),
    }


def grey_curve(stored: NDArray[np.integer]) -> Values:
    """Share of pixels in each of ``BINS`` parts of the range from the lowest to the highest level."""
    low, high = int(stored.min()), int(stored.max())
    counts, _ = np.histogram(stored, bins=BINS, range=(low, max(high, low + 1)))
    return np.asarray(counts / max(counts.sum(), 1), np.float64)


def jpeg_traits(image: Plane) -> dict[str, float]:
    """Traces of JPEG in an image of 0 to 255 ``float32 [H, W]``: borders of blocks, empty and stepped coefficients."""
    top, left = (max(0, side - MIDDLE) // 2 // BLOCK * BLOCK for side in image.shape)
    image = image[top : top + MIDDLE, left : left + MIDDLE]
    across, down = phase_profile(image), phase_profile(image.T)
    blocks = coefficients(image)
    high = np.add.outer(np.arange(BLOCK), np.arange(BLOCK)) >= BLOCK
    low = np.stack([blocks[:, 0, 1], blocks[:, 1, 0], blocks[:, 1, 1], blocks[:, 0, 2], blocks[:, 2, 0]])
    return {
        "steps at every eighth column": float(across[-1]),
        "steps at every eighth row": float(down[-1]),
        "strongest eighth column": float(across.max()),
        "strongest eighth row": float(down.max()),
        "empty fine coefficients, share": float((np.abs(blocks[:, high]) < SMALL).mean()),
        "stepped coefficients": _stepped(low),
    }


def phase_profile(image: Plane) -> Values:
    """Mean difference of neighbouring columns by column modulo 8, over that of all; the last is a block's border."""
    wide = image.shape[1] // BLOCK * BLOCK
    steps = np.abs(np.diff(image[:, :wide], axis=1)).mean(axis=0)
    steps = np.append(steps, np.nan).reshape(-1, BLOCK)
    profile = np.nanmean(steps, axis=0)
    return np.asarray(profile / max(float(profile.mean()), 1e-9))


def coefficients(image: Plane) -> Values:
    """Transform of the 8 × 8 blocks from the upper left corner, ``[N, 8, 8]``."""
    from scipy.fft import dctn

    rows, columns = (side // BLOCK for side in image.shape)
    blocks = image[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK).swapaxes(1, 2)
    return np.asarray(dctn(blocks.reshape(-1, BLOCK, BLOCK), axes=(1, 2), norm="ortho"), np.float64)


def _unevenness(counts: Values) -> float:
    """How much a level differs from its neighbours: combs and spikes of stretched or sharpened histograms."""
    if len(counts) < 3:
        return 0.0
    between = 0.5 * (counts[:-2] + counts[2:])
    return float(np.abs(counts[1:-1] - between).sum() / max(counts.sum(), 1))


def _stepped(values: Values) -> float:
    """How nearly coefficients are multiples of one step, the best of ``STEPS``; about 0 where they are not."""
    found = 0.0
    for own in values:
        counted = own[(np.abs(own) > 1) & (np.abs(own) < 60)]
        if len(counted) > BLOCK**2:
            found = max(found, *(float(np.cos(2 * np.pi * counted / step).mean()) for step in STEPS))
    return found
