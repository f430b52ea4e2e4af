"""The NODE21 generation interface."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from cxr_studio.cli.main import main
from tests.conftest import draw_phantom


def write_request(folder: Path, dtype: type, boxes: list[tuple[int, int, int, int, int]]) -> np.ndarray:
    folder.mkdir()
    stack = np.stack([draw_phantom(320, 288) >> 4, np.roll(draw_phantom(320, 288) >> 4, 9, axis=1)]).astype(dtype)
    image = sitk.GetImageFromArray(stack)
    image.SetSpacing((0.4, 0.5, 1.0))
    image.SetOrigin((3.0, -2.0, 1.0))
    sitk.WriteImage(image, str(folder / "request.mha"))
    corners = [{"corners": [[x1, y0, z], [x0, y0, z], [x0, y1, z], [x1, y1, z]]} for z, x0, y0, x1, y1 in boxes]
    whole = {"type": "Multiple 2D bounding boxes", "boxes": corners, "version": {"major": 1, "minor": 0}}
    (folder / "nodules.json").write_text(json.dumps(whole))
    return stack


@pytest.mark.parametrize("dtype", [np.uint16, np.float32, np.int32, np.float64])
def test_every_box_gets_a_nodule_and_the_rest_stays(tmp_path, dtype, capsys):
    boxes = [(0, 80, 120, 110, 152), (0, 190, 140, 214, 160), (1, 80, 150, 104, 172)]
    stack = write_request(tmp_path / "in", dtype, boxes)
    assert main(["node21", "--input", str(tmp_path / "in"), "--output", str(tmp_path / "out")]) == 0
    before, after = (sitk.ReadImage(str(tmp_path / part / "request.mha")) for part in ("in", "out"))
    assert after.GetSpacing() == before.GetSpacing()
    assert after.GetOrigin() == before.GetOrigin()
    drawn = sitk.GetArrayFromImage(after)
    assert drawn.dtype == stack.dtype
    assert drawn.shape == stack.shape
    far = np.ones(stack.shape, bool)
    for z, x0, y0, x1, y1 in boxes:
        assert (drawn[z, y0:y1, x0:x1] > stack[z, y0:y1, x0:x1]).mean() > 0.4
        far[z, y0 - 16 : y1 + 16, x0 - 16 : x1 + 16] = False
    assert (drawn[far] == stack[far]).all()
    capsys.readouterr()


def test_requests_that_cannot_be_met_are_one_sentence(tmp_path, capsys):
    write_request(tmp_path / "in", np.uint16, [(7, 80, 120, 110, 152)])
    words = ["node21", "--input", str(tmp_path / "in"), "--output", str(tmp_path / "out")]
    assert main(words) == 1
    assert "slice 7 of 2" in capsys.readouterr().err
    (tmp_path / "in" / "nodules.json").write_text('{"boxes": [{"corners": [[1, 2]]}]}')
    assert main(words) == 1
    assert capsys.readouterr().err.startswith("nodules.json:")
    (tmp_path / "in" / "nodules.json").unlink()
    assert main(words) == 1
    assert "no such file" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
