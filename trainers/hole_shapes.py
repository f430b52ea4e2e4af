"""A bank of drawn hole shapes inside the central square, each with its biharmonic fill as a matrix."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cxr_studio.networks import biharmonic

SMALLEST = 24
"""Least number of pixels of a hole in the bank."""


@dataclass(frozen=True, eq=False)
class HoleShape:
    """One hole.

    Attributes:
        mask: ``bool [S, S]``, True = unknown.
        hole: Flat indices of its pixels.
        ring: Flat indices of the pixels that determine its fill.
        matrix: ``float32 [len(hole), len(ring)]``.
    """

    mask: NDArray[np.bool_]
    hole: NDArray[np.int64]
    ring: NDArray[np.int64]
    matrix: NDArray[np.float32]

    def fill(self, crop: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a copy of ``crop [S, S]`` with the biharmonic fill in the hole."""
        filled = crop.copy()
        filled.flat[self.hole] = self.matrix @ crop.ravel()[self.ring]
        return filled


def square(input_side: int, hole_side: int) -> HoleShape:
    """Return the central square."""
    mask = np.zeros((input_side, input_side), bool)
    start = (input_side - hole_side) // 2
    mask[start : start + hole_side, start : start + hole_side] = True
    return HoleShape(mask, *biharmonic.square_matrix(input_side, hole_side))


def draw_bank(count: int, *, seed: int, input_side: int, hole_side: int) -> list[HoleShape]:
    """Draw shapes as a hand would paint them, each with its fill; see ``draw_masks``."""
    masks = draw_masks(count, seed=seed, input_side=input_side, hole_side=hole_side)
    return [HoleShape(mask, *biharmonic.linear_map(mask)) for mask in masks]


def draw_masks(count: int, *, seed: int, input_side: int, hole_side: int) -> list[NDArray[np.bool_]]:
    """Draw masks ``bool [S, S]`` inside the central square: strokes, ellipses, boxes and blobs of them together."""
    rng = np.random.default_rng([seed, 0x401E])
    masks: list[NDArray[np.bool_]] = []
    while len(masks) < count:
        mask = _draw(rng, input_side, hole_side)
        if mask.sum() >= SMALLEST:
            masks.append(mask)
    return masks


def _draw(rng: np.random.Generator, input_side: int, hole_side: int) -> NDArray[np.bool_]:
    inside = np.zeros((hole_side, hole_side), bool)
    for _ in range(int(rng.choice([1, 1, 1, 2, 3]))):
        inside |= (_stroke, _ellipse, _box)[int(rng.choice(3, p=[0.5, 0.35, 0.15]))](rng, hole_side)
    mask = np.zeros((input_side, input_side), bool)
    start = (input_side - hole_side) // 2
    mask[start : start + hole_side, start : start + hole_side] = inside
    return mask


def _stroke(rng: np.random.Generator, side: int) -> NDArray[np.bool_]:
    y, x = np.mgrid[:side, :side]
    radius = rng.uniform(2, side / 4)
    points = rng.uniform(radius, side - radius, size=(int(rng.integers(2, 5)), 2))
    mask = np.zeros((side, side), bool)
    for start, end in pairwise(points):
        for share in np.linspace(0, 1, 1 + int(np.hypot(*(end - start)))):
            centre = start + share * (end - start)
            mask |= (y - centre[0]) ** 2 + (x - centre[1]) ** 2 <= radius**2
    return mask


def _ellipse(rng: np.random.Generator, side: int) -> NDArray[np.bool_]:
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    a, b = rng.uniform(3, side / 2, size=2)
    angle = rng.uniform(0, np.pi)
    limit = max(side / 2 - max(a, b), 0)
    dy, dx = rng.uniform(-limit, limit, size=2)
    u = (x - dx) * np.cos(angle) + (y - dy) * np.sin(angle)
    v = (y - dy) * np.cos(angle) - (x - dx) * np.sin(angle)
    return np.asarray((u / a) ** 2 + (v / b) ** 2 <= 1)


def _box(rng: np.random.Generator, side: int) -> NDArray[np.bool_]:
    height, width = rng.integers(6, side + 1, size=2)
    top, left = rng.integers(0, side - height + 1), rng.integers(0, side - width + 1)
    mask = np.zeros((side, side), bool)
    mask[top : top + height, left : left + width] = True
    return mask
