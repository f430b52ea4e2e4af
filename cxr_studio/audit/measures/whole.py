"""What a whole radiograph looks like with its findings covered: contrast, grain, and the picture in a few cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.datasets.entries import Rectangle
from cxr_studio.metrics.grain import BANDS

CELLS = 6
"""Cells a side in which the mean grey is taken."""

MARGIN = 0.25
"""Of a finding's sides that is covered around it, and at least ``LEAST`` pixels."""

LEAST = 12

STRIDE = 4
"""Of the pixels that greys are counted of."""

QUANTILES = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)


def cover_of(shape: tuple[int, int], boxes: Sequence[Rectangle]) -> NDArray[np.bool_]:
    """Pixels of the findings and a margin, ``bool [H, W]``."""
    cover = np.zeros(shape, bool)
    for y0, x0, y1, x1 in boxes:
        down, across = max(LEAST, MARGIN * (y1 - y0)), max(LEAST, MARGIN * (x1 - x0))
        cover[max(0, int(y0 - down)) : int(y1 + down) + 1, max(0, int(x0 - across)) : int(x1 + across) + 1] = True
    return cover


def whole_traits(image: Plane, cover: NDArray[np.bool_]) -> dict[str, float]:
    """Figures of an image in shares of its unit range, of the pixels that are not covered."""
    import cv2

    shown = image[::STRIDE, ::STRIDE][~cover[::STRIDE, ::STRIDE]]
    found = {f"grey that {share:.0%} are below": float(np.quantile(shown, share)) for share in QUANTILES}
    spread = max(float(shown.std()), 1e-6)
    for (fine, wide), name in zip(BANDS[:2], ("1–2 px", "2–4 px"), strict=True):
        residual = cv2.GaussianBlur(image, (0, 0), fine) - cv2.GaussianBlur(image, (0, 0), wide)
        found[f"grain of {name}"] = float(np.log2(residual[~cover].std() + 1e-6))
    found["height over width"] = image.shape[0] / image.shape[1]
    cells = cell_means(image, cover)
    for (row, column), value in np.ndenumerate(cells):
        found[f"grey of cell {row + 1}, {column + 1}"] = float((value - shown.mean()) / spread)
    return found


def cell_means(image: Plane, cover: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Mean grey of ``CELLS`` × ``CELLS`` parts without what is covered; NaN where all is."""
    rows, columns = (np.linspace(0, side, CELLS + 1).astype(int) for side in image.shape)
    sums, counts = (
        np.add.reduceat(np.add.reduceat(values, rows[:-1], axis=0), columns[:-1], axis=1)
        for values in (np.where(cover, 0.0, image), (~cover).astype(float))
    )
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
