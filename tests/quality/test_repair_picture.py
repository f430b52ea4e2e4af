"""The picture of blind repairs: three tiles a radiograph, the blank one filled."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from cxr_studio.quality.repair_picture import COLUMNS, SAMPLES, render_repairs
from cxr_studio.quality.tiles import GAP, SIDE


def test_given_repaired_and_original(tmp_path: Path) -> None:
    render_repairs(tmp_path / "repairs.png")
    picture = cv2.imread(str(tmp_path / "repairs.png"), cv2.IMREAD_GRAYSCALE).astype(float)
    height, width = ((SIDE + GAP) * count - GAP for count in (len(SAMPLES), COLUMNS))
    assert picture.shape == (height, width)
    for top in range(0, height, SIDE + GAP):
        given, repaired, original = (picture[top : top + SIDE, x : x + SIDE] for x in range(0, width, SIDE + GAP))
        blank = (given < 2) & (original > 40)
        assert 0.01 < blank.mean() < 0.06
        assert np.abs(repaired - original)[~blank].mean() < 1
        assert np.abs(repaired - original)[blank].mean() < 15
