"""Regions that are cut out of whole images: squares at random places, and fixed banks of shapes by their area."""

from __future__ import annotations

from typing import Annotated, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator

from trainers.ranges import Range
from trainers.recipe import Part, Positive

Mask = NDArray[np.bool_]


def _shares(values: tuple[float, float]) -> tuple[float, float]:
    if values[1] >= 1:
        raise ValueError("areas are shares of the image, below 1")
    return values


Areas = Annotated[Range, AfterValidator(_shares)]


class Regions(Part):
    """What is cut out of the images; the defaults are those of ipA-MedGAN.

    Attributes:
        kind: "arbitrary" shapes of fixed banks, or "squares" at random places.
        side: Of the squares, pixels of the network's image.
        bank: Shapes to learn from.
        areas: Least and largest area of those as shares of the image.
        test_bank: Shapes to measure on, others.
        test_areas: Likewise of those.
    """

    kind: Literal["arbitrary", "squares"] = "arbitrary"
    side: Positive = 64
    bank: Positive = 100
    areas: Areas = (0.0136, 0.0546)
    test_bank: Positive = 50
    test_areas: Areas = (0.0166, 0.0456)


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
