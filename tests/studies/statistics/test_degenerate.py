"""Multi-reader data that hold too little: named, and never an interval of width 0 or a t of rounding errors."""

from __future__ import annotations

import json
from math import isfinite, isnan
from pathlib import Path

import numpy as np
import pytest

from cxr_studio.cli.main import main
from cxr_studio.errors import ReadError, StatisticsError
from cxr_studio.studies.exporters.imrmc_reading import read_imrmc
from cxr_studio.studies.statistics import wording
from cxr_studio.studies.statistics.agreement import cohen_kappa
from cxr_studio.studies.statistics.mrmc_analysis import Analysis, Settings, analyse
from cxr_studio.studies.statistics.mrmc_kernels import SENSITIVITY, auc_kernels, binary_kernels, score_kernels
from cxr_studio.studies.statistics.mrmc_obuchowski_rockette import Input, obuchowski_rockette
from cxr_studio.studies.statistics.observations import Observation, ReadingStudy, reading_study
from cxr_studio.studies.statistics.proportions import Interval
from tests.conftest import SHARED

CASES = SHARED.parent / "cases"
FEW = Settings(replicates=200)


def rows_of(seed: int = 1, *, readers: int = 3, cases: int = 8) -> list[Observation]:
    rng = np.random.default_rng(seed)
    return [
        Observation(f"r{r}", f"{kind}{k}", modality, float(rng.integers(0, 6) + 2 * (kind == "d")))
        for r in range(1, readers + 1)
        for modality in "AB"
        for kind in "nd"
        for k in range(cases)
    ]


def study_of(rows: list[Observation]) -> ReadingStudy:
    return reading_study(rows, {row.case: int(row.case[0] == "d") for row in rows})


def all_figures(analysis: Analysis) -> list[tuple[float, Interval]]:
    """Standard error and interval of everything that was estimated."""
    found = [(s.standard_error, s.interval) for s in (*analysis.u_statistics, *analysis.bootstrap.results)]
    found += [(s.standard_error, s.interval_normal) for s in analysis.u_statistics]
    for classic in analysis.obuchowski_rockette:
        for general in classic.generalisations:
            found += [(e.standard_error, e.interval) for e in (*general.modalities, *general.differences)]
    return found


def sound(analysis: Analysis) -> bool:
    """Every interval is wider than rounding errors, or there is none."""
    return all(
        (isnan(error) and isnan(interval.low) and isnan(interval.high)) or interval.high - interval.low > 1e-9
        for error, interval in all_figures(analysis)
    )


def test_a_reader_without_a_class_is_named() -> None:
    rows = [row for row in rows_of() if not (row.reader == "r3" and row.modality == "B" and row.case[0] == "d")]
    analysis = analyse(auc_kernels(study_of(rows)), FEW)
    assert "In modality B reader r3 has no score of a positive case, and so no figure of merit." in analysis.notes
    assert analysis.per_reader["B"]["r3"] is None
    assert sound(analysis)


def test_readers_without_a_class_are_named_for_proportions_too() -> None:
    rows = [row for row in rows_of() if not (row.reader in ("r2", "r3") and row.case[0] == "d")]
    rows += [Observation("r4", f"d{k}", m, float(k)) for k in range(8) for m in "AB"]
    kernels = binary_kernels(study_of(rows), 3.0, endpoint=SENSITIVITY)
    assert kernels.lacking[0].startswith("In modality A readers r2, r3 have no score of a positive case")


def test_a_modality_without_a_class_is_named() -> None:
    rows = [row for row in rows_of() if not (row.modality == "B" and row.case[0] == "n")]
    with pytest.raises(StatisticsError, match="No reader has a score of a negative case in modality B"):
        auc_kernels(study_of(rows))
    rows = [row for row in rows_of() if row.case[0] == "n"]
    with pytest.raises(StatisticsError, match="there are 8 without and 0 with"):
        auc_kernels(study_of(rows))


def test_a_modality_that_one_reader_can_be_judged_in_is_named() -> None:
    rows = [row for row in rows_of() if not (row.reader != "r1" and row.modality == "B" and row.case[0] == "d")]
    with pytest.raises(StatisticsError, match=r"Modality B: the variance .* \(In modality B readers r2, r3 have"):
        analyse(auc_kernels(study_of(rows)), FEW)


def test_readers_who_are_all_right_have_no_interval() -> None:
    rows = [Observation(row.reader, row.case, row.modality, float(row.case[0] == "d")) for row in rows_of()]
    analysis = analyse(auc_kernels(study_of(rows)), FEW)
    assert analysis.means == {"A": 1.0, "B": 1.0}
    assert all(isnan(error) and isnan(interval.low) for error, interval in all_figures(analysis))
    assert any(note.startswith("A - B: there is no test and no interval") for note in analysis.notes)


@pytest.mark.parametrize("seed", range(6))
def test_modalities_that_are_the_same_have_no_t_of_rounding_errors(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = {(f"r{r}", f"{kind}{k}"): float(rng.normal()) for r in range(4) for kind in "nd" for k in range(9)}
    rows = [Observation(r, c, m, score + 0.1) for (r, c), score in scores.items() for m in "AB"]
    for kernels in (auc_kernels(study_of(rows)), score_kernels(study_of(rows))):
        analysis = analyse(kernels, FEW)
        difference = analysis.u_statistics[-1]
        assert isnan(difference.t)
        assert isnan(difference.interval.low)
        assert sound(analysis)


def test_a_constant_gain_has_no_t_of_rounding_errors() -> None:
    """Every reader gains 0.1 on every case: the difference does not vary at all, but for rounding."""
    rng = np.random.default_rng(5)
    rows = []
    for r in range(4):
        for k in range(9):
            score = float(rng.normal())
            rows += [Observation(f"r{r}", f"d{k}", "A", score + 0.1), Observation(f"r{r}", f"d{k}", "B", score)]
    analysis = analyse(score_kernels(study_of(rows)), FEW)
    assert analysis.u_statistics[-1].estimate == pytest.approx(0.1)
    assert isnan(analysis.u_statistics[-1].t)
    assert sound(analysis)
    for general in analysis.obuchowski_rockette[0].generalisations:
        assert not isfinite(general.f)
        assert isnan(general.differences[0].t)


def test_readers_who_agree_to_the_last_digit_have_no_t() -> None:
    merit = np.array([[0.7, 0.7, 0.7], [0.6, 0.6 + 1e-16, 0.6]])
    found = obuchowski_rockette(Input(merit, np.full((6, 6), 1e-18), ("A", "B"), "jackknife"))
    for general in found.generalisations:
        assert isnan(general.f)
        assert all(isnan(effect.t) and isnan(effect.interval.low) for effect in general.differences)


def test_what_is_not_known_is_a_dash() -> None:
    none = Interval(float("nan"), float("nan"), 0.95)
    assert wording.limits(none) == wording.percent_limits(none, share=True) == wording.degrees(float("nan")) == "–"
    assert wording.significant(float("nan")) == "–"
    assert wording.significant(0.00084351) == "0.0008435"


def test_readers_who_agree_throughout_have_a_kappa_without_an_interval() -> None:
    found = cohen_kappa([[5, 0], [0, 7]])
    assert found.value == pytest.approx(1)
    assert found.interval is None
    assert found.z is not None
    assert cohen_kappa([[5, 2], [1, 7]]).interval is not None
    assert cohen_kappa([[12, 0], [0, 0]]).value is None


@pytest.mark.parametrize(("field", "words"), [("reader", "readers R1 and r1"), ("modality", "modalities A and a")])
def test_names_that_differ_in_case_only_are_refused(field: str, words: str) -> None:
    rows = rows_of()
    other = {"reader": Observation("R1", "n0", "A", 1.0), "modality": Observation("r1", "n0", "a", 1.0)}[field]
    with pytest.raises(StatisticsError, match=f"{words} differ in upper and lower case only"):
        study_of([*rows, other])


def imrmc(rows: list[Observation]) -> str:
    truth = [f"-1,{case},0,{int(case[0] == 'd')}" for case in sorted({row.case for row in rows})]
    lines = [f"{row.reader},{row.case},{row.modality},{row.score:g}" for row in rows]
    return "\n".join(["Study", "BEGIN DATA:", *truth, *lines]) + "\n"


def test_a_file_with_two_spellings_of_a_reader_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.imrmc"
    path.write_text(imrmc([*rows_of(), Observation("R2", "n0", "A", 1.0)]))
    with pytest.raises(ReadError, match="R2 and r2"):
        read_imrmc(path)


def test_a_file_without_positive_cases_of_a_reader(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row for row in rows_of() if not (row.reader == "r2" and row.modality == "A" and row.case[0] == "d")]
    path, out = tmp_path / "x.imrmc", tmp_path / "out.json"
    path.write_text(imrmc(rows))
    assert main(["study", "analyse", str(path), "--bootstraps", "100", "--json", str(out)]) == 0
    assert "In modality A reader r2 has no score of a positive case" in capsys.readouterr().out
    for one in json.loads(out.read_text())["analyses"]["auc"]["u_statistics"]:
        low, high = one["interval"]["low"], one["interval"]["high"]
        assert (low is None and high is None) or high > low


@pytest.mark.shared
def test_case_15_names_the_reader_and_gives_no_interval(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.json"
    words = ["study", "analyse", str(CASES / "15" / "one_class.imrmc"), "--bootstraps", "100", "--json", str(out)]
    assert main(words) == 0
    told = capsys.readouterr().out
    assert "In modality B reader r3 has no score of a positive case" in told
    assert "A - B: there is no test and no interval" in told
    assert "nan" not in told
    difference = json.loads(out.read_text())["analyses"]["auc"]["u_statistics"][-1]
    assert difference["interval"]["low"] is difference["t"] is difference["standard_error"] is None
