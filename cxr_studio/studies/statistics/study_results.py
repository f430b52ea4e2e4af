"""Every figure of a report, computed once from an outcome; readers of each kind apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.statistics import outcome as o
from cxr_studio.studies.statistics.agreement import Kappa, cohen_kappa, cross_table, fleiss_kappa
from cxr_studio.studies.statistics.called_real import TOTAL, CalledReal, called_real
from cxr_studio.studies.statistics.detection import Cell, Detection, by_pathology, detection, empirical_auc
from cxr_studio.studies.statistics.detection import signed_confidence as signed
from cxr_studio.studies.statistics.drift import FEWEST, Drift, drift
from cxr_studio.studies.statistics.forced_choice import ForcedChoice, SideAware, forced_choice, side_aware
from cxr_studio.studies.statistics.localisation import Localisation, localisation
from cxr_studio.studies.statistics.mrmc_analysis import Analysis, Settings, analyse
from cxr_studio.studies.statistics.mrmc_ustatistics import modality_statistic
from cxr_studio.studies.statistics.outcome_observations import kernels_of
from cxr_studio.studies.statistics.proportions import Equivalence, Interval, Proportion, equivalence, proportion
from cxr_studio.studies.statistics.response_times import ResponseTimes, response_times

NO_POPULATION = "Machine observers are no sample of a population of readers, so nothing is averaged over them"
"""Why machines have no analysis over readers."""


@dataclass(frozen=True)
class ReaderResult:
    """One reader.

    Attributes:
        missing: Planned main trials without an answer, or None when the plan is unknown.
        by_condition: Generator or source → percent correct.
        forced_choice, side: Of 2AFC only; ``side`` needs targets on both sides.
        equivalence: Where guessing gives one half: 2AFC, or half of the images are fake.
        detection, auc: Of real or fake only.
        repeats: (same answer, repeated) for trials shown again.
        localisation: Where the reader marked anything.
    """

    facts: o.ReaderFacts
    missing: int | None
    overall: Proportion
    by_condition: dict[str, Proportion]
    forced_choice: ForcedChoice | None
    side: SideAware | None
    equivalence: Equivalence | None
    detection: Detection | None
    auc: float | None
    times: ResponseTimes | None
    drift: Drift | None
    repeats: tuple[int, int]
    localisation: Localisation | None


@dataclass(frozen=True)
class Agreement:
    """Agreement on the chosen item over the cases that all readers answered; pairs are (reader, reader, κ)."""

    cases: int
    fleiss: Kappa | None
    pairs: tuple[tuple[str, str, Kappa], ...]


@dataclass(frozen=True)
class MeanEquivalence:
    """Whether the mean over readers lies within the margin of 0.5, by the interval of confidence 1 − 2 alpha."""

    label: str
    estimate: float
    interval: Interval
    shown: bool


ANY = "any"
"""Pathology of images of which none is known."""


@dataclass(frozen=True)
class Group:
    """Readers of one kind.

    Attributes:
        refused: Why there is no analysis over readers, or "".
        cells: Correct answers by pathology: those asked for in their order, or else all in alphabetical order.
        totals: The same answers, each once: an image with two of the findings asked for stands in two rows.
        findings: Those that the protocol asks for.
    """

    kind: str
    readers: tuple[ReaderResult, ...]
    agreement: Agreement | None
    analysis: Analysis | None
    refused: str
    mean_equivalence: tuple[MeanEquivalence, ...]
    cells: tuple[Cell, ...] = ()
    totals: tuple[Cell, ...] = ()
    findings: tuple[str, ...] = ()

    @property
    def called_real(self) -> CalledReal | None:
        """Images called real by pathology, source and reader; None where no pathology is known."""
        named = any(cell.pathology != ANY for cell in self.cells)
        return called_real(self.cells, self.totals, first=self.findings) if named else None


@dataclass(frozen=True)
class StudyResults:
    """Groups in the order people, machines, simulations; groups without answers are left out."""

    conditions: tuple[str, ...]
    groups: tuple[Group, ...]


def results_of(outcome: o.StudyOutcome) -> StudyResults:
    """Compute everything.

    Raises:
        StatisticsError: nobody answered a main trial.
    """
    groups = [_group(outcome, kind) for kind in o.KINDS if outcome.of_kind(kind)]
    if not groups:
        raise StatisticsError("no reader has answered a trial yet, so there is nothing to report")
    conditions = sorted({a.condition for a in outcome.answers if a.phase == o.MAIN})
    return StudyResults(tuple(conditions), tuple(groups))


def _group(outcome: o.StudyOutcome, kind: str) -> Group:
    readers, protocol = outcome.of_kind(kind), outcome.protocol
    answers = outcome.main_answers(readers)
    analysis, refused = None, ""
    means: tuple[MeanEquivalence, ...] = ()
    try:
        if kind == o.MACHINE:
            raise StatisticsError(NO_POPULATION)
        kernels = kernels_of(answers, protocol.paradigm)
        analysis = analyse(kernels, Settings(confidence=protocol.confidence))
        if protocol.margin is not None:
            wide = 1 - 2 * protocol.alpha
            found = [modality_statistic(kernels, k, confidence=wide) for k in range(len(kernels.modalities))]
            means = tuple(_within(s.label, s.estimate, s.interval, protocol.margin) for s in found)
    except StatisticsError as fault:
        refused = str(fault)
    return Group(
        kind=kind,
        readers=tuple(_reader(outcome, facts) for facts in readers),
        agreement=_agreement(answers, [r.name for r in readers]),
        analysis=analysis,
        refused=refused,
        mean_equivalence=means,
        findings=protocol.findings,
        **(_cells(answers, protocol.findings) if protocol.paradigm == o.REAL_OR_FAKE else {}),
    )


def _cells(answers: Sequence[o.Answer], findings: tuple[str, ...]) -> dict[str, tuple[Cell, ...]]:
    """See Group: a row a finding asked for, whatever else the radiographs have."""

    def rows(answer: o.Answer) -> Sequence[str]:
        return [name for name in findings if answer.has(name)] or [answer.pathology or ANY]

    own = ((name, a.condition, a.reader, a.correct) for a in answers for name in rows(a))
    every = ((TOTAL, a.condition, a.reader, a.correct) for a in answers)
    return {"cells": tuple(by_pathology(own, first=findings)), "totals": tuple(by_pathology(every))}


def _within(label: str, estimate: float, interval: Interval, margin: float) -> MeanEquivalence:
    return MeanEquivalence(label, estimate, interval, 0.5 - margin < interval.low and interval.high < 0.5 + margin)


def _reader(outcome: o.StudyOutcome, facts: o.ReaderFacts) -> ReaderResult:
    protocol, answers = outcome.protocol, outcome.main_answers([facts])
    right = [a.correct for a in answers]
    correct, trials = sum(right), len(right)
    choice = protocol.paradigm == o.TWO_AFC
    yes_no = None if choice else _detection(answers, protocol.confidence)
    times = [a.response_time_ms for a in answers]
    return ReaderResult(
        facts=facts,
        missing=None if facts.planned_trials is None else max(facts.planned_trials - trials, 0),
        overall=proportion(correct, trials, confidence=protocol.confidence),
        by_condition={
            name: proportion(sum(own), len(own), confidence=protocol.confidence)
            for name in sorted({a.condition for a in answers})
            if (own := [a.correct for a in answers if a.condition == name])
        },
        forced_choice=forced_choice(correct, trials, confidence=protocol.confidence) if choice else None,
        side=_side(answers) if choice else None,
        equivalence=None
        if protocol.margin is None or not (choice or _half_fake(answers))
        else equivalence(correct, trials, margin=protocol.margin, alpha=protocol.alpha),
        detection=yes_no,
        auc=None if yes_no is None else _auc(answers),
        times=response_times(times, right),
        drift=drift(right, times) if trials >= FEWEST else None,
        repeats=_repeats(outcome, facts.name),
        localisation=localisation(answers, confidence=protocol.confidence),
    )


def _half_fake(answers: Sequence[o.Answer]) -> bool:
    """Whether a guess is right half the time, whichever answer the reader prefers."""
    return 2 * sum(a.truth == o.FAKE for a in answers) == len(answers)


def _side(answers: Sequence[o.Answer]) -> SideAware | None:
    left = [a.correct for a in answers if a.side == o.LEFT]
    right = [a.correct for a in answers if a.side == o.RIGHT]
    return side_aware((sum(left), len(left)), (sum(right), len(right))) if left and right else None


def _detection(answers: Sequence[o.Answer], confidence: float) -> Detection | None:
    fakes = [a.correct for a in answers if a.truth == o.FAKE]
    reals = [a.correct for a in answers if a.truth == o.REAL]
    if not (fakes and reals):
        return None
    return detection((sum(fakes), len(fakes)), (sum(reals), len(reals)), confidence=confidence)


def _auc(answers: Sequence[o.Answer]) -> float:
    return empirical_auc(
        [signed(a.response == o.FAKE, a.confidence) for a in answers], [a.truth == o.FAKE for a in answers]
    )


def _repeats(outcome: o.StudyOutcome, reader: str) -> tuple[int, int]:
    """Whether the same item was chosen when a case came back."""
    first = {a.case: a.correct for a in outcome.answers if a.reader == reader and a.phase == o.MAIN}
    again = [a for a in outcome.answers if a.reader == reader and a.phase == o.REPEAT and a.case in first]
    return sum(a.correct == first[a.case] for a in again), len(again)


def _agreement(answers: Sequence[o.Answer], readers: Sequence[str]) -> Agreement | None:
    """A correct answer chose the original (or told real from fake), so correctness names the chosen item of a case."""
    chosen: dict[str, dict[str, str]] = {}
    for a in answers:
        chosen.setdefault(a.case, {})[a.reader] = a.response if not a.side else ("target" if a.correct else "other")
    shared = [item for _, item in sorted(chosen.items()) if len(item) == len(readers)]
    if len(readers) < 2 or len(shared) < 2:
        return None
    names = sorted({choice for item in shared for choice in item.values()})
    counts = [[list(item.values()).count(name) for name in names] for item in shared]
    pairs = [
        (a, b, cohen_kappa(cross_table([item[a] for item in shared], [item[b] for item in shared])))
        for a, b in combinations(readers, 2)
    ]
    return Agreement(len(shared), fleiss_kappa(counts), tuple(pairs))
