"""What generators with labels are measured on: radiographs as they are seen, and the classifiers that they teach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.metrics.by_patient import Estimate
from cxr_studio.quality.judging import Run
from cxr_studio.quality.labels.cases import LabelCase, LabelSets
from cxr_studio.quality.labels.classifier import Classifier, Sight, area_of
from cxr_studio.quality.whole_images import unit_image
from cxr_studio.radiographs.radiograph import Radiograph

FEWEST = 10
"""Radiographs of a kind that are needed to measure, or to teach."""


@dataclass(frozen=True)
class Direction:
    """What is asked of a generator.

    Attributes:
        label: Which label.
        given: Whether it is given to healthy radiographs, or else taken from those that have it.
    """

    label: str
    given: bool

    @property
    def title(self) -> str:
        """In words."""
        return f"{self.label} given to healthy" if self.given else f"{self.label} taken"


@dataclass(frozen=True, eq=False)
class Kind:
    """Radiographs of one kind that are measured, and what is seen of each."""

    cases: tuple[LabelCase, ...]
    images: tuple[Radiograph, ...]
    sights: tuple[Sight, ...]

    @classmethod
    def of(cls, cases: Sequence[LabelCase], run: Run) -> Kind:
        """Read radiographs and look at them.

        Raises:
            ReadError: one cannot be read.
        """
        images, sights = [], []
        for number, case in enumerate(cases, start=1):
            run.cancel.raise_if_cancelled()
            images.append(case.read())
            sights.append(Sight.of(unit_image(images[-1])))
            run.progress(number / len(cases), f"looking at {case.path.name}")
        return cls(tuple(cases), tuple(images), tuple(sights))

    def having(self, label: str) -> Kind:
        """Those with a label; with "" the healthy ones."""
        rows = [k for k, case in enumerate(self.cases) if (label in case.labels if label else not case.labels)]
        return Kind(*(tuple(part[k] for k in rows) for part in (self.cases, self.images, self.sights)))  # type: ignore[arg-type]

    @property
    def patients(self) -> list[str]:
        """Of each."""
        return [case.patient for case in self.cases]


@dataclass(frozen=True, eq=False)
class Bench:
    """What generators are measured on.

    Attributes:
        measured: Radiographs of patients that nothing was learned from.
        classifiers: By label.
        areas: How well each tells real measured radiographs with its label from healthy ones: ROC area.
        taught: Radiographs that taught them.
        missing: Labels of which there are too few radiographs to measure or to teach.
    """

    measured: Kind
    classifiers: dict[str, Classifier]
    areas: dict[str, Estimate]
    taught: int
    missing: tuple[str, ...]

    @property
    def directions(self) -> tuple[Direction, ...]:
        """Each label given, and taken."""
        return tuple(Direction(label, given) for label in self.classifiers for given in (True, False))

    def before(self, direction: Direction) -> Kind:
        """The radiographs that are translated."""
        return self.measured.having("" if direction.given else direction.label)

    def wanted(self, direction: Direction) -> Kind:
        """Real ones of the kind that is asked for."""
        return self.measured.having(direction.label if direction.given else "")

    def called(self, direction: Direction, sights: Sequence[Sight]) -> NDArray[np.float64]:
        """1 where the classifier calls a radiograph what is asked for, else 0."""
        there = self.classifiers[direction.label].scores(sights) > 0
        return np.asarray(there == direction.given, np.float64)


def bench_of(labels: Sequence[str], sets: LabelSets, run: Run) -> Bench:
    """Read all radiographs and teach a classifier for each label.

    Raises:
        ReadError: a radiograph cannot be read.
        Cancelled: through the run.
    """
    counts = {
        label: min(sum(label in one.labels if label else not one.labels for one in part) for part in _parts(sets))
        for label in ("", *labels)
    }
    usable = [label for label in labels if min(counts[label], counts[""]) >= FEWEST]
    if not usable:
        return Bench(Kind((), (), ()), {}, {}, 0, tuple(labels))
    measured, taught = (Kind.of(part, run) for part in _parts(sets))
    classifiers, areas = {}, {}
    for label in usable:
        lesson, test = ([part.having(label), part.having("")] for part in (taught, measured))
        classifiers[label] = Classifier.taught(_sights(lesson), _with_label(lesson))
        scores, patients = classifiers[label].scores(_sights(test)), [one for kind in test for one in kind.patients]
        areas[label] = area_of(scores, _with_label(test), patients)
    return Bench(measured, classifiers, areas, len(taught.cases), tuple(one for one in labels if one not in usable))


def _sights(kinds: Sequence[Kind]) -> list[Sight]:
    return [sight for kind in kinds for sight in kind.sights]


def _with_label(kinds: Sequence[Kind]) -> NDArray[np.bool_]:
    """True for the first kind."""
    return np.concatenate([np.full(len(kind.cases), k == 0) for k, kind in enumerate(kinds)])


def _parts(sets: LabelSets) -> tuple[tuple[LabelCase, ...], tuple[LabelCase, ...]]:
    return sets.measured, sets.taught
