"""Sitting a study, without a window: the window and the simulated reader both drive this.

``current`` says what to show; after ``shown`` comes ``answer``, which returns when the answer is on disk, and only then
does ``current`` give the next trial. Nothing here knows the truth of a main trial.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cxr_studio.errors import StudioError
from cxr_studio.studies.agenda import (
    INTERRUPTED,
    SHOWN,
    WARM_UP,
    Agenda,
    agenda,
    counted_answers,
    schedule_totals,
    unfinished,
)
from cxr_studio.studies.answer_row import Showing, answer_row
from cxr_studio.studies.bundle import Bundle, ShownTrial
from cxr_studio.studies.ledger import Ledger, SittingOptions
from cxr_studio.studies.protocol_parts import Rules
from cxr_studio.studies.rows import AnswerRow
from cxr_studio.studies.trial_view import Acknowledged, Break, Feedback, Finished, Response, Step, TrialView

READER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
"""What a reader's pseudonym looks like."""

COUNTED = ("main", "repeat")
"""Phases that are part of the study."""


class SittingError(StudioError):
    """Something that cannot be done at this point of a sitting."""


class Sitting:
    """One reader at one study.

    Args:
        bundle: The study.
        reader: Pseudonym: letters, digits, hyphens, 32 at most.
        options: Database and the rest.

    Raises:
        StudioError: the reader must not begin: no free place, damaged or locked answers, a name that cannot be.

    Attributes:
        bundle: The study.
        reader: Pseudonym.
        ledger: What is written down.
        resumed: True when there were answers before.
    """

    def __init__(self, bundle: Bundle, reader: str, options: SittingOptions | None = None) -> None:
        if not READER.fullmatch(reader) or reader.lower() == "truth":
            raise SittingError(f"{reader!r} cannot be a reader's name", remedy="Use letters, digits and hyphens")
        self.bundle, self.reader = bundle, reader
        self.ledger = Ledger(bundle, reader, options or SittingOptions())
        self.resumed = bool(self.ledger.rows)
        self._schedule = bundle.schedules[self.ledger.place]
        self._load_ns: int | None = None
        self._painted_ns: int | None = None
        self._again: ShownTrial | None = None
        self._break: Break | None = None
        self._warm_ups = self._take_up()
        self._warm_total = len(self._warm_ups)
        self._agenda: Agenda = self._worked_out()

    @property
    def rules(self) -> Rules:
        """Question, words, instructions, confidence, time limit."""
        return self.bundle.rules

    def current(self) -> Step:
        """What to show now; the same until something is done."""
        if self._break is not None:
            return self._break
        trial = self._next_trial()
        if trial is None:
            counted = counted_answers(self.ledger.rows)
            missed = sum(row.choice is None for row in counted)
            return Finished(len(counted), missed, len(self._agenda.dropped))
        number, total = self._numbers(trial)
        return TrialView(
            trial.uid,
            tuple(self.bundle.image(name) for name in trial.images),
            self._phase(trial),
            number,
            total,
            self.rules,
            can_undo=self._undoable() is not None,
            again=self._again is not None,
        )

    def coming(self) -> tuple[Path, ...]:
        """Images of the trial after the current one, to be loaded beforehand; none where there is none."""
        queue = [*([self._again] if self._again else []), *self._warm_ups, *self._agenda.left]
        return tuple(self.bundle.image(name) for name in queue[1].images) if len(queue) > 1 else ()

    def load_started(self, ns: int | None = None) -> tuple[Path, ...]:
        """Tell that the current images are being loaded; returns their paths once their content is the study's.

        Raises:
            BundleError: an image is missing or has been changed.
        """
        self._load_ns = time.monotonic_ns() if ns is None else ns
        return tuple(self.bundle.check_image(name) for name in self._expected().images)

    def shown(self, painted_ns: int | None = None) -> None:
        """Tell that the first frame of the current trial is on the screen (monotonic ns); written down at once."""
        trial = self._expected()
        painted = time.monotonic_ns() if painted_ns is None else painted_ns
        if not self._warming and self._again is None:
            self.ledger.note(SHOWN, trial.uid)
        self._painted_ns = painted

    def answer(self, response: Response) -> Acknowledged:
        """Keep an answer. Returns after it is on disk, in the second copy too.

        Raises:
            SittingError: nothing is shown, or the answer is none that the protocol allows.
            LogError: it is not on disk (``current`` is still this trial: call again), or only the second copy failed
                (``current`` is the next one, but nothing is kept before ``settle`` succeeds).
        """
        self.settle()
        trial = self._expected()
        self._check(response)
        showing = Showing(trial, self._phase(trial), self._load_ns, self._painted_ns or 0, self._again is not None)
        row = self.ledger.keep(answer_row(self.bundle, self.ledger, showing, response))
        committed = time.monotonic_ns()
        feedback = self._feedback(trial, response)
        self._advance(trial)
        self.event("committed", {"sequence": row.sequence}, ns=committed, uid=trial.uid)
        self.settle()
        return Acknowledged(row.sequence, row.row_hash, trial.uid, committed, feedback)

    def settle(self) -> None:
        """Bring the second copy up to the log, if it is behind.

        Raises:
            LogError: it still cannot be written.
        """
        self.ledger.settle()

    def undo(self) -> bool:
        """Show the trial of the last answer again; its next answer supersedes that one, which stays in the log.

        Returns:
            False where there is nothing to take back.
        """
        last = self._undoable()
        if last is None:
            return False
        self.ledger.note("undo", last.trial_uid, sequence=last.sequence)
        self._again = next(trial for trial in self._schedule if trial.uid == last.trial_uid)
        self._break = self._painted_ns = self._load_ns = None
        return True

    def go_on(self) -> None:
        """End the break."""
        if self._break is not None:
            self._break = None
            self.ledger.note("break ended")

    def event(self, kind: str, body: Mapping[str, Any] | None = None, *, ns: int | None = None, uid: str = "") -> None:
        """Queue an interaction event (window, zoom, pan, mouse); nothing is written before ``flush``."""
        self.ledger.queue(kind, body or {}, ns=ns, uid=uid)

    def flush(self) -> None:
        """Write the queued events in one transaction of their own: between trials, or by a timer."""
        self.ledger.flush()

    def display_checked(self, body: dict[str, Any]) -> int:
        """Write a display check down; the answers that follow name it."""
        return self.ledger.display_checked(body)

    def note(self, kind: str, body: Mapping[str, Any] | None = None) -> None:
        """Add a line to the audit trail (instructions read, monitor changed)."""
        self.ledger.note(kind, **(body or {}))

    def close(self) -> None:
        """Write what is queued and let go of the database."""
        self.ledger.close()

    @property
    def _warming(self) -> bool:
        return bool(self._warm_ups) and self._again is None

    def _phase(self, trial: ShownTrial) -> str:
        return WARM_UP if self._warming else trial.phase

    def _take_up(self) -> list[ShownTrial]:
        """Note an interrupted trial; give the warm-up trials that come first after a long gap."""
        ledger, resume = self.ledger, self.rules.resume
        interrupted = unfinished(ledger.rows, ledger.trail)
        if interrupted:
            ledger.note(INTERRUPTED, interrupted, policy=resume.interrupted)
        gap, practice = ledger.gap_h, [trial for trial in self._schedule if trial.block < 0]
        if gap is None or gap <= resume.max_gap_h or not counted_answers(ledger.rows):
            return []
        ledger.note("warm-up", trials=min(resume.warm_up, len(practice)), gap_h=gap)
        return practice[: resume.warm_up]

    def _worked_out(self) -> Agenda:
        ledger = self.ledger
        return agenda(self._schedule, ledger.rows, ledger.trail, self.rules.resume.interrupted)

    def _next_trial(self) -> ShownTrial | None:
        queue = self._warm_ups or self._agenda.left
        return self._again or (queue[0] if queue else None)

    def _expected(self) -> ShownTrial:
        trial = None if self._break is not None else self._next_trial()
        if trial is None:
            raise SittingError("there is no trial to answer now")
        return trial

    def _numbers(self, trial: ShownTrial) -> tuple[int, int]:
        """Number of a trial from 1, and of how many."""
        if self._warming:
            return self._warm_total - len(self._warm_ups) + 1, self._warm_total
        practice, total = schedule_totals(self._schedule)
        gone = self._agenda.answered | self._agenda.dropped
        done = sum(other.uid in gone for other in self._schedule if (other.block < 0) == (trial.block < 0))
        return done + (self._again is None), practice if trial.block < 0 else total

    def _undoable(self) -> AnswerRow | None:
        last = self.ledger.rows[-1] if self.ledger.rows else None
        if last is None or not self.rules.answer.undo or self._again is not None or last.phase not in COUNTED:
            return None
        return last if last.session_id == self.ledger.session_id else None

    def _check(self, response: Response) -> None:
        if self._painted_ns is None or response.decision_ns < self._painted_ns:
            raise SittingError("the trial had not been shown when it was answered")
        form = self.rules.answer
        allowed = ("left", "right") if self.rules.paradigm == "2afc" else ("real", "fake")
        if response.choice is None:
            if not form.time_limit_s:
                raise SittingError("the study has no time limit, so a choice is needed")
            return
        if response.choice not in allowed:
            raise SittingError(f"the answer {response.choice!r} is none of {', '.join(allowed)}")
        given = response.confidence
        if form.confidence and (given is None or not 1 <= given <= form.confidence):
            raise SittingError(f"the confidence must be 1 to {form.confidence}")

    def _advance(self, trial: ShownTrial) -> None:
        """Go to what comes after an answer; a break where its block is done."""
        self._load_ns = self._painted_ns = None
        if self._warming:
            self._warm_ups.pop(0)
            return
        self._again, self._agenda = None, self._worked_out()
        left = self._agenda.left
        if left and left[0].block > trial.block:
            _, total = schedule_totals(self._schedule)
            self._break = Break(len(counted_answers(self.ledger.rows)), total, trial.block < 0)

    def _feedback(self, trial: ShownTrial, response: Response) -> Feedback | None:
        truth = self.bundle.practice.get(trial.uid)
        if truth is None or not self.rules.practice.feedback:
            return None
        return Feedback(response.choice == truth.answer, truth.answer, truth.boxes)
