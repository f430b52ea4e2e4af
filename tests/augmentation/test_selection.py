"""Syn&Select: a detector's scores decide which draw is kept, and nothing else changes."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from cxr_studio.augmentation import job, nodules, selection
from cxr_studio.augmentation.exporters.formats import write_all
from cxr_studio.augmentation.plan import Plan
from cxr_studio.augmentation.selection import Selected, Selection, score_of, select, selection_of
from cxr_studio.cli.main import main
from cxr_studio.datasets.manifest import manifest_of
from cxr_studio.detection.detections import Detection
from cxr_studio.errors import GeneratorError, StudioError
from cxr_studio.generation.hashing import array_sha256
from cxr_studio.nodules.sizes import Diameters
from cxr_studio.radiographs.reading import read_radiograph
from tests.conftest import draw_phantom

CRITIC = Selection("critic", "0" * 64, (0.3, 0.7), candidates=4)


def pick(scores: list[float]) -> tuple[str, Selected, int]:
    asked = []

    def draws():
        for number, score in enumerate(scores):
            asked.append(number)
            yield f"draw {number}", score

    drawn, told = select(draws(), CRITIC)
    return drawn, told, len(asked)


def test_the_first_in_the_band_is_kept_and_later_ones_are_not_drawn() -> None:
    drawn, told, asked = pick([0.9, 0.1, 0.5, 0.4])
    assert (drawn, asked) == ("draw 2", 3)
    assert told == Selected("critic", "0" * 64, 0.5, inside=True, candidate=2, drawn=3)


def test_where_none_lies_in_the_band_the_nearest_is_kept() -> None:
    drawn, told, asked = pick([0.95, 0.1, 0.8, 0.0])
    assert (drawn, told.score, told.inside, told.candidate, asked) == ("draw 2", 0.8, False, 2, 4)


def test_a_nodules_score_is_that_of_the_surest_box_on_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    Image.fromarray(draw_phantom(200, 180)).save(tmp_path / "a.png")
    found = (
        Detection("", (10, 10, 30, 30), 0.9),
        Detection("", (12, 10, 30, 30), 0.6),
        Detection("", (100, 100, 120, 120), 0.99),
    )
    monkeypatch.setattr(selection, "find_detector", lambda name: SimpleNamespace(sha256=name[::-1], path=tmp_path))
    monkeypatch.setattr(selection, "detect", lambda *args, **more: found)
    radiograph, chosen = read_radiograph(tmp_path / "a.png"), Selection("ab", "ba")
    assert score_of(radiograph, [(10, 10, 30, 30), (150, 40, 170, 60)], chosen) == pytest.approx(0.45)
    assert score_of(radiograph, [(100, 100, 120, 120)], chosen) == pytest.approx(0.99)
    with pytest.raises(StudioError, match="has changed"):
        score_of(radiograph, [(10, 10, 30, 30)], Selection("ab", "other"))


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Two radiographs, and a critic whose scores hang on the drawn pixels alone."""
    folder = tmp_path / "sources"
    folder.mkdir()
    for number in range(2):
        image = np.roll(draw_phantom(400, 380), 7 * number, axis=1)
        Image.fromarray(image).save(folder / f"0000000{number}_000.png")
    monkeypatch.setattr(
        nodules, "score_of", lambda image, boxes, *a, **k: int(array_sha256(image.stored)[:4], 16) / 65536
    )
    plain = Plan(manifest_of(sorted(folder.iterdir())), 4, (1, 1), Diameters("px", 10, 30), seed=3)
    return replace(plain, selection=CRITIC)


def made(plan: Plan, folder: Path) -> list[tuple[int, str]]:
    """Kept draw and hash of every image."""
    records = job.run(plan, folder).records
    return [(int(record.selected["candidate"]) if record.selected else 0, record.sha256) for record in records]


def test_selection_changes_which_draws_are_kept_and_the_seed_decides(plan: Plan, tmp_path: Path) -> None:
    kept = made(plan, tmp_path / "kept")
    assert made(plan, tmp_path / "again") == kept
    plain = made(replace(plan, selection=None), tmp_path / "plain")
    assert any(place for place, _ in kept)
    assert all((ours == theirs) is (place == 0) for (place, ours), (_, theirs) in zip(kept, plain, strict=True))
    other = made(replace(plan, seed=4), tmp_path / "other")
    assert not {sha256 for _, sha256 in other} & {sha256 for _, sha256 in kept}


def test_the_manifest_names_the_detector_and_the_score(plan: Plan, tmp_path: Path) -> None:
    records = job.run(plan, tmp_path / "out").records
    write_all(records, tmp_path / "out", ())
    with (tmp_path / "out" / "manifest.csv").open(newline="") as stream:
        told = [json.loads(row["selected"]) for row in csv.DictReader(stream)]
    assert told == [record.selected for record in records]
    for one in told:
        assert (one["detector"], one["sha256"]) == ("critic", "0" * 64)
        assert one["inside"] is (0.3 <= one["score"] <= 0.7)
        assert one["candidate"] < one["drawn"] <= 4
        assert one["inside"] or one["drawn"] == 4


def test_another_detector_is_another_augmentation(plan: Plan, tmp_path: Path) -> None:
    job.run(replace(plan, count=1), tmp_path / "out")
    with pytest.raises(StudioError, match=r"other options .selection."):
        job.run(replace(plan, count=1, selection=replace(CRITIC, sha256="1" * 64)), tmp_path / "out")


def test_a_band_that_is_none_and_a_detector_that_is_missing_are_refused(tmp_path: Path, capsys) -> None:
    with pytest.raises(StudioError, match="no range"):
        selection_of("any", band=(0.7, 0.3))
    with pytest.raises(GeneratorError, match="no detector"):
        selection_of("none")
    Image.fromarray(draw_phantom(200, 180)).save(tmp_path / "a.png")
    words = ["--count", "1", "--diameter", "20px", "--select", "none", "--out", str(tmp_path / "out")]
    assert main(["augment", str(tmp_path), *words]) == 1
    assert "no detector" in capsys.readouterr().err
