"""The picture of attributes: a tile a look, and what is asked for is seen."""

from __future__ import annotations

from pathlib import Path

import cv2

from cxr_studio.quality.attribute_picture import GAP, HEAD, SIDE, columns, render_attributes


def test_a_tile_a_look(tmp_path: Path) -> None:
    render_attributes(tmp_path / "attributes.png", places=1)
    picture = cv2.imread(str(tmp_path / "attributes.png"), cv2.IMREAD_GRAYSCALE).astype(float)
    names = list(columns())
    assert picture.shape == (HEAD + SIDE + GAP, len(names) * (SIDE + GAP))
    middle = {
        name: picture[HEAD + 44 : HEAD + 84, k * (SIDE + GAP) + 44 : k * (SIDE + GAP) + 84].mean()
        for k, name in enumerate(names)
    }
    assert middle["ground-glass"] < middle["solid"] < middle["calcified"]
    assert middle["subtlety 1"] < middle["subtlety 3"] < middle["subtlety 5"]
