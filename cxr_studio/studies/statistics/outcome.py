"""What a finished study hands to its report: the unblinded answers and the facts around them; no heavy imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

TWO_AFC, REAL_OR_FAKE = "2afc", "real-or-fake"
"""Paradigms."""

HUMAN, MACHINE, SIMULATED = "human", "machine", "simulated"
"""Kinds of readers, reported apart and in this order."""

KINDS = (HUMAN, MACHINE, SIMULATED)

BETWEEN = ", "
"""Between the findings of one radiograph."""

PRACTICE, MAIN, REPEAT = "practice", "main", "repeat"
"""Phases; only ``MAIN`` counts towards accuracy."""

REAL, FAKE = "real", "fake"
LEFT, RIGHT = "left", "right"


@dataclass(frozen=True)
class Answer:
    """One answer in force (superseded ones left out), with the truth from the key.

    Attributes:
        reader: Pseudonym.
        case: The pair (2AFC) or the image (real or fake) that was shown; the same for every reader.
        source_image: The radiograph that the case was made from.
        condition: The generator in 2AFC; the source ("real" or a generator) in real or fake.
        truth: Side of the target in 2AFC (``left``, ``right``); ``real`` or ``fake``.
        response: In the words of ``truth``.
        trial_index: Place in this reader's schedule, from 0.
        confidence: On the protocol's scale, or None.
        response_time_ms: From the painted image to the key, pauses excluded, or None.
        side: Where the target stood, ``left`` or ``right``; "" in real or fake.
        patient: Pseudonym, or "" when unknown.
        pathology: Findings of the source image, ``BETWEEN`` them, or "".
        mark_hit: Whether the reader's mark lies on the change; None without a mark or a change.
    """

    reader: str
    case: str
    source_image: str
    condition: str
    truth: str
    response: str
    correct: bool
    trial_index: int
    confidence: float | None = None
    response_time_ms: float | None = None
    side: str = ""
    phase: str = MAIN
    patient: str = ""
    pathology: str = ""
    mark_hit: bool | None = None

    def has(self, finding: str) -> bool:
        """Whether it is one of the source image's findings."""
        return f"{BETWEEN}{finding}{BETWEEN}" in f"{BETWEEN}{self.pathology}{BETWEEN}"


@dataclass(frozen=True)
class ReaderFacts:
    """A reader: a person, a model observer, or a simulation for rehearsal.

    Attributes:
        experience: In the reader's own words, or the observer's description.
        planned_trials: Main trials in the schedule, or None when unknown.
    """

    name: str
    kind: str = HUMAN
    experience: str = ""
    planned_trials: int | None = None


@dataclass(frozen=True)
class Generator:
    """A generator whose images were shown: the name used as condition, title, version, hash of the weights."""

    name: str
    title: str = ""
    version: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class ProtocolFacts:
    """The frozen protocol.

    Attributes:
        margin: Equivalence margin around 0.5, stated before the data, or None.
        alpha: Level of the equivalence tests.
        confidence: Of the intervals.
        time_limit_s: Of a trial, or None.
        confidence_scale: In words, or "".
        sample_size: How the number of trials was found, in words, or "".
        findings: Those that it asks for, in its order; none where it takes radiographs of all.
    """

    title: str
    paradigm: str
    question: str
    sha256: str
    margin: float | None = None
    alpha: float = 0.05
    confidence: float = 0.95
    time_limit_s: float | None = None
    confidence_scale: str = ""
    sample_size: str = ""
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class GalleryCase:
    """A case as the report shows it.

    Attributes:
        condition: What changed it, or "real".
        wrong: Wrong answers.
        answers: All of them.
        pictures: Title and ``data:`` address of each image, cut out around the change.
    """

    condition: str
    wrong: int
    answers: int
    pictures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Gallery:
    """Cases by how often readers were wrong: those that fooled most, and those that fooled nobody."""

    fooled: tuple[GalleryCase, ...] = ()
    seen: tuple[GalleryCase, ...] = ()


@dataclass(frozen=True)
class StudyOutcome:
    """Everything that a report is made from.

    Attributes:
        versions: Of the program and the libraries that ran the study.
        hashes: Of the files the report rests on, e.g. "key", "answer log head".
        first_answer, last_answer: ISO 8601 with offset, or "".
        remarks: Integrity flags and other sentences that belong in the report.
        gallery: Pictures of cases.
    """

    protocol: ProtocolFacts
    answers: tuple[Answer, ...]
    readers: tuple[ReaderFacts, ...]
    generators: tuple[Generator, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    first_answer: str = ""
    last_answer: str = ""
    remarks: tuple[str, ...] = ()
    gallery: Gallery = Gallery()

    def of_kind(self, kind: str) -> tuple[ReaderFacts, ...]:
        """Readers of one kind who answered at least one main trial, in the order given."""
        answered = {a.reader for a in self.answers if a.phase == MAIN}
        return tuple(r for r in self.readers if r.kind == kind and r.name in answered)

    def main_answers(self, readers: Iterable[ReaderFacts]) -> list[Answer]:
        """Main answers of these readers, by reader and in the order in which they were given."""
        names = [r.name for r in readers]
        kept = [a for a in self.answers if a.phase == MAIN and a.reader in names]
        return sorted(kept, key=lambda a: (names.index(a.reader), a.trial_index))
