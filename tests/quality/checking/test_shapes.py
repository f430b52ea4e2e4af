"""Checks, evaluation and promotion of shape generators: the shipped one holds, a bad one is told."""

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
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import Checkpoint, read_checkpoint, restate, save_checkpoint
from cxr_studio.networks.registry import build
from cxr_studio.nodules import ct_library, ct_silhouettes
from cxr_studio.quality import shape_evaluation
from cxr_studio.quality.checking import shapes as shape_checks
from cxr_studio.quality.checking.check import check
from cxr_studio.quality.checking.limits import read_limits
from cxr_studio.quality.judges import shape as shape_judge
from cxr_studio.roles import find, look_up, offered

CARD = Card("nodule-shapes", "Untaught", Role.SHAPE, "shape-generator", {"latent": 6, "channels": [8, 6]}, 128)


@pytest.fixture
def untaught(tmp_path: Path) -> Checkpoint:
    torch.manual_seed(1)
    network = build(CARD)
    with torch.no_grad():
        for weight in network.parameters():
            weight.mul_(6.0)  # a field that is above zero here and there
    save_checkpoint(tmp_path / "untaught.safetensors", network, CARD)
    return read_checkpoint(tmp_path / "untaught.safetensors")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (shape_checks, shape_evaluation, shape_judge):
        monkeypatch.setattr(room, "DRAWS", 24)
        monkeypatch.setattr(room, "held_out_shapes", lambda: ct_silhouettes.held_out_shapes()[::20])
    monkeypatch.setattr(shape_evaluation, "COMPARED", 6)
    monkeypatch.setattr(shape_evaluation, "bundled_library", lambda: ct_library.bundled_library()[::20])


def passed(checkpoint: Checkpoint) -> dict[str, bool]:
    return {finding.name: finding.passed for finding in check(facts_of("x", checkpoint))}


def test_the_shipped_shapes_hold() -> None:
    """One measurement of 1,000 shapes."""
    findings = check(look_up("nodule-shapes"))
    assert [finding.words for finding in findings if not finding.passed] == []
    assert len(findings) == 7


def test_the_shipped_shapes_look_like_real_ones() -> None:
    card = look_up("nodule-shapes").card
    assert card is not None
    for name in ("eccentricity", "solidity", "compactness", "roughness"):
        assert card.scores[f"shape_ks_{name}"] < 0.3
    assert card.scores["shape_one_region"] >= 0.99
    assert card.scores["shape_nearest_median"] < 0.97


def test_no_fill_is_offered_by_a_shape_generator() -> None:
    assert "nodule-shapes" not in [facts.name for facts in offered(Role.RESTORE)]
    with pytest.raises(Exception, match="'nodule-shapes' is of role shape"):
        find("nodule-shapes", Role.RESTORE)


def test_an_untaught_one_is_told(untaught: Checkpoint, few: None) -> None:
    found = passed(untaught)
    assert found["loads and answers"]
    assert found["repeatable"]
    assert not found["one region"]
    assert found["as near to real shapes as its card says"]  # a user's own need not state anything


def test_distances_on_a_card_are_measured_again(untaught: Checkpoint, few: None, tmp_path: Path) -> None:
    report = shape_evaluation.evaluate_shapes(untaught)
    path = tmp_path / "stated.safetensors"
    restate(untaught, path, replace(untaught.card, scores=report.scores()))
    assert passed(read_checkpoint(path))["as near to real shapes as its card says"]
    wrong = {**report.scores(), "shape_ks_roughness": 0.001}
    restate(untaught, path, replace(untaught.card, scores=wrong))
    assert not passed(read_checkpoint(path))["as near to real shapes as its card says"]


def test_another_network_draws_no_shapes(untaught: Checkpoint, tmp_path: Path) -> None:
    path = tmp_path / "fill.safetensors"
    restate(untaught, path, replace(untaught.card, role=Role.SEGMENT))
    with pytest.raises(Exception, match="draws no shapes"):
        shape_checks.shape_findings(read_checkpoint(path), read_limits().shape)


def test_evaluate_prints_and_writes(untaught: Checkpoint, few: None, tmp_path: Path, capsys) -> None:
    figures, sheet = tmp_path / "f.json", tmp_path / "s.png"
    words = ["evaluate", "--generator", str(untaught.path), "--json", str(figures), "--sheet", str(sheet)]
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert "roughness" in printed
    assert "One region" in printed
    scores = json.loads(figures.read_text())
    assert 0 <= scores["shape_ks_solidity"] <= 1
    assert 0.3 < scores["shape_nearest_real_median"] <= 1
    assert np.asarray(Image.open(sheet)).shape == (1024, 2060)


def test_evaluating_a_fill_needs_images(capsys) -> None:
    assert main(["evaluate", "--generator", "telea"]) == 1
    assert "--images" in capsys.readouterr().err


def test_a_bad_snapshot_is_not_shipped(untaught: Checkpoint, few: None, tmp_path: Path, capsys) -> None:
    assert main(["ship", str(untaught.path), "--to", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert "one region" in told
    assert not (tmp_path / "nodule-shapes.safetensors").exists()


def test_a_good_one_is_shipped_with_its_scores(untaught: Checkpoint, few: None, tmp_path: Path, monkeypatch) -> None:
    lenient = read_limits().shape.model_copy(update={"one_region": 0.0})
    monkeypatch.setattr(shape_judge, "read_limits", lambda: read_limits().model_copy(update={"shape": lenient}))
    monkeypatch.setattr(shape_judge, "find_checkpoints", dict)
    assert main(["promote", str(untaught.path), "--to", str(tmp_path)]) == 0
    card = read_checkpoint(tmp_path / "nodule-shapes.safetensors").card
    assert "shape_ks_eccentricity" in card.scores
    assert "shape_nearest_largest" in card.scores
