"""Folds by patient: stratified, repeatable, frozen."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from cxr_studio.datasets.entries import Entry, Finding, Manifest
from cxr_studio.datasets.folds import folds_of, frozen_folds, read_folds
from cxr_studio.errors import ReadError, StudioError

NODULE = Finding("nodule", (0, 0, 4, 4))


def manifest_of(ill: int, healthy: int) -> Manifest:
    entries = [Entry(f"i{k}-{n}.png", f"ill-{k}", findings=(NODULE,) * (1 + k % 3)) for k in range(ill) for n in (0, 1)]
    entries += [Entry(f"h{k}.png", f"well-{k}") for k in range(healthy)]
    return Manifest(Path(), tuple(entries))


def test_every_fold_has_its_share_of_every_stratum() -> None:
    folds = folds_of(manifest_of(23, 41))
    for kind, sizes in (("ill", {4, 5}), ("well", {8, 9})):
        assert set(Counter(fold for patient, fold in folds.items() if patient.startswith(kind)).values()) == sizes


def test_the_order_of_files_changes_nothing_and_the_seed_does() -> None:
    manifest = manifest_of(20, 20)
    turned = Manifest(Path(), manifest.entries[::-1])
    assert folds_of(manifest) == folds_of(turned)
    assert folds_of(manifest) != folds_of(manifest, seed=1)


def test_frozen_folds_stay(tmp_path: Path) -> None:
    path = tmp_path / "folds.csv"
    first = frozen_folds(path, manifest_of(9, 9))
    assert frozen_folds(path, manifest_of(5, 9), seed=7) == first == read_folds(path)
    with pytest.raises(ReadError, match="lack 1 patients \\(ill-9"):
        frozen_folds(path, manifest_of(10, 9))
    with pytest.raises(ReadError, match="has 5 folds and 3"):
        frozen_folds(path, manifest_of(5, 9), count=3)


def test_too_few_patients_and_contradictions(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="4 patients"):
        folds_of(manifest_of(2, 2))
    (tmp_path / "f.csv").write_text("patient,fold\nA,0\nA,1\n")
    with pytest.raises(ReadError, match="line 3"):
        read_folds(tmp_path / "f.csv")
