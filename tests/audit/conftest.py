"""Small sets of radiographs in which nothing gives synthetic away, until a test plants something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from cxr_studio.audit.cases import Case

SIDE, BOX = 160, 20
COUNT = 24

Pixels = NDArray[np.float64]


@dataclass
class Maker:
    """Writes radiographs: real ones and synthetic ones are alike but for what is planted.

    Attributes:
        folder: Where.
        change: Of a synthetic radiograph's pixels and its box, after the nodule is in it.
        write: How a synthetic file is written.
        name: Of a synthetic file.
    """

    folder: Path
    change: Callable[[Pixels, tuple[int, int, int, int]], Pixels] = lambda pixels, _box: pixels
    write: Callable[[NDArray[np.uint8], Path], None] = lambda pixels, path: Image.fromarray(pixels).save(path)
    name: Callable[[int], str] = lambda k: f"{7919 * k % 10_007:05d}"
    cases: list[Case] = field(default_factory=list)

    def make(self, count: int = COUNT) -> list[Case]:
        """As many of either kind."""
        for k in range(2 * count):
            synthetic = k % 2 == 1
            pixels, box = drawn(k)
            if synthetic:
                pixels = self.change(pixels, box)
            path = self.folder / f"{self.name(k) if synthetic else f'{7919 * k % 10_007:05d}'}.png"
            stored = np.clip(np.round(pixels), 0, 255).astype(np.uint8)
            (self.write if synthetic else Maker.write)(stored, path)
            own = (float(box[0]), float(box[1]), float(box[2]), float(box[3]))
            self.cases.append(
                Case(path, f"p{k:03d}", synthetic, "planted" if synthetic else "", (own,), size=(SIDE, SIDE))
            )
        return self.cases


def drawn(seed: int) -> tuple[Pixels, tuple[int, int, int, int]]:
    """A smooth picture with grain and a round nodule in it, 20 to 230, and the nodule's box."""
    import cv2

    rng = np.random.default_rng([9, seed])
    smooth = cv2.GaussianBlur(rng.normal(0, 1, (SIDE, SIDE)), (0, 0), 14)
    pixels = 120 + 30 * smooth / smooth.std() + rng.normal(0, 3, (SIDE, SIDE))
    y, x = (int(value) for value in rng.integers(2 * BOX, SIDE - 2 * BOX, 2))
    rows, columns = np.ogrid[:SIDE, :SIDE]
    pixels += 25 * np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * (BOX / 4) ** 2))
    return np.clip(pixels, 20, 230), (y - BOX // 2, x - BOX // 2, y + BOX // 2, x + BOX // 2)


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    return Maker(tmp_path)
