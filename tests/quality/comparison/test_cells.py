"""Cells: figures, cache, what other roles do, and that looking at what was made needs no torch."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from cxr_studio.errors import Cancelled, CheckpointError, GeneratorError
from cxr_studio.events import CancelToken
from cxr_studio.masks.boxes import cut
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import save_checkpoint
from cxr_studio.networks.registry import build
from cxr_studio.quality.comparison import drawing, making
from cxr_studio.quality.comparison.cells import CellCache, CellMaker
from cxr_studio.quality.comparison.columns import columns_of
from cxr_studio.quality.comparison.hole_shapes import HoleShape
from cxr_studio.quality.comparison.panel import Case, Panel
from cxr_studio.quality.evaluation import Way, score
from cxr_studio.quality.holes import Hole
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource
from tests.quality.comparison.comparison_bench import write_snapshot

ROOT = Path(__file__).parents[3]


@pytest.fixture
def maker(bench):
    return CellMaker(bench.panel, cache=CellCache(bench.folder / "cache"), device="cpu")


@pytest.fixture
def columns(bench):
    return columns_of([bench.run, "telea"])


def files(bench) -> list[Path]:
    return sorted((bench.folder / "cache").rglob("*.cell"))


def test_a_cell_fills_the_hole_and_nothing_else(maker, columns):
    for case in maker.panel.cases:
        loaded, cell = maker.loaded(case), maker.make(case, columns[0])
        changed = cell.filled != loaded.original
        assert changed[loaded.crop_mask].mean() > 0.5
        assert not changed[~loaded.crop_mask].any()
        assert np.isfinite(cell.scores.psnr_db) == case.healthy
        assert np.isfinite(cell.scores.seam)
        assert cell.scores.milliseconds > 0


def test_figures_of_a_square_are_those_of_the_evaluation():
    radiograph = read_radiograph(resource("samples", "healthy-1.png"))
    box = (330, 230, 394, 294)
    panel = Panel("one", (Case("a", "sample:healthy-1.png", HoleShape("box", (box[:2], box[2:])), seed=1),))
    column = columns_of(["telea"])[0]
    measured = CellMaker(panel, device="cpu").make(panel.cases[0], column).scores
    expected = score(Hole(radiograph, "healthy-1.png", box, 1), Way("telea", "off"))
    assert measured.psnr_db == pytest.approx(expected.psnr, abs=1e-3)
    assert measured.grain == pytest.approx(expected.grain, rel=1e-4)
    assert measured.seam == pytest.approx(expected.seam, rel=1e-4)
    assert measured.ssim == pytest.approx(expected.ssim, abs=0.1)
    assert measured.ssim > expected.ssim, "at the hole's edge a window sees what is known"


def test_what_was_made_is_not_made_again_and_is_the_same(bench, maker, columns, monkeypatch):
    case, column = maker.panel.cases[0], columns[0]
    assert maker.cached(case, column) is None
    made = maker.make(case, column)
    monkeypatch.setattr(drawing, "drawn_case", None)
    again = CellMaker(bench.panel, cache=CellCache(bench.folder / "cache"), device="cpu")
    for found in (again.make(case, column), again.cached(case, column)):
        assert np.array_equal(found.filled, made.filled)
        assert found.filled.dtype == np.float32
        assert found.scores == made.scores
        assert found.moments.count == made.moments.count
        assert np.allclose(found.moments.scatter, made.moments.scatter, rtol=1e-5, atol=1e-5)
    figures = again.figures(case, column)
    assert figures.scores == made.scores
    assert figures.truth.count == made.moments.count


def test_another_seed_mask_grain_snapshot_or_device_is_another_cell(bench, maker, columns):
    case = maker.panel.cases[0]
    maker.make(case, columns[0])
    assert maker.cached(case, columns[1]) is None
    for change in ({"seed": 9}, {"hole": HoleShape("circle", ((128, 78),), 8)}, {"healthy": False}):
        other = replace(case, name="other", **change)
        assert maker.cached(other, columns[0]) is None, change
    matched = CellMaker(replace(bench.panel, grain="match"), cache=maker.cache, device="cpu")
    assert matched.cached(case, columns[0]) is None
    assert CellMaker(bench.panel, cache=maker.cache, device="auto").cached(case, columns[0]) is None


@pytest.mark.parametrize("damage", ["empty", "torn", "flipped", "text"])
def test_a_damaged_cell_is_made_again(bench, maker, columns, damage):
    case, column = maker.panel.cases[0], columns[0]
    made = maker.make(case, column)
    for file in files(bench):
        content = bytearray(file.read_bytes())
        half = len(content) // 2
        content[half] ^= 0xFF
        file.write_bytes({"empty": b"", "torn": content[:half], "flipped": content, "text": b"hello, world"}[damage])
    assert maker.cached(case, column) is None or damage == "flipped"
    again = CellMaker(bench.panel, cache=maker.cache, device="cpu").make(case, column)
    assert np.array_equal(again.filled, made.filled)


def test_a_flipped_byte_anywhere_is_never_taken_for_a_cell(bench, maker, columns):
    case, column = maker.panel.cases[0], columns[0]
    made = maker.make(case, column)
    (file,) = [f for f in files(bench) if maker.cache.figures(f.stem)[0] == made.scores]
    content = file.read_bytes()
    for place in range(9, len(content), max(1, len(content) // 97)):
        file.write_bytes(content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :])
        found = maker.cached(case, column)
        assert found is None or (np.array_equal(found.filled, made.filled) and found.scores == made.scores), place


def test_the_least_used_cells_go_when_the_cache_is_full(bench, columns):
    case = bench.panel.cases[0]
    roomy = CellMaker(bench.panel, cache=CellCache(bench.folder / "cache"), device="cpu")
    roomy.make(case, columns[0])
    roomy.make(case, columns[1])
    size = sum(file.stat().st_size for file in files(bench))
    tight = CellMaker(bench.panel, cache=CellCache(bench.folder / "cache", limit=size + 10), device="cpu")
    tight.cached(case, columns[0])
    tight.make(case, columns[2])
    assert tight.cached(case, columns[2]) is not None
    assert tight.cached(case, columns[1]) is None
    assert sum(file.stat().st_size for file in files(bench)) <= size + 10


def test_where_nothing_can_be_written_cells_are_still_shown_and_counted(bench, columns):
    (bench.folder / "file").write_text("in the way", encoding="utf-8")
    maker = CellMaker(bench.panel, cache=CellCache(bench.folder / "file"), device="cpu")
    for case in bench.panel.cases:
        maker.make(case, columns[0])
    scores = maker.column_scores(columns[0])
    assert scores.complete
    assert np.isfinite(scores.value("frechet"))
    assert maker.cached(bench.panel.cases[0], columns[0]) is not None


def test_a_nodule_checkpoint_draws_a_nodule_at_the_place(tmp_path):
    torch.manual_seed(1)
    card = Card("t", "Tiny", Role.INSERT, "compact-texture", {"width": 4}, 64, mm_per_pixel=0.375, reference_side=1024)
    save_checkpoint(tmp_path / "tiny.safetensors", build(card), card)
    (column,) = columns_of([tmp_path / "tiny.safetensors"])
    case = Case("a", "sample:healthy-1.png", HoleShape("circle", ((420, 290),), 15))
    maker = CellMaker(Panel("one", (case,)), device="cpu")
    cell, loaded = maker.make(case, column), maker.loaded(case)
    changed = cell.filled != loaded.original
    assert changed[loaded.crop_mask].mean() > 0.5
    rows, across = np.nonzero(changed)
    assert abs(rows.mean() + loaded.box[0] - 420) < 3
    assert abs(across.mean() + loaded.box[1] - 290) < 3
    assert np.isnan([cell.scores.psnr_db, cell.scores.ssim, cell.scores.mae]).all()
    assert np.isfinite([cell.scores.grain, cell.scores.seam, cell.scores.milliseconds]).all()
    assert making.placement_at(loaded, column.generator).diameter == pytest.approx(30, abs=0.6)


def test_a_built_in_generator_of_nodules_is_compared_too():
    (column,) = columns_of(["ct-superposition"])
    case = Case("a", "sample:healthy-1.png", HoleShape("circle", ((420, 290),), 15))
    maker = CellMaker(Panel("one", (case,)), device="cpu")
    cell, loaded = maker.make(case, column), maker.loaded(case)
    assert column.role is Role.INSERT
    assert (cell.filled != loaded.original)[loaded.crop_mask].mean() > 0.5


def test_a_checkpoint_of_another_role_is_refused_in_a_sentence(maker):
    (column,) = columns_of(["lungs"])
    with pytest.raises(GeneratorError, match="draws into no hole"):
        maker.make(maker.panel.cases[0], column)


def test_making_can_be_cancelled(maker, columns):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        maker.make(maker.panel.cases[0], columns[0], cancel=cancel)


def test_a_fill_that_reaches_beyond_the_crop_is_cut(maker):
    case = maker.panel.cases[1]
    loaded = maker.loaded(case)
    assert loaded.original.shape == loaded.radiograph.stored[cut(loaded.box)].shape


LOOK = """
import sys
from pathlib import Path
from cxr_studio.quality.comparison.cells import CellCache, CellMaker
from cxr_studio.quality.comparison.columns import RunWatch
from cxr_studio.quality.comparison.curves import journal_curves, measured_curves
from cxr_studio.quality.comparison.panel import read_panel
folder = Path(sys.argv[1])
maker = CellMaker(read_panel(folder / "panel.toml"), cache=CellCache(folder / "cache"), device="cpu")
columns = RunWatch([folder / "run"]).new()
assert all(maker.cached(case, columns[0]) is not None for case in maker.panel.cases)
scores = {columns[0].key: maker.column_scores(columns[0])}
assert scores[columns[0].key].complete
assert len(journal_curves(columns)) == 2 and measured_curves(columns, scores)
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""


def test_looking_at_what_was_made_needs_neither_torch_nor_qt(bench, maker, columns):
    for case in bench.panel.cases:
        maker.make(case, columns[0])
    command = [sys.executable, "-c", LOOK, str(bench.folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not {"torch", "matplotlib", "PySide6", "skimage"}.intersection(done.stdout.split())


def test_a_better_network_scores_better_and_is_nearer_in_distribution(bench, maker):
    """Weights of nothing leave the biharmonic fill; wild ones spoil it."""
    write_snapshot(bench.run, 90, scale=0.0)
    write_snapshot(bench.run, 91, scale=0.6)
    plain, wild = columns_of([bench.run])[-2:]
    for case in bench.panel.cases:
        maker.make(case, plain)
        maker.make(case, wild)
    good, bad = maker.column_scores(plain), maker.column_scores(wild)
    assert good.value("psnr_db") > bad.value("psnr_db")
    assert good.value("mae") < bad.value("mae")
    assert good.value("frechet") < bad.value("frechet")


def test_the_means_of_a_whole_column_are_kept_and_damaged_ones_found_anew(bench, maker, columns, monkeypatch):
    maker.make(bench.panel.cases[0], columns[0])
    assert not maker.column_scores(columns[0]).complete
    for case in bench.panel.cases:
        maker.make(case, columns[0])
    first = maker.column_scores(columns[0], journal={"d_real": 0.5})
    (file,) = (bench.folder / "cache").rglob("*.json")
    for damage in (b"", b"[1]", b'{"psnr_db": "x"}', b"\xff"):
        file.write_bytes(damage)
        assert maker.column_scores(columns[0]).means == first.means
    monkeypatch.setattr(maker, "figures", None)
    assert maker.column_scores(columns[0], journal={"d_real": 0.5}) == first


def test_a_panel_of_abnormal_cases_has_no_figures(bench, maker, columns):
    panel = Panel("abnormal", (bench.panel.cases[2],))
    scores = CellMaker(panel, cache=maker.cache, device="cpu").column_scores(columns[0])
    assert (scores.cases, scores.total) == (0, 0)
    assert np.isnan(scores.value("psnr_db"))


def test_a_file_that_was_replaced_or_taken_away_is_refused(bench, maker, columns):
    case = bench.panel.cases[0]
    maker.make(case, columns[0])
    write_snapshot(bench.run, 10, scale=0.01)
    columns[1].path.unlink()
    for column, words in ((columns[0], "has changed"), (columns[1], "no such file")):
        with pytest.raises(CheckpointError, match=words):
            maker.make(bench.panel.cases[1], column)
    assert maker.make(case, columns[0]).scores.milliseconds > 0, "what was made stays"
