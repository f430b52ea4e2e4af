"""Nodules measured: tables, realism, checks, promotion, sheet."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from cxr_studio.cli.main import main
from cxr_studio.errors import StudioError
from cxr_studio.generation.generators import facts_of
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import read_checkpoint, save_checkpoint
from cxr_studio.networks.registry import build
from cxr_studio.quality.checking.check import check
from cxr_studio.quality.nodule_evaluation import evaluate_nodules, score, simulated_panel
from cxr_studio.quality.nodule_ways import classical_ways, grained, kept, network_ways, program_ways
from cxr_studio.quality.realism import blobs, drawn_densities, realism
from cxr_studio.resources import resource
from cxr_studio.roles import look_up


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    folder = tmp_path_factory.mktemp("samples")
    for name in ("healthy-1.png", "healthy-2.png"):
        (folder / name).write_bytes(resource("samples", name).read_bytes())
    return folder


@pytest.fixture(scope="module")
def panel(samples):
    return simulated_panel(samples, None, count=8)


@pytest.fixture
def tiny(tmp_path):
    torch.manual_seed(1)
    card = Card(
        "tiny", "Tiny", Role.INSERT, "compact-texture", {"width": 4}, 64, mm_per_pixel=0.375, reference_side=1024
    )
    save_checkpoint(tmp_path / "tiny.safetensors", build(card), card)
    return read_checkpoint(tmp_path / "tiny.safetensors")


def test_pairs_are_the_same_for_a_seed_and_say_where_they_are_from(panel, samples):
    again = simulated_panel(samples, None, count=8)
    assert all(np.array_equal(a.real, b.real) for a, b in zip(panel.pairs, again.pairs, strict=True))
    assert set(panel.patients) == {"healthy-1", "healthy-2"}
    assert "used in training" in panel.words
    assert all(pair.real.shape == (256, 256) for pair in panel.pairs)


def test_the_truth_scores_perfectly_and_nothing_drawn_scores_worse(panel):
    pair = max(panel.pairs, key=lambda p: p.mask.sum())
    perfect, nothing = score(pair.real, pair), score(pair.healthy, pair)
    assert perfect.psnr == float("inf")
    assert perfect.masked_ssim == pytest.approx(1)
    assert perfect.grain == pytest.approx(1)
    assert perfect.fine == pytest.approx(1)
    assert nothing.masked_psnr < nothing.psnr
    assert nothing.masked_mae == pytest.approx(np.abs(pair.real - pair.healthy)[pair.mask].mean() / 2, rel=1e-4)


def test_being_told_the_density_helps_every_way(panel, tiny):
    ways = classical_ways(panel.pairs) | network_ways(tiny, panel.pairs, device="cpu")
    ways |= program_ways(tiny, panel.pairs, device="cpu")
    rows = {row.title: row.mean.masked_psnr for row in evaluate_nodules(panel.pairs, ways)}
    assert rows["Biharmonic + rounded body, density given"] > rows["Biharmonic + rounded body"]
    assert rows["Tiny, density given"] > rows["Tiny"]
    assert rows["Biharmonic + rounded body"] > rows["Telea + mean contrast"]
    assert rows["Tiny, own background"] > rows["Tiny"]
    assert all(np.isfinite(value) for value in rows.values())


def test_the_observer_sees_a_square_and_not_the_truth(panel, samples):
    many = simulated_panel(samples, None, count=48, seed=5)
    groups = [f"{k // 8} {k % 2}" for k in range(len(many.pairs))]  # of one radiograph each
    marked = []
    for pair in many.pairs:
        patch = pair.real.copy()
        patch[120:136, 120:136] = 1.0
        marked.append(patch)
    seen = realism("square", marked, many.pairs, groups=groups)
    assert seen.accuracy > 0.9
    assert seen.low <= seen.accuracy <= seen.high
    honest = realism("truth", [pair.real for pair in many.pairs], many.pairs, groups=groups)
    assert honest.accuracy < 0.75


def test_sources_draw_into_every_pair(panel, tiny):
    densities = drawn_densities(len(panel.pairs))
    for drawn in (
        kept(tiny, panel.pairs, densities, device="cpu"),
        grained(tiny, panel.pairs, densities, device="cpu"),
        blobs(panel.pairs),
    ):
        for patch, pair in zip(drawn, panel.pairs, strict=True):
            assert (patch - pair.healthy)[pair.mask].mean() > 0
            assert np.array_equal(patch[:20], pair.healthy[:20])


def test_the_shipped_texture_generator_passes_its_checks():
    findings = check(look_up("nodule-texture"), device="cpu")
    assert [f.name for f in findings if not f.passed] == []
    assert {"in range", "one grey, noise, a corner", "memory"} < {f.name for f in findings}


@pytest.mark.parametrize("shipped", [False, True])
def test_only_what_ships_has_to_state_a_score(tiny, monkeypatch, shipped):
    monkeypatch.setattr("cxr_studio.quality.checking.stated.ships", lambda _checkpoint: shipped)
    failed = [f.name for f in check(facts_of("tiny", tiny), device="cpu") if not f.passed]
    assert ("scores as its card says" in failed) is shipped


def test_commands_measure_and_promote(tiny, samples, tmp_path, capsys):
    words = ["--images", str(samples), "--pairs", "8", "--device", "cpu"]
    sheet, figures = tmp_path / "sheet.png", tmp_path / "figures.json"
    out = ["--sheet", str(sheet), "--json", str(figures)]
    assert main(["evaluate", "--generator", str(tiny.path), *words, *out]) == 0
    assert "Tiny, density given" in capsys.readouterr().out
    assert json.loads(figures.read_text())["pairs"] == 8
    assert sheet.stat().st_size > 10_000
    code = main(["promote", str(tiny.path), *words, "--to", str(tmp_path / "shipped")])
    told = capsys.readouterr()
    assert code in (0, 1)
    assert (code == 0) == (tmp_path / "shipped" / "tiny.safetensors").exists()
    assert "Shipped" in told.out or "Not shipped" in told.err
    assert main(["evaluate", "--generator", str(tiny.path)]) == 1
    assert "--images" in capsys.readouterr().err


def test_small_radiographs_are_refused(tmp_path):
    from PIL import Image

    Image.fromarray(np.zeros((200, 200), np.uint8)).save(tmp_path / "small.png")
    with pytest.raises(StudioError, match="smaller than a patch"):
        simulated_panel(tmp_path, None, count=2)
