"""The judge of generators that see the whole radiograph: blind repairs inside and outside, labels by what stays."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cxr_studio.cli.main import main
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import read_checkpoint, save_checkpoint
from cxr_studio.networks.registry import build
from cxr_studio.quality.checking import translations
from cxr_studio.quality.checking.check import check
from cxr_studio.quality.comparison.cells import CellMaker
from cxr_studio.quality.comparison.columns import columns_of
from cxr_studio.quality.comparison.hole_shapes import HoleShape
from cxr_studio.quality.comparison.panel import Case, Panel
from cxr_studio.quality.judging import Material, Run
from cxr_studio.quality.shipping import contest
from cxr_studio.quality.translate_evaluation import damaged_radiographs, label_score, means, repair_score, repaired
from cxr_studio.quality.whole_images import Redrawn
from cxr_studio.roles import look_up

CARD = Card("tiny-repair", "Tiny", Role.TRANSLATE, "pix2pix", {"width": 4, "depth": 4}, 64)


@pytest.fixture(autouse=True)
def _memory_is_measured_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translations, "megabytes_of", lambda _prepared, _device: 1.0)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    torch.manual_seed(2)
    path = tmp_path / "tiny.safetensors"
    save_checkpoint(path, build(CARD), CARD)
    return path


def test_damage_is_black_squares_in_the_lungs_and_the_same_every_time(images):
    cases = damaged_radiographs(images, each=2, seed=4)
    assert len(cases) == 4
    for case, again in zip(cases, damaged_radiographs(images, each=2, seed=4), strict=True):
        assert np.array_equal(case.mask, again.mask)
        assert case.mask.sum() == 64 * 64
        assert (case.stored[case.mask] == 0).all()
        assert np.array_equal(case.stored[~case.mask], case.radiograph.stored[~case.mask])


def test_a_perfect_repair_is_perfect_and_an_idle_one_leaves_the_damage(images):
    cases = damaged_radiographs(images, each=1)
    perfect = means(repaired(cases, lambda case: Redrawn(case.radiograph.stored, 0.1)))
    assert (perfect["psnr_inside"], perfect["psnr_outside"], perfect["changed"]) == (float("inf"), float("inf"), 0)
    assert perfect["ssim_inside"] == pytest.approx(1)
    idle = means(repaired(cases, lambda case: Redrawn(case.stored, 0.1)))
    assert idle["psnr_inside"] < 12
    assert idle["psnr_outside"] == float("inf")


def test_a_change_outside_counts_from_a_hundredth_of_the_grey_range(images):
    (case, *_) = damaged_radiographs(images, each=1)
    outside = np.argwhere(~case.mask & (case.radiograph.stored < 200))[:1000]
    for step, share in ((2, 0.0), (3, 1000 / (~case.mask).sum())):
        stored = case.radiograph.stored.copy()
        stored[tuple(outside.T)] += step
        assert repair_score(case, Redrawn(stored, 0.1)).changed == pytest.approx(share)


def test_with_a_label_the_patient_is_what_stays(images):
    (case, *_) = damaged_radiographs(images, each=1)
    image = case.radiograph
    lungs = np.zeros(image.shape, bool)
    lungs[50:150, 40:200] = True
    half = lungs.copy()
    half[:, 120:] = False
    same = label_score(image, Redrawn(image.stored, 0.1), lambda _stored: lungs)
    assert (same.psnr, same.ssim, same.difference, same.lungs) == (float("inf"), pytest.approx(1), 0, 1)
    shown = iter((lungs, half))
    other = label_score(image, Redrawn(255 - image.stored, 0.1), lambda _stored: next(shown))
    assert other.ssim < 0.5
    assert other.difference > 0.1
    assert other.lungs == pytest.approx(2 / 3)
    assert np.isnan(label_score(image, Redrawn(image.stored, 0.1), lambda _stored: None).lungs)


def test_an_untrained_network_repairs_nothing_and_is_told_so(tiny):
    found = {finding.name: finding for finding in check(look_up(str(tiny)), device="cpu")}
    assert not found["repairs what is damaged"].passed
    assert found["same seed, same pixels"].passed
    assert "the card says nothing" in found["scores as its card says"].words


def test_the_command_prints_inside_and_outside(tiny, images, tmp_path, capsys):
    words = ["--images", str(images), "--holes", "1", "--device", "cpu"]
    out = ["--json", str(tmp_path / "f.json"), "--sheet", str(tmp_path / "s.png")]
    assert main(["evaluate", "--generator", str(tiny), *words, *out]) == 0
    printed = capsys.readouterr().out
    assert "PSNR inside, dB" in printed
    assert "unchanged" in printed, "what was damaged only is as it was elsewhere"
    figures = json.loads((tmp_path / "f.json").read_text())
    assert set(figures) == {"Damaged, as it was given", "tiny"}
    assert 0 < figures["tiny"]["changed"] <= 1
    with Image.open(tmp_path / "s.png") as sheet:
        assert sheet.size == (2 * 256, 3 * 256)


def test_the_command_measures_each_label_on_any_device(tmp_path, images, capsys):
    parameters = {"labels": 2, "width": 4, "blocks": 1}
    card = Card("tiny-labels", "Tiny", Role.TRANSLATE, "stargan", parameters, 64, labels=("Effusion", "Pneumonia"))
    save_checkpoint(tmp_path / "tiny.safetensors", build(card), card)
    assert main(["evaluate", "--generator", str(tmp_path / "tiny.safetensors"), "--images", str(images)]) == 0
    printed = capsys.readouterr().out
    assert all(word in printed for word in ("Effusion", "Pneumonia", "Lungs, Dice"))


def test_one_that_repairs_nothing_is_not_shipped(tiny, images, monkeypatch):
    from cxr_studio.quality.judges import translate

    monkeypatch.setattr(translate.WholeDrawer, "translate", lambda _self, _image, stored, *_rest: Redrawn(stored, 0.1))
    verdict = contest(read_checkpoint(tiny), Material(images, holes=1), Run("cpu"))
    assert verdict.reasons == ("the damaged places are no nearer to the truth than before",)


def test_a_comparison_repairs_the_hole_that_it_is_not_told(tiny, images):
    case = Case("a", str(images / "healthy-1.png"), HoleShape("box", ((100.0, 100.0), (140.0, 150.0))))
    maker = CellMaker(Panel("one", (case,)), device="cpu")
    (column,) = columns_of([tiny])
    cell = maker.make(case, column)
    assert np.isfinite([cell.scores.psnr_db, cell.scores.ssim, cell.scores.grain]).all()
    assert cell.moments is not None
