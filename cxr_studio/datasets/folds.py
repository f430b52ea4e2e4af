"""Folds by patient, stratified, and frozen in a file so that no later run deals them out otherwise."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from cxr_studio.datasets.entries import Manifest
from cxr_studio.datasets.tables import read_rows, refused
from cxr_studio.errors import ReadError, StudioError
from cxr_studio.files import replaced

FOLDS = 5


def folds_of(manifest: Manifest, *, count: int = FOLDS, seed: int = 0) -> dict[str, int]:
    """Deal the patients out: patient → fold from 0.

    Patients of one stratum (the labels found in their radiographs, and whether any is synthetic) are dealt out in an
    order that their names and the seed decide, each to the fold that has the fewest of its stratum, then the fewest
    findings, then the fewest radiographs.

    Raises:
        StudioError: fewer patients than folds.
    """
    strata, findings, images = _counted(manifest)
    if len(strata) < count:
        what = f"{len(strata)} patients cannot be dealt out to {count} folds"
        raise StudioError(what, remedy="Give more patients or fewer folds")
    held = {fold: (Counter[str](), Counter[str]()) for fold in range(count)}
    found: dict[str, int] = {}
    for patient in sorted(strata, key=lambda name: (strata[name], _number(name, seed), name)):
        fold = min(held, key=lambda k: (held[k][0][strata[patient]], held[k][1]["findings"], held[k][1]["images"], k))
        found[patient] = fold
        held[fold][0][strata[patient]] += 1
        held[fold][1].update(findings=findings[patient], images=images[patient])
    return found


def frozen_folds(path: Path, manifest: Manifest, *, count: int = FOLDS, seed: int = 0) -> dict[str, int]:
    """The folds in a file; where there is none yet they are dealt out and written.

    Raises:
        ReadError: the file is damaged, has another number of folds, or lacks a patient of the manifest.
        WriteError: it cannot be written.
    """
    if not path.exists():
        found = folds_of(manifest, count=count, seed=seed)
        write_folds(path, found)
        return found
    kept = read_folds(path)
    if len(set(kept.values())) != count:
        what = f"the file has {len(set(kept.values()))} folds and {count} are wanted"
        raise ReadError(what, file=path, remedy="Choose another file or this number of folds")
    missing = [patient for patient in manifest.patients if patient not in kept]
    if missing:
        what = f"the folds lack {len(missing)} patients ({missing[0]}, for example)"
        raise ReadError(what, file=path, remedy="Choose another file, so that the frozen folds stay as they are")
    return kept


def write_folds(path: Path, folds: Mapping[str, int]) -> None:
    """Write patient and fold, in order of the names, atomically."""
    with replaced(path) as beside, beside.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("patient", "fold"))
        writer.writerows(sorted(folds.items()))


def read_folds(path: Path) -> dict[str, int]:
    """Read patient → fold.

    Raises:
        ReadError: unreadable, or a line is wrong or contradicts another.
    """
    found: dict[str, int] = {}
    for line, row in read_rows(path, ("patient", "fold"), what="the list of folds"):
        try:
            fold = int(row["fold"])
        except ValueError as fault:
            raise refused(path, line, fault, what="the list of folds") from fault
        if not row["patient"] or found.setdefault(row["patient"], fold) != fold or fold < 0:
            raise refused(path, line, "no patient, or two folds for one", what="the list of folds")
    return found


def _counted(manifest: Manifest) -> tuple[dict[str, str], Counter[str], Counter[str]]:
    """Stratum, findings and radiographs of every patient."""
    labels: dict[str, set[str]] = {}
    findings, images = Counter[str](), Counter[str]()
    for entry in manifest.entries:
        own = labels.setdefault(entry.patient, set())
        own |= {f"{finding.label} {int(finding.synthetic)}" for finding in entry.findings}
        findings[entry.patient] += len(entry.findings)
        images[entry.patient] += 1
    return {patient: ", ".join(sorted(own)) for patient, own in labels.items()}, findings, images


def _number(patient: str, seed: int) -> int:
    return int(sha256(f"{seed} {patient}".encode()).hexdigest(), 16)
