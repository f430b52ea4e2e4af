"""What a benchmark comes to: means, differences corrected for how many there are, groups, the papers beside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cxr_studio.errors import StudioError
from cxr_studio.metrics.frechet import Moments
from cxr_studio.networks.observers.observer import Observer
from cxr_studio.quality.benchmark.figures import FIGURES, Instruments, Measured
from cxr_studio.quality.benchmark.measuring import Benchmark, Case
from cxr_studio.quality.benchmark.methods import GIVEN, Method
from cxr_studio.quality.benchmark.papers import paper_tables
from cxr_studio.quality.benchmark.sections import (
    difference_section,
    figure_section,
    group_section,
    split_section,
    training_section,
)
from cxr_studio.quality.benchmark.summing import least_p, summed_up

PLACES = 12
GOOD, POOR, LATE = (
    Method(name, name.title(), name, steps=steps, minutes=minutes, budget=budget)
    for name, steps, minutes, budget in (
        ("good", None, float("nan"), ""),
        ("poor", 40, 3.0, ""),
        ("late", 80, 6.0, "6 minutes"),
    )
)


def features(seed: int) -> tuple[Moments, np.ndarray]:
    vectors = np.random.default_rng(seed).normal(seed % 3, 1, (6, 4))
    return Moments.of(vectors), vectors.mean(0).astype(np.float32)


def answers(level: float, spread: float = 0.1) -> list[Measured]:
    rng = np.random.default_rng(int(level))
    found = []
    for k in range(PLACES):
        values = dict.fromkeys(FIGURES, float("nan")) | {
            "psnr": level + 10,
            "ssim": level / 100,
            "mse": 1.0,
            "uqi": 0.5,
        }
        values |= {"mae": 2.0, "masked_ssim": 0.5, "masked_mse": 9.0, "masked_uqi": 0.4, "masked_mae": 3.0}
        values["masked_psnr"] = level + k + spread * rng.normal()
        found.append(Measured(values, *features(k)))
    return found


@pytest.fixture(scope="module")
def benchmark() -> Benchmark:
    cases = tuple(Case(f"{k}.png", 0, f"p{k // 2}", 0.01 + 0.002 * k, k % 3 > 0, *features(k)) for k in range(PLACES))
    found = {"given": answers(5), "good": answers(30), "poor": answers(20), "late": answers(33)}
    return Benchmark((GIVEN, GOOD, POOR, LATE), cases, found, (), {})


def test_the_reference_is_the_best_under_the_mask_and_no_snapshot_at_a_budget(benchmark):
    table = summed_up(benchmark)
    assert table.reference == "good"
    assert summed_up(benchmark, "Poor").reference == "poor"
    with pytest.raises(StudioError, match="no row 'nobody'"):
        summed_up(benchmark, "nobody")


def test_a_mean_is_of_the_places_and_its_interval_of_the_patients(benchmark):
    good = next(row for row in summed_up(benchmark).rows if row.method is GOOD)
    values = np.array([one.figures["masked_psnr"] for one in benchmark.found["good"]])
    figure = good.figures["masked_psnr"]
    assert (figure.mean, figure.sd, figure.places) == (
        pytest.approx(values.mean()),
        pytest.approx(values.std()),
        PLACES,
    )
    by_patient = values.reshape(6, 2).mean(1)
    half = 1.96 * by_patient.std() / np.sqrt(6)
    assert figure.low == pytest.approx(values.mean() - half, abs=0.5)
    assert figure.high == pytest.approx(values.mean() + half, abs=0.5)
    assert good.figures["grain"].places == 0


def test_differences_are_paired_and_corrected_for_all_rows(benchmark):
    rows = {row.method.key: row for row in summed_up(benchmark).rows}
    assert not rows["good"].differences
    assert not rows["late"].differences
    poor = rows["poor"].differences["masked_psnr"]
    assert poor.by.value == pytest.approx(-10, abs=0.1)
    assert poor.by.high - poor.by.low < 0.3  # unpaired, the places' own spread of 3.5 dB would make it several dB
    assert poor.adjusted == pytest.approx(2 * least_p(6))  # Holm of two rows, both as small as six patients allow
    assert rows["poor"].differences["uqi"].adjusted == 1


def test_so_few_patients_show_no_small_p():
    assert least_p(1) == 1
    assert least_p(4) == pytest.approx(0.125)
    assert least_p(6) == pytest.approx(1 / 32)


def test_places_are_split_by_size_and_by_finding(benchmark):
    groups = summed_up(benchmark).groups
    assert [group.title for group in groups] == [
        "1.00 to 1.60 % (4)",
        "1.80 to 2.40 % (4)",
        "2.60 to 3.20 % (4)",
        "healthy (8)",
        "with a finding (4)",
    ]
    values = [one.figures["masked_psnr"] for one in benchmark.found["good"]]
    assert groups[0].figures["good"]["masked_psnr"].mean == pytest.approx(np.mean(values[:4]))
    assert groups[4].figures["good"]["masked_psnr"].mean == pytest.approx(np.mean(values[::3]))


def test_nothing_is_split_where_all_masks_are_of_one_size_and_nothing_is_known_of_findings(benchmark):
    alike = tuple(replace(case, share=0.0625, healthy=None) for case in benchmark.cases)
    assert not summed_up(replace(benchmark, cases=alike)).groups


def test_comparators_that_are_not_trained_stand_below_the_rows(benchmark):
    section = figure_section("Whole", ("ssim", "psnr"), summed_up(benchmark), untrained=["MEDFE"])
    assert section.lines[-1].cells == ("MEDFE", "not trained here", "–")


def test_that_no_observer_was_asked_is_said(benchmark):
    table, observer = summed_up(benchmark), Observer("search", ())
    assert "No observer was asked" in group_section(table, Instruments(observers={"search": observer})).note
    assert "observer" not in group_section(table, Instruments()).note


def test_papers_stand_below_their_own_head_with_the_columns_that_they_state(benchmark):
    section = figure_section("Whole", ("ssim", "psnr", "mae"), summed_up(benchmark), papers=paper_tables("arbitrary"))
    kinds = [line.kind for line in section.lines]
    assert kinds == ["classical", "reference", "own", "head", "paper", "paper", "paper", "paper"]
    assert "private" in section.lines[3].cells[0]
    assert section.lines[-1].cells == ("ipA-MedGAN", "0.9818", "35.12", "–")
    assert section.lines[1].best == {1, 2}
    under = figure_section("Under", ("masked_psnr",), summed_up(benchmark), papers=paper_tables("arbitrary"))
    assert all(line.kind not in ("head", "paper") for line in under.lines)


def test_the_tables_of_differences_sizes_and_training_read_as_sentences(benchmark):
    table = summed_up(benchmark)
    section = difference_section(table)
    assert section is not None
    assert section.title == "Differences from Good, at the same places"
    poor = next(line for line in section.lines if line.cells[0] == "Poor")
    assert poor.cells[1] == "−10.00"  # p of 1/32, twice: not below 0.05
    assert poor.under[1].endswith("p = 0.062")
    split = split_section(table, "size", "By size")
    assert split is not None
    assert split.columns[1] == "PSNR, dB, 1.00 to 1.60 % (4)"
    training = training_section(table)
    assert training is not None
    assert [line.cells[:4] for line in training.lines] == [
        ("Poor", "as it is", "40", "3"),
        ("Late", "6 minutes", "80", "6"),
    ]
    assert split_section(table, "nothing", "") is None


def test_one_patient_has_no_interval(benchmark):
    alone = replace(benchmark, cases=tuple(replace(case, patient="p") for case in benchmark.cases))
    row = summed_up(alone).rows[1]
    assert np.isnan(row.figures["masked_psnr"].low)
    assert row.figures["masked_psnr"].mean > 30
    assert summed_up(alone).rows[2].differences["masked_psnr"].adjusted == 1
