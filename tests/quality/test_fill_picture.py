"""The README's picture of a mass painted over."""

import cv2
import numpy as np
import pytest

from cxr_studio.quality import fill_picture
from cxr_studio.quality.fill_picture import GAP, render_fills


def test_three_panes_that_differ_under_the_mask_only(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fill_picture, "SHOWN", ("telea", "biharmonic"))
    monkeypatch.setattr(fill_picture, "MASS", (0.604, 0.792, 0.012))
    render_fills(tmp_path / "fills.png")
    picture = cv2.imread(str(tmp_path / "fills.png"), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    width = (picture.shape[1] - 2 * GAP) // 3
    panes = [picture[:, k * (width + GAP) :][:, :width] for k in range(3)]
    for filled in panes[1:]:
        changed = np.argwhere(filled != panes[0])
        assert len(changed) > 100
        assert changed.min() >= fill_picture.MARGIN
