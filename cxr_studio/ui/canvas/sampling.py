"""Resampling and grey tables of the panes: by OpenCV, or by numpy where it is left out (a packed study).

Both give the same: looked-up and averaged values exactly, blended ones to one grey of 256.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray


@cache
def opencv() -> Any:
    """OpenCV's module, loaded now, or None where it is not installed."""
    try:
        import cv2
    except ImportError:
        return None
    return cv2


def sampled(
    image: NDArray[Any], first: tuple[float, float], *, step: float, size: tuple[int, int], blended: bool
) -> NDArray[Any]:
    """Sample an image on a regular grid; beside it its border goes on.

    Args:
        image: uint8 or uint16 ``[H, W]``.
        first: Row and column of the first sample, image pixels.
        step: Image pixels between two samples.
        size: Rows and columns of samples.
        blended: Between four pixels, not the nearest one.
    """
    cv2 = opencv()
    if cv2 is None:
        places = [first[k] + step * np.arange(size[k]) for k in (0, 1)]
        return _blended(image, *places) if blended else _nearest(image, *places)
    matrix = np.array([[step, 0.0, first[1]], [0.0, step, first[0]]])
    flags = (cv2.INTER_LINEAR if blended else cv2.INTER_NEAREST) | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(image, matrix, size[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE))


def halved(image: NDArray[Any]) -> NDArray[Any]:
    """Means of 2 × 2 pixels; an odd last row or column is left out."""
    height, width = image.shape[0] // 2, image.shape[1] // 2
    even, cv2 = image[: 2 * height, : 2 * width], opencv()
    if cv2 is not None:
        return np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA))
    sums = np.full((height, width), 2, np.uint32)
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1)):
        sums += even[row::2, column::2]
    return (sums >> 2).astype(image.dtype)


def looked_up(samples: NDArray[Any], table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The table's grey of every sample."""
    out = np.empty(samples.shape, np.uint8)
    look_up(samples, table, out=out)
    return out


def look_up(samples: NDArray[Any], table: NDArray[np.uint8], *, out: NDArray[np.uint8]) -> None:
    """``looked_up`` into an array that is there."""
    cv2 = opencv()
    if cv2 is not None:
        cv2.LUT(np.ascontiguousarray(samples), table, dst=out)
    else:
        np.take(table, samples, out=out, mode="clip")


def _nearest(image: NDArray[Any], y: NDArray[Any], x: NDArray[Any]) -> NDArray[Any]:
    rows, columns = (
        np.floor(places + 0.5).astype(np.intp).clip(0, side - 1)
        for places, side in zip((y, x), image.shape, strict=True)
    )
    return np.asarray(image[rows[:, None], columns])


def _blended(image: NDArray[Any], y: NDArray[Any], x: NDArray[Any]) -> NDArray[Any]:
    """Rows first, then columns: the steps are along the image's own axes."""
    rows = _between(image, y, axis=0)
    whole = _between(rows, x, axis=1)
    return (whole + 0.5).astype(image.dtype)


def _between(values: NDArray[Any], places: NDArray[Any], *, axis: int) -> NDArray[np.float32]:
    side = values.shape[axis]
    places = places.clip(0, side - 1)
    before = np.minimum(places.astype(np.intp), max(0, side - 2))
    after = np.minimum(before + 1, side - 1)
    share = (places - before).astype(np.float32)
    share = share[:, None] if axis == 0 else share
    first = values.take(before, axis=axis).astype(np.float32)
    first += (values.take(after, axis=axis) - first) * share
    return first
