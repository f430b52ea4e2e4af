"""Two rectangles that hold most of the lungs of an upright frontal chest radiograph."""

from __future__ import annotations

import numpy as np

from cxr_studio.masks.boxes import Box

LUNG_BOXES: tuple[tuple[float, float, float, float], ...] = (
    (0.18, 0.20, 0.62, 0.42),
    (0.18, 0.58, 0.62, 0.78),
)
"""``y0, x0, y1, x1`` as fractions of the image, the lung at the image's left first; read off the mean of the
healthy ChestX-ray14 radiographs that the shipped networks are trained on, where both lungs stand out dark."""


def lung_boxes(shape: tuple[int, int]) -> tuple[Box, Box]:
    """Return both rectangles in pixels of an image of this ``(height, width)``."""
    height, width = shape
    first, second = (
        (round(y0 * height), round(x0 * width), round(y1 * height), round(x1 * width)) for y0, x0, y1, x1 in LUNG_BOXES
    )
    return first, second


def random_lung_point(rng: np.random.Generator, shape: tuple[int, int], *, margin: int = 0) -> tuple[int, int]:
    """Draw ``(y, x)`` uniformly from the two rectangles, at least ``margin`` pixels away from the image's edge."""
    boxes = lung_boxes(shape)
    areas = np.array([(y1 - y0) * (x1 - x0) for y0, x0, y1, x1 in boxes], dtype=float)
    y0, x0, y1, x1 = boxes[int(rng.random() * areas.sum() >= areas[0])]
    y = int(rng.integers(y0, y1))
    x = int(rng.integers(x0, x1))
    height, width = shape
    return int(np.clip(y, margin, height - margin)), int(np.clip(x, margin, width - margin))
