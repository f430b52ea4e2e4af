"""Holes, evaluation, checks, sheets, promotion."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.datasets.patients import Patients
from cxr_studio.masks.lung_boxes import lung_boxes
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import read_checkpoint, restate
from cxr_studio.quality.checking.check import check
from cxr_studio.quality.checking.fills import SAMPLE_SCORE
from cxr_studio.quality.checking.limits import read_limits
from cxr_studio.quality.evaluation import Way, all_holes, as_json, evaluate, read_images, true_patch, ways_of
from cxr_studio.quality.judging import Material, Run
from cxr_studio.quality.sheet import write_sheet
from cxr_studio.quality.shipping import contest, ship
from cxr_studio.quality.trained_on import known_to
from cxr_studio.resources import resource
from cxr_studio.roles import find


@pytest.fixture(scope="module")
def holes():
    return all_holes(read_images(resource("samples", "healthy-1.png")), each=3, seed=11)


def test_holes_are_squares_in_the_lungs_and_the_same_every_time(holes):
    again = all_holes(read_images(resource("samples", "healthy-1.png")), each=3, seed=11)
    other = all_holes(read_images(resource("samples", "healthy-1.png")), each=3, seed=12)
    assert [hole.box for hole in holes] == [hole.box for hole in again]
    assert [hole.box for hole in holes] != [hole.box for hole in other]
    boxes = lung_boxes(holes[0].radiograph.shape)
    for hole in holes:
        y, x = (hole.box[0] + hole.box[2]) // 2, (hole.box[1] + hole.box[3]) // 2
        assert hole.mask().sum() == 64 * 64
        assert any(b[0] <= y < b[2] and b[1] <= x < b[3] for b in boxes)


def test_a_table_has_the_classical_fills_beside_the_generator(holes):
    rows = evaluate(holes, ways_of("context-encoder"))
    titles = [row.way.title for row in rows]
    assert titles == ["telea", "navier-stokes", "biharmonic", "context-encoder", "context-encoder, grain matched"]
    by = dict(zip(titles, rows, strict=True))
    assert by["biharmonic"].mean.psnr > by["telea"].mean.psnr
    assert by["context-encoder"].mean.psnr > by["biharmonic"].mean.psnr
    assert by["biharmonic"].mean.grain < 0.7
    assert 0.7 < by["context-encoder, grain matched"].mean.grain < 1.4
    for row in rows:
        assert row.holes == 3
        assert row.mean.mse == pytest.approx(255**2 / 10 ** (row.mean.psnr / 10), rel=0.5)
    plain = as_json(rows)
    assert plain[2]["generator"] == "biharmonic"
    assert set(plain[0]["mean"]) == {"psnr", "mse", "ssim", "grain", "seam", "seconds"}


def test_progress_runs_from_first_to_last(holes):
    told = []
    evaluate(holes, [Way("telea", "off")], progress=lambda fraction, _words: told.append(fraction))
    assert told == pytest.approx([1 / 3, 2 / 3, 1])


def test_true_patches_are_the_image(holes):
    hole = holes[0]
    y0, x0, y1, x1 = hole.box
    assert true_patch(hole) == pytest.approx(hole.radiograph.stored[y0:y1, x0:x1].astype(float), abs=0.01)


def test_the_sheet_has_four_pictures_a_hole(holes, tmp_path):
    write_sheet(tmp_path / "sheet.png", holes, "biharmonic")
    with Image.open(tmp_path / "sheet.png") as image:
        pixels = np.asarray(image)
    assert pixels.shape[0] >= 4 * 128
    assert pixels.shape[1] >= 3 * 128
    assert pixels.std() > 30


def test_checks_find_what_is_wrong(monkeypatch):
    facts = find("context-encoder", Role.RESTORE)
    card = replace(facts.card, scores={**facts.card.scores, SAMPLE_SCORE: 50.0})
    findings = {f.name: f for f in check(replace(facts, card=card))}
    score = findings.pop("scores as its card says")
    assert not score.passed
    assert "50.000" in score.words
    measured, stated = float(score.words.split()[0]), facts.card.scores[SAMPLE_SCORE]
    assert measured == pytest.approx(stated, abs=read_limits().fill.score_db)
    assert all(finding.passed for finding in findings.values())


def test_a_broken_checkpoint_is_a_failed_check(tmp_path):
    shipped = find("context-encoder", Role.RESTORE).checkpoint.path
    broken = tmp_path / "broken.safetensors"
    content = bytearray(shipped.read_bytes())
    content[-200_000:] = b"\xff" * 200_000
    broken.write_bytes(content)
    findings = check(find(str(broken), Role.RESTORE))
    assert not all(finding.passed for finding in findings)


def test_a_snapshot_that_is_no_better_is_not_shipped():
    material = Material(resource("samples", "healthy-1.png"), holes=3, seed=11)
    verdict = contest(find("context-encoder", Role.RESTORE).checkpoint, material, Run())
    assert any("the shipped checkpoint reaches" in reason for reason in verdict.reasons)
    assert verdict.scores["healthy_holes"] == 3


def test_a_shipped_snapshot_carries_its_scores(tmp_path):
    shipped = find("context-encoder", Role.RESTORE).checkpoint
    snapshot = tmp_path / "step-1.safetensors"
    restate(shipped, snapshot, replace(shipped.card, scores={"val_psnr_db": 30.0}))
    path = ship(read_checkpoint(snapshot), {"healthy_psnr_db": 35.5}, tmp_path)
    card = read_checkpoint(path).card
    assert path == tmp_path / "context-encoder.safetensors"
    assert card.scores == {"val_psnr_db": 30.0, "healthy_psnr_db": 35.5}
    assert _weights(path) == _weights(shipped.path)


def test_a_snapshot_is_not_shipped_on_patients_that_it_learned_from(tmp_path):
    card = find("context-encoder", Role.RESTORE).card
    for folder, names in (("seen", ("00000001_000.png", "00000002_000.png")), ("new", ("00000002_007.png", "3.png"))):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / name).touch()
    taught = replace(card, recipe=f'name = "x"\n[images]\ntrain = "{(tmp_path / "seen").as_posix()}"')
    assert known_to(taught, tmp_path / "new", Patients()) == ["00000002"]
    assert known_to(replace(card, recipe=""), tmp_path / "new", Patients()) == []
    elsewhere = replace(card, recipe='[images]\ntrain = "nowhere"')
    assert known_to(elsewhere, tmp_path / "new", Patients()) == []


def _weights(path: Path) -> bytes:
    content = path.read_bytes()
    return content[8 + int.from_bytes(content[:8], "little") :]
