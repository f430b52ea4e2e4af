"""The biharmonic fill: the smoothest surface that meets the surroundings in value and slope.

Minimises the squared Laplacian over the hole (Damelin and Hoang 2018, "On surface completion and image
inpainting by biharmonic functions"), the same equation as ``skimage.restoration.inpaint_biharmonic``. The
matrix of a hole is symmetric, positive definite and narrow-banded, so a banded Cholesky solves it in some
milliseconds; for a fixed hole it is one linear map from the two-pixel ring around it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import solveh_banded
from scipy.sparse.linalg import splu

from cxr_studio.threads import one_blas_thread

RING = 2
"""Pixels around a hole that determine its fill: the 13-point stencil reaches two pixels."""

MAX_HOLE = 16_384
"""Most pixels in one banded solve; larger holes are to be filled at a coarser scale first."""


def fill(image: NDArray[np.floating], mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Fill a hole.

    Args:
        image: ``[H, W]``, any range; values under the mask are ignored.
        mask: ``bool [H, W]``, True = to be filled, not everywhere True; best one region of at most
            MAX_HOLE pixels.

    Returns:
        ``float32 [H, W]``, a copy with the hole filled. A mask that covers everything is filled with zeros.
    """
    (filled,) = fill_alike(np.asarray(image)[None], mask)
    return np.asarray(filled, np.float32)


def fill_alike(images: NDArray[np.floating], mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Fill the same hole in many images at the cost of little more than one; see ``fill``.

    Args:
        images: ``[N, H, W]``.
        mask: ``bool [H, W]``.

    Returns:
        ``float32 [N, H, W]``.
    """
    filled = np.array(images, dtype=np.float32)
    if not mask.any():
        return filled
    if mask.all():
        return np.zeros_like(filled)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = np.s_[max(rows[0] - RING, 0) : rows[-1] + RING + 1, max(columns[0] - RING, 0) : columns[-1] + RING + 1]
    parts, hole = filled[:, *box], mask[box]
    inner, outer = _equations(hole)
    right = -(outer @ parts[:, ~hole].T.astype(np.float64))
    parts[:, hole] = _solve_banded(inner, right).T
    return filled


def linear_map(hole: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Return the fill of a fixed hole as one matrix.

    Args:
        hole: ``bool [H, W]``, True = to be filled, at least one pixel and not all.

    Returns:
        ``(hole_index [n], ring_index [m], matrix float32 [n, m])`` with flat indices into ``[H, W]``:
        ``image.flat[hole_index] = matrix @ image.flat[ring_index]``.
    """
    inner, outer = _equations(hole)
    known = np.flatnonzero(~hole)
    ring = np.flatnonzero(np.abs(outer).sum(axis=0))
    matrix = splu(inner.tocsc()).solve(-outer.tocsc()[:, ring].toarray())
    return np.flatnonzero(hole), known[ring], matrix.astype(np.float32)


@lru_cache(maxsize=4)
def square_matrix(input_side: int, hole_side: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Return ``linear_map`` of the central square hole of a square crop (64 in 128: 4,096 × 528, 8.6 MB,
    two seconds)."""
    hole = np.zeros((input_side, input_side), bool)
    start = (input_side - hole_side) // 2
    hole[start : start + hole_side, start : start + hole_side] = True
    return linear_map(hole)


def fill_squares(crops: NDArray[np.float32], hole_side: int) -> NDArray[np.float32]:
    """Fill the central square of many crops ``[N, S, S]`` with one matrix product; returns a copy."""
    count, side, _ = crops.shape
    hole, ring, matrix = square_matrix(side, hole_side)
    flat = crops.reshape(count, -1).copy()
    flat[:, hole] = flat[:, ring] @ matrix.T
    return flat.reshape(crops.shape)


def _equations(hole: NDArray[np.bool_]) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Rows of the squared Laplacian at the hole's pixels: columns of the hole, columns of the rest."""
    height, width = hole.shape
    laplacian = sparse.kron(sparse.eye_array(height), _second_difference(width), format="csr") + sparse.kron(
        _second_difference(height), sparse.eye_array(width), format="csr"
    )
    inside = np.flatnonzero(hole)
    rows = laplacian[inside] @ laplacian
    by_column = rows.tocsc()
    return by_column[:, inside].tocsr(), by_column[:, np.flatnonzero(~hole)].tocsr()


def _second_difference(length: int) -> sparse.csr_array:
    """One-dimensional Laplacian with reflecting ends, ``[length, length]``."""
    centre = np.full(length, -2.0)
    centre[[0, -1]] = -1.0 if length > 1 else 0.0
    side = np.ones(max(length - 1, 0))
    return sparse.diags_array([side, centre, side], offsets=[-1, 0, 1], shape=(length, length), format="csr")


def _solve_banded(inner: sparse.csr_array, right: NDArray[np.float64]) -> NDArray[np.float64]:
    upper = sparse.triu(inner, format="coo")
    width = int((upper.col - upper.row).max())
    banded = np.zeros((width + 1, inner.shape[0]))
    banded[width + upper.row - upper.col, upper.col] = upper.data
    with one_blas_thread():
        return np.asarray(solveh_banded(banded, right, overwrite_ab=True, check_finite=False))
