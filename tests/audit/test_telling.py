"""Telling two groups apart: known areas, controls at chance, folds by patient, Holm's adjustment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cxr_studio.audit.limits import Limit, read_limits, verdict
from cxr_studio.audit.telling import Effort, Told, permuted, stratified, told_apart
from cxr_studio.audit.traits import straight, tabled
from cxr_studio.metrics.many import holm

PATIENTS = [f"p{k // 2}" for k in range(120)]
LABELS = np.arange(120) % 4 < 2


def test_the_area_is_that_of_shifted_normals() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(0, 1, (600, 1))
    labels = np.arange(600) % 4 < 2
    values[labels] += 1.0
    told, ranks = told_apart(straight(values), labels, [f"p{k // 2}" for k in range(600)])
    assert told.area == pytest.approx(0.760, abs=0.04)  # Φ(1/√2)
    assert told.low < 0.76 < told.high
    assert told.p < 1e-6
    assert ranks[labels].mean() > ranks[~labels].mean() + 0.2


@pytest.mark.parametrize("seed", range(4))
def test_noise_is_not_told_apart(seed: int) -> None:
    values = np.random.default_rng(seed).normal(0, 1, (120, 12))
    told, _ = told_apart(straight(values), LABELS, PATIENTS, effort=Effort(controls=12))
    assert abs(told.area - 0.5) < 0.15
    assert told.p > 0.02
    assert abs(told.control - 0.5) < 0.06


def test_a_spread_that_differs_is_told_though_the_middle_is_the_same() -> None:
    values = np.random.default_rng(2).normal(0, 1, (120, 1))
    values[LABELS] *= 4
    assert told_apart(straight(values), LABELS, PATIENTS)[0].area > 0.75


def test_what_is_known_of_a_patient_helps_nobody() -> None:
    values = np.random.default_rng(3).normal(0, 1, (60, 40)).repeat(2, axis=0)  # two rows a patient, all alike
    told, _ = told_apart(straight(values), LABELS, PATIENTS, effort=Effort(controls=0))
    assert abs(told.area - 0.5) < 0.2


def test_folds_part_no_patient_and_hold_both_classes() -> None:
    folds = stratified(LABELS, PATIENTS, seed=0)
    assert all(folds[2 * k] == folds[2 * k + 1] for k in range(60))
    assert all(0 < LABELS[folds == fold].mean() < 1 for fold in range(5))


def test_the_control_is_at_chance_though_only_real_patients_have_a_trait() -> None:
    patients = [f"p{k // 2}" for k in range(160)]
    labels = (np.arange(160) < 80) & (np.arange(160) % 2 == 0)  # half of the patients both, the others real alone
    values = (np.arange(160) < 80).astype(float)[:, None]
    told, _ = told_apart(straight(values), labels, patients, effort=Effort(controls=16))
    assert told.area > 0.75
    assert abs(told.control - 0.5) < 0.1


def test_permuted_labels_keep_patients_together() -> None:
    rng = np.random.default_rng(0)
    mixed = permuted(LABELS, PATIENTS, rng)
    assert (mixed[::2] == mixed[1::2]).all()
    assert (mixed != LABELS).any()
    assert mixed.sum() == LABELS.sum()
    both = permuted(np.array([True, False] * 8), ["a"] * 16, rng)
    assert both.sum() == 8


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


@pytest.mark.parametrize(
    ("low", "high", "p", "found"),
    [(0.7, 0.9, 0.001, "leak"), (0.55, 0.9, 0.001, "doubtful"), (0.4, 0.6, 1.0, "pass"), (0.3, 0.8, 1.0, "doubtful")],
)
def test_verdicts(low: float, high: float, p: float, found: str) -> None:
    told = Told((low + high) / 2, low, high, 0.5, 0.05, p)
    assert verdict(told, p, Limit(leak=0.6, safe=0.7), 0.05) == found


def test_what_a_file_of_limits_leaves_out_is_as_in_the_bundled_one(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("level = 0.01\n")
    own, bundled = read_limits(tmp_path / "own.toml"), read_limits()
    assert (own.level, bundled.level) == (0.01, 0.05)
    assert own.of("patch") == bundled.of("patch") != own.usual


def test_words_become_columns_and_texts_of_a_file_are_only_there_or_not() -> None:
    rows = [{"mode": "L" if k % 2 else "I;16", "text": f"own {k}", "size": float(k)} for k in range(20)]
    rows[3].pop("text")
    table = tabled(rows)
    assert table.names == ("mode = I;16", "mode = L", "text is missing", "size")
    assert table.values[3].tolist() == [0, 1, 1, 3]
