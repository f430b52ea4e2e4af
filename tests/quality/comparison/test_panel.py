"""Panels: the bundled one, files, folders, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from cxr_studio.errors import ReadError, StudioError
from cxr_studio.masks.boxes import bounding_box
from cxr_studio.quality.comparison.hole_shapes import HoleShape
from cxr_studio.quality.comparison.loading import CaseLoader
from cxr_studio.quality.comparison.panel import Case, Panel, default_panel, panel_from_folder, read_panel, write_panel
from cxr_studio.resources import resource

HEAD = 'name = "P"\n[[case]]\nname = "a"\nimage = "chest.png"\n'


def test_the_bundled_panel_has_holes_of_many_shapes_inside_its_samples():
    panel = default_panel()
    loader = CaseLoader(panel)
    loaded = [loader.load(case) for case in panel.cases]
    assert {case.hole.kind for case in panel.cases} == {"box", "circle", "stroke"}
    assert sum(case.healthy for case in panel.cases) == 13
    assert sum(not case.healthy for case in panel.cases) == 3
    boxes = [bounding_box(one.mask) for one in loaded]
    assert max(box[2] - box[0] for box in boxes) > 128
    assert any(box[1] == 0 for box in boxes), "one lies at the image's edge"
    for one in loaded:
        height, width = one.crop_mask.shape
        assert one.original.shape == (height, width)
        assert one.crop_mask.sum() == one.mask.sum()
        assert one.original.min() >= -0.01
        assert one.original.max() <= 1.01


def test_a_panel_is_read_back_as_it_was_written(bench):
    mask = np.zeros((320, 288), np.uint8)
    mask[50:60, 70:90] = 255
    Image.fromarray(mask).save(bench.folder / "mask.png")
    drawn = Case("drawn", str(bench.folder / "chest.png"), HoleShape("mask", file=str(bench.folder / "mask.png")))
    panel = replace(bench.panel, cases=(*bench.panel.cases, drawn))
    write_panel(panel, bench.folder / "again" / "panel.toml")
    again = read_panel(bench.folder / "again" / "panel.toml")
    assert again == panel
    assert again.key == panel.key
    assert CaseLoader(again).load(again.case("drawn")).mask.sum() == 200


def test_the_key_changes_with_every_case(bench):
    other = replace(bench.panel.cases[0], seed=4)
    assert replace(bench.panel, cases=(other, *bench.panel.cases[1:])).key != bench.panel.key
    assert replace(bench.panel, grain="match").key != bench.panel.key


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "not understood"),
        ('name = "P"', "'case' is missing"),
        ("case = []", "no cases"),
        ("case = 3", "not understood"),
        (HEAD, "one of box, circle, stroke, mask"),
        (HEAD + "box = [1, 2, 3, 4]\ncircle = [1, 2, 3]", "not 2"),
        (HEAD + "box = [1, 2, 3]", r"a box is \[y0"),
        (HEAD + "box = [9, 9, 3, 20]", "above or left"),
        (HEAD + "circle = [1, 2, 0]", "radius above 0"),
        (HEAD + "circle = [1, 2, 'x']", "not understood"),
        (HEAD + "stroke = { points = [], radius = 3 }", "needs a point"),
        (HEAD + "box = [1, 2, 3, 4]\nseed = -1", "seed"),
        (HEAD + "box = [1, 2, 3, 4]\nhealty = true", "unknown entries: healty"),
        (HEAD + "box = [1, 2, 3, 4]\n" + HEAD.partition("\n")[2] + "box = [1, 2, 3, 4]", "several cases are called a"),
        ('grain = "some"\n' + HEAD + "box = [1, 2, 3, 4]", "grain"),
    ],
)
def test_a_faulty_panel_is_refused_in_a_sentence(tmp_path, text, words):
    (tmp_path / "panel.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match=words) as caught:
        read_panel(tmp_path / "panel.toml")
    assert "panel.toml" in str(caught.value)


def test_a_missing_panel_and_a_binary_one_are_refused(tmp_path):
    with pytest.raises(ReadError, match="cannot be read"):
        read_panel(tmp_path / "none.toml")
    (tmp_path / "panel.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ReadError, match="not understood"):
        read_panel(tmp_path / "panel.toml")


def test_a_hole_outside_its_image_names_the_case(bench):
    panel = Panel("p", (replace(bench.panel.cases[0], name="far", hole=HoleShape("circle", ((900, 900),), 5)),))
    with pytest.raises(StudioError, match=r"'far'.*outside the image"):
        CaseLoader(panel).load(panel.cases[0])


def test_a_folder_gives_seeded_holes_taken_in_turn(tmp_path):
    for name in ("healthy-1.png", "healthy-2.png"):
        (tmp_path / name).write_bytes(resource("samples", name).read_bytes())
    panel = panel_from_folder(tmp_path, 5, seed=4)
    assert panel == panel_from_folder(tmp_path, 5, seed=4)
    assert panel != panel_from_folder(tmp_path, 5, seed=5)
    assert [case.name for case in panel.cases][:3] == ["healthy-1, hole 1", "healthy-2, hole 1", "healthy-1, hole 2"]
    assert len(panel.cases) == 5
    loader = CaseLoader(panel)
    assert {int(loader.load(case).mask.sum()) for case in panel.cases} == {64 * 64}
    assert len(panel_from_folder(tmp_path, 1, seed=4).cases) == 1
    with pytest.raises(StudioError, match="no radiographs"):
        panel_from_folder(resource("qa"), 5, seed=1)
