"""Regions that are cut out of whole images: squares at random places, and fixed banks of shapes by their area.

The numbers are those of ipA-MedGAN: a bank of 100 shapes to learn from and one of 50 others to measure on.
"""

from __future__ import annotations

import numpy as np

from cxr_studio.masks.boxes import Mask

TRAIN_COUNT, TRAIN_AREAS = 100, (0.0136, 0.0546)
"""Shapes to learn from, and the least and largest area of one as shares of the image."""

TEST_COUNT, TEST_AREAS = 50, (0.0166, 0.0456)
"""Shapes to measure on, likewise."""

TEST_SEED = 20_201_207
"""Seed of the shapes to measure on, the same for every run, so that runs and tables compare."""


def draw_regions(count: int, *, seed: int, side: int, areas: tuple[float, float]) -> list[Mask]:
    """Draw shapes ``bool [S, S]`` of strokes and ellipses anywhere in the image, whose area lies in a range; the same
    for the same seed."""
    rng = np.random.default_rng([seed, 0x2E61])
    found: list[Mask] = []
    while len(found) < count:
        mask = _shape(rng, side, rng.uniform(*areas) * side * side)
        if areas[0] <= mask.mean() <= areas[1]:
            found.append(mask)
    return found


def random_square(rng: np.random.Generator, size: int, side: int) -> Mask:
    """A square of ``size`` pixels at a random place in an image of ``side``, both inside it."""
    size = min(size, side)
    top, left = rng.integers(side - size + 1, size=2)
    mask = np.zeros((side, side), bool)
    mask[top : top + size, left : left + size] = True
    return mask


def _shape(rng: np.random.Generator, side: int, area: float) -> Mask:
    """Strokes and ellipses from one place on, until the area is reached."""
    import cv2

    plane = np.zeros((side, side), np.uint8)
    at = rng.uniform(0.15, 0.85, 2) * side
    while plane.sum() < area:
        thick = int(rng.uniform(0.03, 0.09) * side) + 1
        if rng.random() < 0.5:
            end = np.clip(at + rng.normal(0, 0.15 * side, 2), 0, side - 1)
            cv2.line(plane, (int(at[0]), int(at[1])), (int(end[0]), int(end[1])), 1, thick)
            at = end
        else:
            axes = (int(thick * rng.uniform(0.5, 1.2)) + 1, int(thick * rng.uniform(0.4, 0.9)) + 1)
            cv2.ellipse(plane, (int(at[0]), int(at[1])), axes, rng.uniform(0, 180), 0, 360, 1, -1)
            at = np.clip(at + rng.normal(0, 0.05 * side, 2), 0, side - 1)
    return plane > 0
