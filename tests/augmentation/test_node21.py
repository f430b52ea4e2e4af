"""The NODE21 generation interface."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from cxr_studio.cli.main import main
from tests.conftest import SHARED, draw_phantom

CASES = SHARED.parent / "cases"


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


def command(folder: Path) -> list[str]:
    return ["node21", "--input", str(folder / "in"), "--output", str(folder / "out")]


@pytest.mark.parametrize("dtype", [np.uint16, np.float32, np.int32, np.float64])
def test_every_box_gets_a_nodule_and_the_rest_stays(tmp_path, dtype, capsys):
    boxes = [(0, 80, 120, 110, 152), (0, 190, 140, 214, 160), (1, 80, 150, 104, 172)]
    stack = write_request(tmp_path / "in", dtype, boxes)
    assert main([*command(tmp_path), "--units", "px"]) == 0
    before, after = (sitk.ReadImage(str(tmp_path / part / "request.mha")) for part in ("in", "out"))
    assert after.GetSpacing() == before.GetSpacing()
    assert after.GetOrigin() == before.GetOrigin()
    drawn = sitk.GetArrayFromImage(after)
    assert drawn.dtype == stack.dtype
    assert drawn.shape == stack.shape
    far = np.ones(stack.shape, bool)
    for z, x0, y0, x1, y1 in boxes:
        assert (drawn[z, y0:y1, x0:x1] > stack[z, y0:y1, x0:x1]).mean() > 0.25
        far[z, y0:y1, x0:x1] = False
    assert (drawn[far] == stack[far]).all()
    capsys.readouterr()


def test_requests_that_cannot_be_met_are_one_sentence(tmp_path, capsys):
    write_request(tmp_path / "in", np.uint16, [(7, 80, 120, 110, 152)])
    words = command(tmp_path)
    assert main(words) == 1
    assert "slice 7 of 2" in capsys.readouterr().err
    (tmp_path / "in" / "nodules.json").write_text('{"boxes": [{"corners": [[1, 2]]}]}')
    assert main(words) == 1
    assert capsys.readouterr().err.startswith("nodules.json:")
    (tmp_path / "in" / "nodules.json").unlink()
    assert main(words) == 1
    assert "no such file" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def put_boxes(folder: Path, *corners: list[list[float]]) -> None:
    (folder / "nodules.json").write_text(json.dumps({"boxes": [{"corners": each} for each in corners]}))


def box(x0: float, y0: float, x1: float, y1: float, z: float = 0) -> list[list[float]]:
    return [[x1, y1, z], [x0, y1, z], [x0, y0, z], [x1, y0, z]]


def put_stack(folder: Path, values: np.ndarray, spacing: tuple[float, ...]) -> None:
    folder.mkdir(exist_ok=True)
    image = sitk.GetImageFromArray(values, isVector=False)
    image.SetSpacing(spacing)
    sitk.WriteImage(image, str(folder / "stack.mha"))


def read(path: Path) -> np.ndarray:
    return np.asarray(sitk.GetArrayFromImage(sitk.ReadImage(str(path))))


def extents(path: Path) -> list[tuple[float, float, float, float]]:
    listed = [np.array(one["corners"]) for one in json.loads(path.read_text())["boxes"]]
    return [(*c[:, :2].min(axis=0), *c[:, :2].max(axis=0)) for c in listed]  # type: ignore[misc]


def changed(before: np.ndarray, after: np.ndarray) -> tuple[int, int, int, int]:
    y, x = np.nonzero(before != after)
    return int(x.min()), int(y.min()), int(x.max()) + 1, int(y.max()) + 1


def within(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


@pytest.mark.parametrize("generator", ["ct-superposition", "nodule-texture"])
@pytest.mark.parametrize("size", [(60, 60), (31.5, 30), (60, 38), (14, 22), (9, 9)])
def test_a_nodule_stays_in_its_box_and_its_label_is_what_was_drawn(tmp_path, generator, size, capsys):
    stack = np.stack([draw_phantom(320, 288)] * 3)
    put_stack(tmp_path / "in", stack, (1.0, 1.0, 1.0))
    wanted = [(70.3, 110.6, 70.3 + size[0], 110.6 + size[1])] * 3
    put_boxes(tmp_path / "in", *(box(*each, z) for z, each in enumerate(wanted)))
    assert main([*command(tmp_path), "--generator", generator]) == 0
    assert "boxes in pixels, as it has no pixel spacing" in capsys.readouterr().out
    drawn = read(tmp_path / "out" / "stack.mha")
    labels = extents(tmp_path / "out" / "nodules.json")
    for z, (outer, label) in enumerate(zip(wanted, labels, strict=True)):
        touched = changed(stack[z], drawn[z])
        assert within(touched, outer)
        assert within(label, outer)
        assert max((label[2] - label[0]) / size[0], (label[3] - label[1]) / size[1]) > 0.6
        rise = drawn[z].astype(float) - stack[z]
        strong = changed(rise > 0.25 * rise.max(), np.zeros_like(stack[z], bool))
        assert within(strong, (label[0] - 2, label[1] - 2, label[2] + 2, label[3] + 2))


def test_boxes_are_in_millimetres_where_there_is_spacing(tmp_path, capsys):
    stack = draw_phantom(320, 288)[None]
    put_stack(tmp_path / "in", stack, (0.5, 0.25, 1.0))
    put_boxes(tmp_path / "in", box(40, 30, 60, 45))
    assert main(command(tmp_path)) == 0
    assert "boxes in millimetres from its first pixel, as it has a spacing of 0.5 × 0.25 mm" in capsys.readouterr().out
    drawn = read(tmp_path / "out" / "stack.mha")
    assert within(changed(stack[0], drawn[0]), (80, 120, 120, 180))
    (label,) = extents(tmp_path / "out" / "nodules.json")
    assert within(label, (40, 30, 60, 45))
    assert main([*command(tmp_path), "--units", "px"]) == 0
    assert "boxes in pixels, as --units says" in capsys.readouterr().out
    drawn = read(tmp_path / "out" / "stack.mha")
    assert within(changed(stack[0], drawn[0]), (40, 30, 60, 45))


def test_millimetres_without_spacing_are_refused(tmp_path, capsys):
    put_stack(tmp_path / "in", draw_phantom(320, 288)[None], (1.0, 1.0, 1.0))
    put_boxes(tmp_path / "in", box(40, 30, 60, 45))
    assert main([*command(tmp_path), "--units", "mm"]) == 1
    assert capsys.readouterr().err.startswith("stack.mha: the stack has no pixel spacing")


TURNED = [[60, 40, 0], [80, 60, 0], [60, 80, 0], [40, 60, 0]]


@pytest.mark.parametrize(
    ("corners", "words"),
    [
        (box(50, 60, 50, 60), "has no size"),
        (box(50, 60, 90, 60), "has no size"),
        (box(50, 60, 130, 90), "80 × 30 pixels, far from square"),
        (box(50, 60, 80, 90, 0.5), "lies between two slices"),
        ([[80, 90, 0], [50, 90, 1], [50, 60, 0], [80, 60, 0]], "lies in several slices"),
        (box(50, 60, 80, 90, 2), "asks for slice 2 of 2"),
        (box(50, 60, 80, 90, -1), "asks for slice -1 of 2"),
        (box(270, 60, 300, 90), "does not lie in the image of 288 × 320 pixels"),
        (box(-10, 60, 20, 90), "does not lie in the image"),
        (box(500, 600, 530, 630), "does not lie in the image"),
        (box(50, 60, 53, 63), "cannot be filled: no nodule of 5 pixels or more"),
        (box(float("nan"), 60, 53, 63), "not a number"),
        (TURNED, "not a rectangle along the axes"),
    ],
)
def test_a_box_that_makes_no_sense_is_refused_with_file_and_number(tmp_path, corners, words, capsys):
    put_stack(tmp_path / "in", np.stack([draw_phantom(320, 288)] * 2), (1.0, 1.0, 1.0))
    put_boxes(tmp_path / "in", box(50, 60, 80, 90), corners)
    assert main(command(tmp_path)) == 1
    told = capsys.readouterr().err
    assert told.startswith("nodules.json: box 2 (x ")
    assert words in told
    assert not (tmp_path / "out").exists()


def test_stacks_of_another_dimension_are_refused(tmp_path, capsys):
    put_stack(tmp_path / "in", draw_phantom(128, 100)[None, None], (1.0, 1.0, 1.0, 1.0))
    put_boxes(tmp_path / "in", box(50, 60, 80, 90))
    assert main(command(tmp_path)) == 1
    assert capsys.readouterr().err.startswith("stack.mha: the stack has 4 dimensions")
    colour = sitk.GetImageFromArray(np.zeros((100, 120, 3), np.uint8), isVector=True)
    sitk.WriteImage(colour, str(tmp_path / "in" / "stack.mha"))
    assert main(command(tmp_path)) == 1
    assert "in colour" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_request_is_never_written_over(tmp_path, capsys):
    stack = write_request(tmp_path / "in", np.uint16, [(0, 30, 50, 50, 72)])
    assert main(["node21", "--input", str(tmp_path / "in"), "--output", str(tmp_path / "in")]) == 1
    assert "cannot be overwritten" in capsys.readouterr().err
    assert (read(tmp_path / "in" / "request.mha") == stack).all()


@pytest.mark.shared
def test_case_03_is_taken_in_millimetres(tmp_path, capsys):
    assert main(["node21", "--input", str(CASES / "03"), "--output", str(tmp_path / "out")]) == 0
    assert "millimetres" in capsys.readouterr().out
    before, after = read(CASES / "03" / "stack.mha"), read(tmp_path / "out" / "stack.mha")
    assert within(changed(before[0], after[0]), (140, 100, 180, 140))


@pytest.mark.shared
@pytest.mark.parametrize("case", ["zero_size", "thin", "half_slice", "outside", "4d"])
def test_cases_16_are_refused_with_file_and_box(tmp_path, case, capsys):
    assert main(["node21", "--input", str(CASES / "16" / case), "--output", str(tmp_path / "out")]) == 1
    told = capsys.readouterr().err
    assert told.startswith("stack.mha: the stack has 4 dim" if case == "4d" else "nodules.json: box 1 (x ")
    assert not (tmp_path / "out").exists()
