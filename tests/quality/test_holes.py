"""Holes where images are small or oddly shaped, and reports as files."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.errors import StudioError
from cxr_studio.quality.evaluation import SURROUNDINGS, Way, as_json, evaluate, filled_patch, read_images, true_patch
from cxr_studio.quality.holes import SIDE, draw_holes
from cxr_studio.quality.sheet import write_sheet
from cxr_studio.radiographs.radiograph import Radiograph


def radiograph(folder: Path, shape: tuple[int, int]) -> tuple[Path, Radiograph]:
    noise = np.random.default_rng(6).integers(9_000, 30_000, shape).astype(np.uint16)
    Image.fromarray(noise).save(folder / "noise.png")
    ((path, image),) = read_images(folder)
    return path, image


@pytest.mark.parametrize("shape", [(128, 128), (128, 700), (640, 200)])
def test_holes_lie_whole_inside_any_image(tmp_path: Path, shape: tuple[int, int]) -> None:
    path, image = radiograph(tmp_path, shape)
    holes = draw_holes(image, path, count=60, seed=3)
    assert [hole.number for hole in holes] == list(range(60))
    for hole in holes:
        y0, x0, y1, x1 = hole.box
        assert (y1 - y0, x1 - x0) == (SIDE, SIDE)
        assert y0 >= SIDE - SIDE // 2
        assert x0 >= SIDE - SIDE // 2
        assert y1 <= shape[0] - (SIDE - SIDE // 2)
        assert x1 <= shape[1] - (SIDE - SIDE // 2)


def test_other_names_and_seeds_give_other_holes(tmp_path: Path) -> None:
    path, image = radiograph(tmp_path, (500, 500))
    first = [hole.box for hole in draw_holes(image, path, count=5, seed=3)]
    assert first == [hole.box for hole in draw_holes(image, Path("elsewhere") / path.name, count=5, seed=3)]
    assert first != [hole.box for hole in draw_holes(image, Path("other.png"), count=5, seed=3)]
    assert first == [hole.box for hole in draw_holes(image, path, count=9, seed=3)][:5]


@pytest.mark.parametrize("shape", [(127, 400), (400, 100)])
def test_an_image_too_small_is_refused(tmp_path: Path, shape: tuple[int, int]) -> None:
    path, image = radiograph(tmp_path, shape)
    with pytest.raises(StudioError, match=r"noise\.png: the radiograph is too small"):
        draw_holes(image, path, count=1, seed=3)


def test_a_folder_without_radiographs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="holds no radiographs"):
        read_images(tmp_path)


@pytest.mark.parametrize("margin", [0, SURROUNDINGS])
def test_a_filled_patch_differs_from_the_true_one_in_the_hole_alone(tmp_path: Path, margin: int) -> None:
    path, image = radiograph(tmp_path, (300, 280))
    (hole,) = draw_holes(image, path, count=1, seed=3)
    filled, seconds = filled_patch(hole, Way("telea", "match"), margin=margin)
    true = true_patch(hole, margin=margin)
    assert filled.shape == true.shape == (SIDE + 2 * margin,) * 2
    assert seconds > 0
    inside = np.zeros(true.shape, bool)
    inside[margin : margin + SIDE, margin : margin + SIDE] = True
    np.testing.assert_array_equal(filled[~inside], true[~inside])
    assert (filled != true)[inside].mean() > 0.9


def test_a_table_is_json_and_the_same_every_time(tmp_path: Path) -> None:
    path, image = radiograph(tmp_path, (300, 280))
    holes = draw_holes(image, path, count=2, seed=3)
    tables = [as_json(evaluate(holes, [Way("telea", "off"), Way("telea", "match")])) for _ in range(2)]
    for table in tables:
        assert json.loads(json.dumps(table)) == table
        assert [row["grain"] for row in table] == ["off", "match"]
        for row in table:
            assert row["holes"] == 2
            for figures in (row["mean"], row["sd"]):
                figures.pop("seconds")
                assert np.isfinite(list(figures.values())).all()
    assert tables[0] == tables[1]


@pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (6, 6, 1), (7, 6, 2)])
def test_the_sheet_breaks_after_six_holes(tmp_path: Path, count: int, columns: int, rows: int) -> None:
    path, image = radiograph(tmp_path, (300, 280))
    write_sheet(tmp_path / "sheet.png", draw_holes(image, path, count=count, seed=3), "telea")
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.mode == "L"
        width, height = sheet.size
    assert width == columns * 130
    assert height == rows * (4 * 130 + 12)
