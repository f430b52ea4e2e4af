"""The audit: every question of every generator, with verdicts that know how many questions were asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cxr_studio.audit.asking import Answer, ask
from cxr_studio.audit.cases import LEAST, Case, compared_with_findings
from cxr_studio.audit.limits import Limits, verdict
from cxr_studio.audit.memorised import Memory
from cxr_studio.audit.questions import QUESTIONS, Question
from cxr_studio.audit.repeats import Parted, Repeat
from cxr_studio.audit.sights import Sight, Sights
from cxr_studio.audit.telling import FULL, Effort
from cxr_studio.events import Progress, silent
from cxr_studio.metrics.many import holm


@dataclass(eq=False)
class Audit:
    """What was found.

    Attributes:
        answers: By generator, in the order of the questions.
        notes: A sentence on everything that was not asked, and why.
        sights: What was measured.
        repeats: Near-duplicates.
        patients: Those in several splits.
        memory: Whether a generator has memorised what it was trained on; None where that was not asked.
        sources: Radiographs that stand in one split and, drawn into, in another.
    """

    sights: Sights
    answers: list[Answer] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    repeats: list[Repeat] = field(default_factory=list)
    patients: list[Parted] = field(default_factory=list)
    sources: list[Parted] = field(default_factory=list)
    memory: Memory | None = None

    @property
    def leaks(self) -> list[Answer]:
        """The questions by which synthetic is given away."""
        return [answer for answer in self.answers if answer.verdict == "leak"]

    @property
    def generators(self) -> list[str]:
        """In the order of the answers."""
        return list(dict.fromkeys(answer.generator for answer in self.answers))


def audit(
    sights: Sights,
    limits: Limits,
    *,
    questions: Sequence[Question] = QUESTIONS,
    effort: Effort = FULL,
    progress: Progress = silent,
) -> Audit:
    """Ask all questions of all generators, each against everything real.

    Args:
        sights: Of real and synthetic radiographs.
        limits: Of the verdicts.
        questions: Which are asked.
        effort: How much is computed for each.
        progress: Called after every model; what it raises stops the work.
    """
    found = Audit(sights)
    cases = [sight.case for sight in sights.radiographs]
    generators = sorted({case.generator for case in cases if case.synthetic})
    asked = [(generator, question) for generator in generators for question in questions]
    for number, (generator, question) in enumerate(asked):
        groups = _groups(question, generator, sights)
        words = f"{generator}: {question.title.lower()}"
        if why := _not_asked(question, groups, cases):
            found.notes.append(f"{generator}, {question.title.lower()}: not asked, {why}.")
            continue

        def step(part: float, _: str, number: int = number, words: str = words) -> None:
            progress((number + part) / len(asked), words)

        found.answers.append(ask(question, generator, groups, effort=effort, progress=step))
    judge(found.answers, limits)
    return found


def judge(answers: Sequence[Answer], limits: Limits) -> None:
    """Give every answer its P value and verdict, knowing of all others."""
    for answer, p in zip(answers, holm([answer.told.p for answer in answers]), strict=True):
        answer.p, answer.sure = p, p < limits.level
        answer.verdict = verdict(answer.told, p, limits.of(answer.question.key), limits.level)


def _groups(question: Question, generator: str, sights: Sights) -> tuple[list[Sight], list[Sight]]:
    """Synthetic and real sights of a question."""
    seen = sights.places if question.group == "place" else sights.radiographs
    real = [sight for sight in seen if not sight.case.synthetic]
    if question.group == "place":
        findings = compared_with_findings([sight.case for sight in sights.radiographs])
        real = [sight for sight in real if sight.pretend != findings]
    return [sight for sight in seen if sight.case.generator == generator and sight.case.synthetic], real


def _not_asked(question: Question, groups: tuple[list[Sight], list[Sight]], cases: Sequence[Case]) -> str:
    """Why a question cannot be asked, a clause; "" where it can."""
    if question.drawn and not compared_with_findings(cases):
        return "the set has too few real findings to compare with"
    for kind, group in zip(("synthetic", "real"), groups, strict=True):
        things = "places" if question.group == "place" else "radiographs"
        patients = len({sight.case.patient for sight in group})
        if len(group) < LEAST or patients < 2:
            return f"there are {len(group)} {kind} {things} of {patients} patients"
    return ""
