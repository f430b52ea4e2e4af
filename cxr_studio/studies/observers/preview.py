"""What trained observers find in the pairs of a new study, before a reader's time is spent on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cxr_studio.masks.boxes import Box, cut
from cxr_studio.metrics.forced_choice import Rate
from cxr_studio.networks.observers.network import Kind
from cxr_studio.networks.observers.observer import Observer, percent_correct
from cxr_studio.networks.observers.pairs import Pairs, centred, crop_side, is_known
from cxr_studio.networks.observers.saving import shipped_observer
from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.key import Key, KeyCase
from cxr_studio.studies.observers.images import ObservedImage, Picture, picture_of

ASKED: tuple[Kind, ...] = ("location-known", "human-like")
"""Observers that are asked; both are told the place."""

OBVIOUS = 0.9
"""Share of pairs from which on a reader is expected to see the change at a glance."""


@dataclass(frozen=True)
class Preview:
    """How often one observer picks the original.

    Attributes:
        kind: Of the observer.
        rate: With its interval by patient.
        trained_on: Pairs among them whose patient it was trained on, which may flatter it.
        unknown: Generators of the study whose fills it was not trained on: it may see less than it could.
    """

    kind: Kind
    rate: Rate
    trained_on: int
    unknown: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """A sentence for the study's owner."""
        found = (
            f"The {self.kind} observer, which knows the place, picks the original in {self.rate} of "
            f"{self.rate.pairs} pairs"
        )
        if self.rate.holds_chance:
            found += ", no better than guessing"
        elif self.kind == "human-like" and self.rate.value >= OBVIOUS:
            found += "; readers will probably see the change at once"
        note = f" It was trained on {self.trained_on} of these patients' pairs." if self.trained_on else ""
        if self.unknown:
            note += f" It was not trained on fills by {', '.join(self.unknown)} and may perform below its best."
        return f"{found}.{note}"


def previews(bundle: Bundle, key: Key) -> list[Preview]:
    """Ask the shipped observers about the filled holes of a study of pairs.

    Args:
        bundle: The study.
        key: Its truth.

    Returns:
        Nothing where the study has no pairs with filled holes of a size that the observers know.

    Raises:
        StudioError: an image cannot be read, or the shipped observers are missing.
    """
    pairs = study_pairs(bundle, key)
    if pairs is None:
        return []
    generators = sorted({condition.generator for condition in key.protocol.conditions if condition.kind == "hole"})
    return [_preview(shipped_observer(kind), pairs, generators) for kind in ASKED]


def study_pairs(bundle: Bundle, key: Key) -> Pairs | None:
    """Crops of twice the largest change's side around every change of the main cases; None where none can be judged."""
    changes = list(_changes(bundle, key))
    if not changes:
        return None
    side = crop_side([box for *_, box in changes])
    real, fake, holes = [], [], []
    for _, original, altered, box in changes:
        hole = np.zeros(original.shape, bool)
        hole[cut(box)] = True
        real.append(centred(original, box, side))
        fake.append(centred(altered, box, side))
        holes.append(centred(hole, box, side))
    return Pairs(np.stack(real), np.stack(fake), tuple(patient for patient, *_ in changes), np.stack(holes))


def _changes(bundle: Bundle, key: Key) -> Iterator[tuple[str, Picture, Picture, Box]]:
    """Patient, both pictures and place of every filled hole of a size that the observers know."""
    kinds = {condition.title: condition.kind for condition in key.protocol.conditions}
    for case in key.cases.values():
        if case.practice or case.catch or kinds.get(case.condition) != "hole" or not (case.original and case.altered):
            continue
        original, altered = (picture_of(bundle, _shown(case, name)) for name in (case.original, case.altered))
        for box in case.boxes:
            if is_known(box):
                yield case.patient or case.source_sha256, original, altered, box


def _shown(case: KeyCase, name: str) -> ObservedImage:
    return ObservedImage(name, case.case, case.patient, name == case.altered, case.boxes, case.catch)


def _preview(observer: Observer, pairs: Pairs, generators: Sequence[str]) -> Preview:
    seen = sum(observer.saw(patient) for patient in pairs.groups)
    unknown = tuple(name for name in generators if not observer.knows(name))
    return Preview(observer.kind, percent_correct(observer, pairs), seen, unknown)
