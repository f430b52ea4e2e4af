"""The judge of generators that keep a box: the box to the bit, distances from real radiographs, seeds, seam."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cxr_studio.cli.main import main
from cxr_studio.generation.generators import facts_of
from cxr_studio.masks.boxes import cut
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import read_checkpoint, save_checkpoint
from cxr_studio.networks.registry import build
from cxr_studio.quality.checking import surrounds
from cxr_studio.quality.checking.check import check
from cxr_studio.quality.checking.stated import as_stated
from cxr_studio.quality.comparison.cells import CellMaker
from cxr_studio.quality.comparison.columns import columns_of
from cxr_studio.quality.comparison.hole_shapes import HoleShape
from cxr_studio.quality.comparison.panel import Case, Panel
from cxr_studio.quality.judging import Material, Run
from cxr_studio.quality.shipping import contest, ship
from cxr_studio.quality.surround_evaluation import Boxed, boxed_radiographs, control, measured
from cxr_studio.quality.whole_images import Redrawn
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource
from cxr_studio.roles import look_up

CARD = Card("tiny-around", "Tiny", Role.SURROUND, "pix2pix", {"width": 4, "depth": 4}, 64, stochastic=True)


@pytest.fixture(autouse=True)
def _memory_is_measured_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surrounds, "megabytes_of", lambda _prepared, _device: 1.0)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    torch.manual_seed(2)
    path = tmp_path / "tiny.safetensors"
    save_checkpoint(path, build(CARD), CARD)
    return path


def test_an_untrained_network_keeps_its_box_and_is_told_that_it_shows(tiny):
    found = {finding.name: finding for finding in check(look_up(str(tiny)), device="cpu")}
    assert [name for name, one in found.items() if not one.passed] == ["seam"]
    assert "pixels drawn around" in found["the box is kept, bit for bit"].words
    assert found["another seed"].words.endswith("the card says so")


def test_a_card_that_lies_about_seeds_or_its_score_is_found(tiny):
    image = read_radiograph(resource("samples", "healthy-1.png"))
    case = Boxed("a", image, (100, 100, 140, 150))
    same, other = Redrawn(image.stored, 0.1), Redrawn(255 - image.stored, 0.1)
    facts = facts_of("x", read_checkpoint(tiny))
    assert surrounds._varied(facts, case, same, other).passed
    assert not surrounds._varied(facts, case, same, same).passed
    assert not surrounds._varied(replace(facts, stochastic=False), case, same, other).passed
    lying = replace(facts, card=replace(CARD, scores={surrounds.SAMPLE_SCORE: 0.9}))
    finding = as_stated(lying, 0.2, 0.01, score=surrounds.SAMPLE_SCORE, shown="{:.4f} of the grey range")
    assert (finding.passed, "0.9000" in finding.words) == (False, True)


def test_a_changed_pixel_of_the_box_is_found():
    image = read_radiograph(resource("samples", "healthy-1.png"))
    case = Boxed("a", image, (100, 100, 140, 150))
    stored = np.zeros_like(image.stored)
    stored[cut(case.box)] = image.stored[cut(case.box)]
    stored[120, 120] ^= 1
    finding = surrounds._kept({"in a lung": case}, {"in a lung": Redrawn(stored, 0.1)})
    assert (finding.passed, finding.words) == (False, "1 pixels of a box in a lung changed")


def test_the_original_is_no_distance_from_itself_and_black_is_far(images):
    cases = boxed_radiographs(images, each=1)
    real = control(cases)
    same = measured("same", cases, lambda case, _seed: Redrawn(case.radiograph.stored, 0.5))
    assert (same.boxes, same.changed, same.varied, same.moved) == (2, 0, 0, 0)
    assert same.frechet == pytest.approx(0, abs=1e-5)
    assert same.seam == pytest.approx(real.seam)
    assert same.seconds == 0.5

    def black(case, seed):
        stored = np.full_like(case.radiograph.stored, 10 * (seed % 2))
        stored[cut(case.box)] = case.radiograph.stored[cut(case.box)]
        return Redrawn(stored, 0.5)

    far = measured("black", cases, black)
    assert far.frechet > real.frechet
    assert far.kernel > abs(real.kernel)
    assert far.varied == pytest.approx(10 / 255, rel=1e-3)
    assert far.seam > 2 * same.seam


def test_boxes_come_from_the_table_where_there_is_one(images, tmp_path):
    random = boxed_radiographs(images, each=3, seed=1)
    again = boxed_radiographs(images, each=3, seed=1)
    assert [one.box for one in random] == [one.box for one in again]
    assert [one.box for one in random] != [one.box for one in boxed_radiographs(images, each=3, seed=2)]
    assert all(0 <= y0 < y1 <= 256 and 0 <= x0 < x1 <= 256 for y0, x0, y1, x1 in (one.box for one in random))
    (tmp_path / "healthy-1.png").write_bytes((images / "healthy-1.png").read_bytes())
    (tmp_path / "boxes.csv").write_text("image,finding,x,y,width,height\nhealthy-1.png,Nodule,20,30,40,50\n")
    assert [one.box for one in boxed_radiographs(tmp_path, each=3)] == [(30, 20, 80, 60)]


def test_the_command_prints_distances_with_their_features(tiny, images, tmp_path, capsys):
    words = ["--images", str(images), "--holes", "1", "--device", "cpu"]
    out = ["--json", str(tmp_path / "f.json"), "--sheet", str(tmp_path / "s.png")]
    assert main(["evaluate", "--generator", str(tiny), *words, *out]) == 0
    printed = capsys.readouterr().out
    assert "Features: third level of the shipped context encoder" in printed
    own, real = json.loads((tmp_path / "f.json").read_text())
    assert own["changed"] == 0
    assert own["varied"] > 0
    assert own["frechet"] > real["frechet"]
    with Image.open(tmp_path / "s.png") as sheet:
        assert sheet.size == (2 * 256, 3 * 256)


def test_a_better_one_is_shipped_with_its_scores_and_the_same_one_is_not(tiny, images, tmp_path, monkeypatch):
    snapshot, material = read_checkpoint(tiny), Material(images, holes=1)
    verdict = contest(snapshot, material, Run("cpu"))
    assert verdict.reasons == ()
    monkeypatch.setenv("CXR_STUDIO_MODELS", str(tmp_path / "models"))
    path = ship(snapshot, verdict.scores, tmp_path / "models")
    assert read_checkpoint(path).card.scores[surrounds.SAMPLE_SCORE] == verdict.scores[surrounds.SAMPLE_SCORE]
    again = contest(snapshot, material, Run("cpu"))
    assert any("the shipped one's kernel distance" in reason for reason in again.reasons)


def test_a_comparison_shows_what_is_drawn_around_the_holes_box(tiny, images):
    case = Case("a", str(images / "healthy-1.png"), HoleShape("box", ((100.0, 100.0), (140.0, 150.0))))
    maker = CellMaker(Panel("one", (case,)), device="cpu")
    (column,) = columns_of([tiny])
    cell, loaded = maker.make(case, column), maker.loaded(case)
    assert (cell.filled == loaded.original)[loaded.crop_mask].all()
    assert (cell.filled != loaded.original)[~loaded.crop_mask].mean() > 0.9
    assert np.isnan(cell.scores.psnr_db)
    assert cell.scores.seam > 1
