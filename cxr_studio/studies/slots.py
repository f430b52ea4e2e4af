"""Which cases a study needs, before any is made: conditions, practice, catches, and which share a radiograph."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cxr_studio.datasets.patients import patient_of
from cxr_studio.studies.key import REAL
from cxr_studio.studies.protocol import Protocol

PRACTICE_SHARE = 4
"""At most one radiograph in so many is kept for practice."""

CATCH = "catch"
"""Condition of trials with a change that cannot be missed."""


@dataclass(frozen=True)
class Slot:
    """One case to make.

    Attributes:
        number: Of the case, from 0.
        group: Cases of one group share radiograph and place.
        condition: Index into the protocol's conditions; None for an unchanged radiograph.
        practice: For practice.
        catch: With a change that cannot be missed.
        turn: Of a main case, how many come before it in its condition.
    """

    number: int
    group: int
    condition: int | None
    practice: bool = False
    catch: bool = False
    turn: int = 0


def slots_of(protocol: Protocol) -> tuple[Slot, ...]:
    """Every case of a study; practice first, then catches, then the main cases."""
    conditions: list[int | None] = list(range(len(protocol.conditions)))
    if protocol.study.paradigm == "real-or-fake":
        conditions.insert(0, None)
    found: list[Slot] = []
    for k in range(protocol.practice.trials):
        found.append(Slot(len(found), len(found), conditions[k % len(conditions)], practice=True))
    for k in range(protocol.order.catches):
        found.append(Slot(len(found), len(found), k % len(protocol.conditions), catch=True))
    shared = protocol.order.assignment != "separate"
    first = len(found)
    for k in range(protocol.images.count):
        for place, condition in enumerate(conditions):
            group = first + (k if shared else k * len(conditions) + place)
            found.append(Slot(len(found), group, condition, turn=k))
    return tuple(found)


def ready_made(protocol: Protocol, slot: Slot) -> bool:
    """Whether a case's image was made elsewhere."""
    return slot.condition is not None and protocol.conditions[slot.condition].kind == "folder" and not slot.catch


def title_of(protocol: Protocol, slot: Slot) -> str:
    """Title of a case's condition."""
    if slot.catch:
        return CATCH
    return REAL if slot.condition is None else protocol.conditions[slot.condition].title


class Sources:
    """Hands out radiographs: each once, and again only when all have been used and reuse is allowed.

    Args:
        paths: In the order in which they are used.
        reuse: Whether they may be used again.
        otherwise: Where to take from when there is none left.
    """

    def __init__(self, paths: Sequence[Path], *, reuse: bool, otherwise: Sources | None = None) -> None:
        self._waiting = deque(paths)
        self._good: deque[Path] = deque()
        self._reuse = reuse
        self._otherwise = otherwise

    def next(self) -> Path | None:
        """The next radiograph, or None when there is none left."""
        if not self._waiting and self._reuse:
            self._waiting, self._good = self._good, deque()
        if self._waiting:
            return self._waiting.popleft()
        return self._otherwise.next() if self._otherwise else None

    def used(self, path: Path) -> None:
        """Tell that a radiograph can be used."""
        self._good.append(path)

    def drop(self, path: Path) -> None:
        """Tell that it cannot be used after all."""
        for listed in (self._waiting, self._good):
            while path in listed:
                listed.remove(path)


def part_for_practice(
    paths: Sequence[Path], practice: int, *, of: Callable[[Path], str] = patient_of
) -> tuple[list[Path], list[Path]]:
    """Part radiographs into those of practice and the others, by patient; those of a single patient serve for both.

    Args:
        paths: In the order in which they are used.
        practice: Practice trials.
        of: Whose radiograph a file is.
    """
    count = min(practice, max(1, len(paths) // PRACTICE_SHARE))
    patients = [of(path) for path in paths]
    if len(set(patients)) < 2 or not practice:
        return list(paths), list(paths)
    chosen: set[str] = set()
    while sum(patient in chosen for patient in patients) < count and len(chosen) < len(set(patients)) - 1:
        chosen.add(next(patient for patient in patients if patient not in chosen))
    known = dict(zip(paths, patients, strict=True))
    return [p for p in paths if known[p] in chosen], [p for p in paths if known[p] not in chosen]
