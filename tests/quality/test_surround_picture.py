"""The picture of surroundings: eight tiles, seeds that differ, the box kept in each."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from cxr_studio.quality.surround_picture import render_surroundings
from cxr_studio.quality.tiles import GAP, SIDE


def test_one_box_and_six_seeds(tmp_path: Path) -> None:
    render_surroundings(tmp_path / "surround.png")
    picture = cv2.imread(str(tmp_path / "surround.png"), cv2.IMREAD_GRAYSCALE).astype(float)
    assert picture.shape == (2 * SIDE + GAP, 4 * SIDE + 3 * GAP)
    tiles = [
        picture[y : y + SIDE, x : x + SIDE] for y in (0, SIDE + GAP) for x in range(0, 4 * (SIDE + GAP), SIDE + GAP)
    ]
    original, seen, *seeds = tiles
    inside = seen > 40
    ys, xs = np.nonzero(inside)
    middle = slice(ys.min() + 4, ys.max() - 4), slice(xs.min() + 4, xs.max() - 4)
    assert all(np.abs(tile[middle] - original[middle]).max() <= 1 for tile in (seen, *seeds))
    assert all(np.abs(a - b).mean() > 5 for a, b in pairwise(seeds))
