"""What the window (or a simulated reader) shows and gives back: frozen, plain, without any truth of main trials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cxr_studio.studies.protocol_parts import Rules


@dataclass(frozen=True)
class TrialView:
    """A trial to show.

    Attributes:
        uid: Identifier.
        images: Left and right of 2afc, or the only image.
        phase: "practice", "main", "repeat" or "warm-up"; show no difference between main and repeat.
        number: Of this trial within practice or within the study, from 1.
        total: Trials of practice, or of the study.
        rules: Question, words, confidence, marks, time limit, blank.
        can_undo: The last answer may be taken back now.
        again: Shown because an answer was taken back.
    """

    uid: str
    images: tuple[Path, ...]
    phase: str
    number: int
    total: int
    rules: Rules
    can_undo: bool = False
    again: bool = False

    @property
    def choices(self) -> tuple[str, str]:
        """The two answers."""
        return ("left", "right") if self.rules.paradigm == "2afc" else ("real", "fake")

    @property
    def practice(self) -> bool:
        """True for trials that do not count."""
        return self.phase in ("practice", "warm-up")


@dataclass(frozen=True)
class Break:
    """A pause between blocks; ``Sitting.go_on`` ends it.

    Attributes:
        done: Trials of the study answered.
        total: Trials of the study.
        after_practice: Practice has just ended.
    """

    done: int
    total: int
    after_practice: bool = False


@dataclass(frozen=True)
class Finished:
    """Nothing is left to answer.

    Attributes:
        answered: Trials of the study answered.
        missed: Of them, without a choice (time limit).
        dropped: Trials that an interruption cost.
    """

    answered: int
    missed: int
    dropped: int


Step = TrialView | Break | Finished


@dataclass(frozen=True)
class Mark:
    """Where the reader sees it: image pixels of the image on that side ("" for the only one), and when."""

    x: float
    y: float
    side: str = ""
    rating: int | None = None
    ns: int = 0


@dataclass(frozen=True)
class Response:
    """What a reader gave.

    Attributes:
        choice: One of the view's choices; None when the time ran out.
        decision_ns: Monotonic time of the key-down or click.
        first_input_ns: Of the first input of the trial, of any kind.
        key: Raw key or button.
        confidence: 1 to the protocol's steps.
        marks: Where it is.
        cue: Free text: what gave it away.
        view: Final window, zoom and pan.
        pause_ns: Time the trial was paused, not counted.
        frame_interval_ns: Of the display.
    """

    choice: str | None
    decision_ns: int
    first_input_ns: int | None = None
    key: str = ""
    confidence: int | None = None
    marks: tuple[Mark, ...] = ()
    cue: str = ""
    view: Mapping[str, Any] = field(default_factory=dict)
    pause_ns: int = 0
    frame_interval_ns: int | None = None


@dataclass(frozen=True)
class Feedback:
    """After a practice trial, where the protocol wants it.

    Attributes:
        correct: Whether the answer was right.
        answer: The right choice.
        boxes: Where the change is, ``y0, x0, y1, x1`` in image pixels.
    """

    correct: bool
    answer: str
    boxes: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True)
class Acknowledged:
    """An answer that is on disk.

    Attributes:
        sequence: Its number among the reader's rows, from 0.
        row_hash: Its hash.
        uid: The trial.
        committed_ns: Monotonic time after the commit.
        feedback: Of practice, or None.
    """

    sequence: int
    row_hash: str
    uid: str
    committed_ns: int
    feedback: Feedback | None = None
