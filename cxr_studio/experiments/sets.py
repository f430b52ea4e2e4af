"""What an experiment is made on: real radiographs with frozen folds, and healthy ones of other patients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cxr_studio.datasets.entries import Entry, Manifest
from cxr_studio.datasets.folds import folds_of, frozen_folds, read_folds, write_folds
from cxr_studio.datasets.listing import radiograph_folder
from cxr_studio.datasets.manifest import Item, content_sha256, manifest_of
from cxr_studio.datasets.manifest_csv import write_manifest
from cxr_studio.datasets.opening import open_manifest
from cxr_studio.datasets.patients import known_patients
from cxr_studio.datasets.splits import split_of
from cxr_studio.errors import ReadError
from cxr_studio.experiments.parts import Listed
from cxr_studio.experiments.recipe import HardExamples, Localisation

TENTHS = 10
"""Folds that patients are dealt out to where a share of them is held out: the first ones are."""

HELD_OUT, LEARNED = 0, 1
"""The two folds of a file that holds a share out."""

REAL, FOLDS = "real.csv", "folds.csv"


@dataclass(frozen=True, eq=False)
class Sets:
    """Radiographs by what they are for.

    Attributes:
        real: With findings, files as absolute paths.
        test: The same, and healthy ones that detectors are tested on.
        sources: Healthy ones that are drawn into.
        folds: Patient → fold, of ``test``.
        notes: A sentence for what was left out.
    """

    real: Manifest
    test: Manifest
    sources: tuple[Item, ...]
    folds: dict[str, int]
    notes: tuple[str, ...]

    def held_out(self, fold: int) -> Manifest:
        """The radiographs of a fold."""
        return self.test.where(lambda entry: self.folds[entry.patient] == fold)

    def pool(self, fold: int) -> Manifest:
        """Those of the other folds, in which hard examples are looked for."""
        return self.test.where(lambda entry: self.folds[entry.patient] != fold)


def sets_of(experiment: HardExamples) -> Sets:
    """Open everything, and deal patients out where no folds are frozen yet.

    Patients of the healthy radiographs are left out of the real ones: detectors and generators may have learned from
    them.

    Raises:
        ReadError: a list or folder cannot be used, or nothing is left.
    """
    healthy = _items(Path(experiment.healthy.train))
    negatives = _items(Path(experiment.healthy.test)) if experiment.healthy.test else ()
    known = {item.patient for item in (*healthy, *negatives)}
    every = boxed(experiment.real)
    real = every.where(lambda entry: entry.patient not in known)
    if not real.entries:
        what = "every patient with a finding is among the healthy ones too"
        raise ReadError(what, file=experiment.real.truth, remedy="Set real.truth or healthy.train")
    added = tuple(Entry(str(item.path.resolve()), item.patient, sha256=item.sha256) for item in negatives)
    test = Manifest(real.folder, (*real.entries, *added))
    folds = frozen_folds(Path(experiment.real.folds), test, count=experiment.folds, seed=experiment.seed)
    left = len(every.entries) - len(real.entries)
    notes = (f"{left} radiographs of patients of healthy ones are left out.",) if left else ()
    own = {entry.patient for entry in real.entries}
    return Sets(real, test, tuple(item for item in healthy if item.patient not in own), folds, notes)


@dataclass(frozen=True, eq=False)
class Boxes:
    """Radiographs with boxes of several findings, a share of the patients held out.

    Attributes:
        every: All of them, files as absolute paths.
        learned: To learn from.
        test: Held out.
        fresh: Of these, patients that no generator here has learned from (``splits.split_of``).
        folds: Patient → ``HELD_OUT`` or ``LEARNED``.
    """

    every: Manifest
    learned: Manifest
    test: Manifest
    fresh: Manifest
    folds: dict[str, int]


def localised(experiment: Localisation) -> Boxes:
    """Open the boxes; patients that generators of surroundings hold out (one in five) are held out first.

    Raises:
        ReadError: a list or folder cannot be used, or nothing is left on one side.
    """
    every = boxed(experiment.real)
    unseen = [patient for patient in every.patients if split_of(patient) == "val"]
    folds = held_out_share(experiment.real, every, experiment.test_share, first=unseen)
    learned, test = (every.where(lambda e, side=side: folds[e.patient] == side) for side in (LEARNED, HELD_OUT))  # type: ignore[misc]
    if not learned.entries or not test.entries:
        what = "no patient is held out" if learned.entries else "every patient is held out"
        raise ReadError(what, file=experiment.real.folds, remedy="Set test_share or real.folds")
    fresh = test.where(lambda entry: split_of(entry.patient) == "val")
    return Boxes(every, learned, test, fresh, folds)


def boxed(listed: Listed) -> Manifest:
    """Radiographs of a list with a finding that counts, files as absolute paths, each with its hash.

    Raises:
        ReadError: it cannot be used, or none has such a finding.
    """
    images = Path(listed.images) if listed.images else None
    whole = open_manifest(Path(listed.truth), images, listed_side=listed.listed_side).of_label(*listed.labels)
    some = whole.where(lambda entry: bool(entry.findings))
    if not some.entries:
        what = f"no radiograph has a box of {', '.join(listed.label)}"
        raise ReadError(what, file=listed.truth, remedy="Set real.label or real.images")
    return Manifest(
        Path("/"),
        tuple(
            replace(entry, file=str(whole.path(entry).resolve()), sha256=content_sha256(whole.path(entry)))
            for entry in some.entries
        ),
    )


def held_out_share(listed: Listed, manifest: Manifest, share: float, *, first: Sequence[str] = ()) -> dict[str, int]:
    """Patient → ``HELD_OUT`` or ``LEARNED``, frozen in the list's file of folds.

    Args:
        listed: Names the file.
        manifest: The radiographs.
        share: Of the patients that are held out.
        first: Patients that are held out before others.

    Raises:
        ReadError: the file is damaged or lacks a patient.
    """
    path = Path(listed.folds)
    if not path.exists():
        known = set(first)
        dealt = folds_of(manifest, count=min(TENTHS, len(manifest.patients)))
        order = sorted(dealt, key=lambda patient: (patient not in known, dealt[patient], patient))
        count = round(share * len(order))
        write_folds(path, {patient: HELD_OUT if k < count else LEARNED for k, patient in enumerate(order)})
    folds = read_folds(path)
    missing = [patient for patient in manifest.patients if patient not in folds]
    if missing:
        what = f"the folds lack {len(missing)} patients ({missing[0]}, for example)"
        raise ReadError(what, file=path, remedy="Choose another file, so that the frozen folds stay as they are")
    return folds


def written(manifest: Manifest, folds: dict[str, int], folder: Path) -> tuple[Path, Path]:
    """Write the radiographs and their folds for trainings; returns both files."""
    write_manifest(manifest, folder / REAL)
    write_folds(folder / FOLDS, {patient: folds[patient] for patient in manifest.patients})
    return folder / REAL, folder / FOLDS


def facts_of(manifest: Manifest) -> list[list[object]]:
    """What of radiographs decides a result, for a step's inputs: name, hash, boxes."""
    return [
        [Path(entry.file).name, entry.sha256, *([finding.label, *finding.box] for finding in entry.findings)]
        for entry in manifest.entries
    ]


def _items(folder: Path) -> tuple[Item, ...]:
    paths = radiograph_folder(folder)
    return manifest_of(paths, known_patients(folder))
