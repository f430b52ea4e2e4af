"""What a multi-reader analysis starts from: one score for each reader, case and modality, and the truth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isfinite

import numpy as np
import numpy.typing as npt

from cxr_studio.errors import StatisticsError

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Observation:
    """A score that ``reader`` gave to ``case`` in ``modality`` (a generator, a display, a condition).

    Higher scores mean more certainly positive. In 2AFC the case is the pair and the score is 1 when it
    was answered correctly, 0.5 for a tie, 0 otherwise.
    """

    reader: str
    case: str
    modality: str
    score: float


@dataclass(frozen=True)
class ReadingStudy:
    """Observations with the truth of every case (1 signal present, 0 absent).

    Attributes:
        title: First line of the file it came from, or "".
    """

    observations: tuple[Observation, ...]
    truth: Mapping[str, int]
    title: str = ""

    @cached_property
    def readers(self) -> tuple[str, ...]:
        """Names in natural order (reader2 before reader10)."""
        return _ordered(o.reader for o in self.observations)

    @cached_property
    def modalities(self) -> tuple[str, ...]:
        """Names in natural order."""
        return _ordered(o.modality for o in self.observations)

    def cases(self, truth: int) -> tuple[str, ...]:
        """Cases of one truth, in natural order."""
        return _ordered(case for case, present in self.truth.items() if present == truth)

    def scores(self, cases: Iterable[str]) -> Array:
        """Scores [modality, reader, case]; NaN where a reader did not read a case."""
        rows = {name: k for k, name in enumerate(self.readers)}
        planes = {name: k for k, name in enumerate(self.modalities)}
        columns = {name: k for k, name in enumerate(cases)}
        table = np.full((len(planes), len(rows), len(columns)), np.nan)
        for o in self.observations:
            if o.case in columns:
                table[planes[o.modality], rows[o.reader], columns[o.case]] = o.score
        return table


def reading_study(observations: Iterable[Observation], truth: Mapping[str, int], *, title: str = "") -> ReadingStudy:
    """A checked study.

    Raises:
        StatisticsError: nothing was observed, a cell is there twice, a score is not a number, a case has no
            truth, a truth is neither 0 nor 1, or two readers or modalities differ in case only.
    """
    kept = tuple(observations)
    if not kept:
        raise StatisticsError("there are no observations to analyse")
    seen: set[tuple[str, str, str]] = set()
    for o in kept:
        key = (o.reader, o.case, o.modality)
        if key in seen:
            raise StatisticsError(f"reader {o.reader} scored case {o.case} twice in modality {o.modality}")
        if not isfinite(o.score):
            raise StatisticsError(f"the score of reader {o.reader} on case {o.case} is not a number")
        if o.case not in truth:
            raise StatisticsError(f"case {o.case} has no truth")
        seen.add(key)
    _one_spelling("readers", (o.reader for o in kept))
    _one_spelling("modalities", (o.modality for o in kept))
    odd = [case for case, value in truth.items() if value not in (0, 1)]
    if odd:
        raise StatisticsError(f"the truth of case {odd[0]} is neither 0 nor 1")
    return ReadingStudy(kept, dict(truth), title)


def _one_spelling(what: str, names: Iterable[str]) -> None:
    taken: dict[str, str] = {}
    for name in _ordered(names):
        other = taken.setdefault(name.casefold(), name)
        if other != name:
            raise StatisticsError(f"the {what} {other} and {name} differ in upper and lower case only")


def _ordered(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names), key=natural))


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """A sort key that puts reader2 before reader10."""
    parts = re.split(r"(\d+)", name)
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in parts if part)
