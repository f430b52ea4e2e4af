"""Marks: scored in the right image, as proportion correctly localised, and in workbooks that read back."""

from __future__ import annotations

import csv

import pytest
from openpyxl import load_workbook

from cxr_studio.cli.main import main
from cxr_studio.errors import StatisticsError
from cxr_studio.studies.exporters.marks import as_froc, write_froc, write_marks
from cxr_studio.studies.ledger import SittingOptions
from cxr_studio.studies.marks import marked_images
from cxr_studio.studies.reporting import study_outcome
from cxr_studio.studies.sitting import Sitting
from cxr_studio.studies.statistics import outcome as o
from cxr_studio.studies.statistics.localisation import localisation
from cxr_studio.studies.statistics.report import write_report
from cxr_studio.studies.statistics.study_results import results_of
from cxr_studio.studies.trial_view import Break, Finished, Mark
from tests.studies.exporters.jafroc_reading import read_jafroc
from tests.studies.tiny_study import Reader, tiny_study

MARKED = {
    "conditions": [{"generator": "telea"}],
    "answer": {"mark": True, "confidence": 5},
    "practice": {"trials": 0},
    "order": {"repeats": 0},
}
HIT, MISS = (30.0, 20.0), (50.0, 50.0)
"""Points ``x, y`` on the change of every tiny case, and off it."""


def sit(bundle, key, name: str = "anna") -> None:
    """All right, "certain" and marked on the change; every fourth marked elsewhere, every fourth unmarked."""
    sitting = Sitting(bundle, name, SittingOptions())
    reader, count = Reader(sitting), 0
    while not isinstance(sitting.current(), Finished):
        if isinstance(sitting.current(), Break):
            sitting.go_on()
            continue
        view = reader.show()
        trial = key.trials[view.uid]
        right = key.right_answer(trial)
        side = "" if len(view.images) == 1 else "left" if right == "right" else "right"  # the changed one
        x, y = MISS if count % 4 == 1 else HIT
        marks = () if count % 4 == 2 or right == "real" else (Mark(x, y, side),)
        reader.give(right, confidence=5, marks=marks)
        count += 1
    sitting.close()


def test_pairs_are_two_images_and_the_mark_lies_in_one(tmp_path):
    bundle, key = tiny_study(tmp_path, **MARKED)
    sit(bundle, key)
    images = marked_images(bundle, key)
    assert len(images) == 16  # 8 pairs
    assert sorted({image.lesions for image in images}) == [0, 1]
    assert all(image.mark is None for image in images if image.lesions == 0)
    changed = sorted((image.lesion for image in images if image.lesions), key=str)
    assert changed == [0, 0, 1, 1, 1, 1, None, None]


def test_proportion_correctly_localised(tmp_path):
    bundle, key = tiny_study(tmp_path, **MARKED)
    sit(bundle, key)
    outcome = study_outcome(bundle, key, key_path=tmp_path / "key.json")
    found = results_of(outcome).groups[0].readers[0].localisation
    assert (found.located, found.right, found.changed, found.marked, found.area) == (4, 8, 8, 6, None)
    assert found.value == 0.5
    assert (found.exact.low, found.exact.high) == pytest.approx((0.15701, 0.84299), abs=1e-5)  # scipy, 4 of 8
    html = write_report(outcome, tmp_path / "report").html.read_text(encoding="utf-8")
    assert "Right and located" in html
    assert "4 of 8" in html


def answer(truth: str, response: str, confidence: int, hit: bool | None) -> o.Answer:
    return o.Answer("a", "c", "s", truth, truth, response, truth == response, 0, confidence, mark_hit=hit)


def test_area_under_the_lroc_curve_by_hand():
    """Fakes: one located and rated 5, one rated 5 but marked elsewhere, one located at 3, one missed; reals 3 and 1."""
    fakes = [answer("fake", "fake", 5, True), answer("fake", "fake", 5, False), answer("fake", "fake", 3, True)]
    fakes.append(answer("fake", "real", 4, None))
    reals = [answer("real", "fake", 3, None), answer("real", "real", 1, None)]
    found = localisation([*fakes, *reals])
    assert (found.located, found.right, found.changed, found.marked) == (2, 3, 4, 3)
    assert found.area == pytest.approx((2 + 0 + 1.5 + 0) / 8)
    assert localisation(reals) is None


def test_froc_workbook_reads_back(tmp_path):
    bundle, key = tiny_study(tmp_path, "real-or-fake", **MARKED)
    for name in ("anna", "ben"):
        sit(bundle, key, name)
    images = marked_images(bundle, key)
    study = as_froc(images)
    path, names = write_froc(images, tmp_path / "out")
    back = read_jafroc(path)
    assert (back.paradigm, len(back.readers), len(back.modalities)) == ("FROC", 2, 1)
    assert sorted(back.lesions.values()) == sorted(study.lesions.values()) == [()] * 8 + [(1.0,)] * 8
    assert sorted((m.lesion, m.rating) for m in back.marks) == sorted((m.lesion, m.rating) for m in study.marks)
    assert {m.lesion for m in back.marks} == {0, 1}
    assert len(names.read_text(encoding="utf-8").splitlines()) == 1 + 2 + 1 + 16


def test_froc_workbook_has_the_form_that_rjafroc_reads(tmp_path):
    bundle, key = tiny_study(tmp_path, **MARKED)
    sit(bundle, key)
    path = write_froc(marked_images(bundle, key), tmp_path / "out")[0]
    book = load_workbook(path)
    assert book.sheetnames == ["TRUTH", "TP", "FP"]
    rows = list(book["TRUTH"].values)
    assert [row[5] for row in rows] == ["Paradigm", "FROC", "FCTRL", *[None] * 14]
    assert [(row[1], row[2]) for row in rows[1:]] == [(0, 0)] * 8 + [(1, 1)] * 8  # normals first, weight 0
    assert all(isinstance(row[0], int) and row[3] == "0" and row[4] == "0" for row in rows[1:])
    hits, misses = list(book["TP"].values)[1:], list(book["FP"].values)[1:]
    assert len(hits) == 4
    assert len(misses) == 2
    assert {row[3] for row in hits} == {1}
    book.close()


def test_the_table_of_marks(tmp_path, capsys):
    bundle, key = tiny_study(tmp_path, **MARKED)
    sit(bundle, key)
    table, _ = write_marks(marked_images(bundle, key), tmp_path / "out")
    with table.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 16
    hits = [row for row in rows if row["lesion"] == "1"]
    assert {(row["mark_x"], row["mark_y"], row["confidence"]) for row in hits} == {("30.0", "20.0", "5")}
    words = ["--key", str(tmp_path / "key.json"), "--out", str(tmp_path / "cli"), "--format", "marks,froc-xlsx,trace"]
    assert main(["study", "export", str(bundle.folder), *words]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 6


def test_what_is_not_crossed_or_not_marked_is_refused(tmp_path):
    two = {**MARKED, "conditions": [{"generator": "telea"}, {"generator": "biharmonic"}]}
    bundle, key = tiny_study(tmp_path, **two)
    sit(bundle, key)
    images = marked_images(bundle, key)
    with pytest.raises(StatisticsError, match="every reader to have judged every case"):
        as_froc(images)
    with pytest.raises(StatisticsError, match="No reader has marked anything"):
        write_froc([image for image in images if image.mark is None], tmp_path)
