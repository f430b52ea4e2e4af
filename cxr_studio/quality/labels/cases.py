"""The radiographs that a generator with labels is measured on, and those that teach the classifier which judges it.

No patient is in both, and none that the generator was trained on is measured, as far as its recipe's folders are on
this machine: of labelled radiographs one patient in five is held out (``datasets.splits``), as training does it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from cxr_studio.datasets.box_list import read_box_list
from cxr_studio.datasets.listing import radiograph_folder, spread
from cxr_studio.datasets.naming import stem_of
from cxr_studio.datasets.patients import known_patients
from cxr_studio.datasets.splits import split_of
from cxr_studio.errors import ReadError
from cxr_studio.networks.card import Card
from cxr_studio.quality.judging import Material
from cxr_studio.quality.trained_on import trained_on
from cxr_studio.quality.whole_images import SIDE
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING

MEASURED = 60
"""Most radiographs of each kind that are measured: healthy ones, and those with each label."""

TAUGHT = 300
"""Most of each kind that teach a classifier."""


@dataclass(frozen=True, eq=False)
class LabelCase:
    """A radiograph with its labels.

    Attributes:
        path: Its file.
        patient: Whose it is.
        labels: Of those on the generator's card; none for a healthy one.
    """

    path: Path
    patient: str
    labels: tuple[str, ...] = ()

    def read(self) -> Radiograph:
        """The radiograph with its longest side shrunk to ``SIDE`` pixels, so that radiographs of two sources are alike.

        Raises:
            ReadError: it cannot be read.
        """
        import cv2

        whole = read_radiograph(self.path)
        scale = SIDE / max(whole.shape)
        if scale >= 1:
            return whole
        height, width = (max(1, round(side * scale)) for side in whole.shape)
        stored = np.ascontiguousarray(cv2.resize(whole.stored, (width, height), interpolation=cv2.INTER_AREA))
        stored.setflags(write=False)
        return replace(whole, stored=stored, spacing=UNKNOWN_SPACING)


@dataclass(frozen=True)
class LabelSets:
    """What is measured, and what teaches.

    Attributes:
        measured: Healthy and labelled radiographs of patients that nothing was learned from.
        taught: Those of other patients.
    """

    measured: tuple[LabelCase, ...]
    taught: tuple[LabelCase, ...]


@dataclass(frozen=True)
class _Folders:
    """Where they are; None where nothing says so."""

    labelled: Path | None
    boxes: Path | None
    healthy: Path | None


def label_sets(card: Card, material: Material) -> LabelSets | None:
    """Find healthy and labelled radiographs.

    Args:
        card: Of the generator; its recipe's folders stand in for those that the material does not name.
        material: Healthy radiographs to measure, labelled ones, and healthy ones to teach.

    Returns:
        None where there are no labelled radiographs.

    Raises:
        ReadError: a folder or list cannot be read; which labels the radiographs have is unknown; or nothing teaches.
    """
    own = _folders(card, material)
    if own.labelled is None:
        return None
    if own.healthy is None:
        what = "there are no healthy radiographs that the classifier could learn from"
        raise ReadError(what, remedy="Give --teach DIR, of other patients than --images")
    table = material.patients
    labels = _labels(own, card.labels)
    patients = known_patients(own.labelled, table)
    labelled = [LabelCase(path, patients.of_file(path), found) for path, found in labels.items()]
    teach, healthy = (
        [LabelCase(path, known_patients(folder, table).of_file(path)) for path in radiograph_folder(folder)]
        for folder in (own.healthy, material.folder("measure labels on"))
    )
    learned = [*teach, *(case for case in labelled if split_of(case.patient) == "train")]
    known = {case.patient for case in learned} | trained_on(card, patients)
    rest = [*healthy, *(case for case in labelled if split_of(case.patient) == "val")]
    measured = [case for case in rest if case.patient not in known]
    return LabelSets(_some(measured, card.labels, MEASURED), _some(learned, card.labels, TAUGHT))


def _folders(card: Card, material: Material) -> _Folders:
    """Those that are named, or else those of the recipe on the card that are on this machine."""
    try:
        sections = tomllib.loads(card.recipe)
    except tomllib.TOMLDecodeError:
        sections = {}

    def named(section: str, key: str, there: Callable[[Path], bool]) -> Path | None:
        part = sections.get(section)
        word = part.get(key) if isinstance(part, dict) else None
        return Path(word) if isinstance(word, str) and word and there(Path(word)) else None

    labelled, boxes = material.labelled, material.labelled_boxes
    if labelled is None:
        labelled, boxes = named("labelled", "images", Path.is_dir), boxes or named("labelled", "boxes", Path.is_file)
    return _Folders(labelled, boxes, material.teach or named("healthy", "train", Path.is_dir))


def _labels(own: _Folders, labels: tuple[str, ...]) -> dict[Path, tuple[str, ...]]:
    """The labels of every radiograph that has one of the card's."""
    assert own.labelled is not None
    files = radiograph_folder(own.labelled)
    if own.boxes is None:
        if len(labels) > 1:
            what = f"nothing says which of {', '.join(labels)} the radiographs have"
            raise ReadError(what, file=own.labelled, remedy="Give --labelled-boxes FILE, a list of boxes")
        return dict.fromkeys(files, labels)
    stems = {stem_of(path): path for path in files}
    found: dict[Path, set[str]] = {}
    for box in read_box_list(own.boxes):
        path = stems.get(stem_of(Path(box.image)))
        if path is not None and box.finding in labels:
            found.setdefault(path, set()).add(box.finding)
    return {path: tuple(name for name in labels if name in found[path]) for path in sorted(found)}


def _some(cases: list[LabelCase], labels: tuple[str, ...], most: int) -> tuple[LabelCase, ...]:
    """At most so many healthy ones, and of each label, evenly spread."""
    groups = [[case for case in cases if not case.labels]]
    groups += [[case for case in cases if label in case.labels] for label in labels]
    paths = {path for group in groups for path in spread([case.path for case in group], most)}
    return tuple(case for case in cases if case.path in paths)
