"""One trial from the blank before it to the answer: what is shown when, and which input counts."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from cxr_studio.errors import StudioError
from cxr_studio.studies.trial_view import Feedback, Mark, Response, TrialView
from cxr_studio.ui.study import words
from cxr_studio.ui.study.answer_form import GivenAnswer
from cxr_studio.ui.study.pictures_ahead import Picture, PicturesAhead
from cxr_studio.ui.study.trial_keys import Act, Meaning
from cxr_studio.ui.study.trial_page import TrialPage
from cxr_studio.ui.study.view_input import ViewInput
from cxr_studio.ui.tools.guides import Ring, frame

MARK_RADIUS = 12.0
"""Of the ring that shows a mark, image pixels."""

Log = Callable[[str, dict[str, Any]], None]


class Phase(Enum):
    """Where a trial stands."""

    IDLE = auto()
    BLANK = auto()
    PAINTING = auto()
    OPEN = auto()
    PAUSED = auto()
    RETURNING = auto()
    GIVEN = auto()
    FEEDBACK = auto()


class TrialController(QObject):
    """Runs one trial after another on one page.

    Signals:
        painted: (monotonic ns) the first frame of the images is on the screen.
        given: (Response) the reader has answered, or the time has run out.
        undo_wanted: The last answer is to be taken back.
        pause_wanted: The reader wants to pause or leave.
        feedback_read: The reader goes on after the feedback of practice.
        failed: (Exception) the images cannot be shown.

    Attributes:
        page: What is shown.
        phase: Where the trial stands.
        log: Called with the kind of an event and what happened.
    """

    painted = Signal(object)
    given = Signal(object)
    undo_wanted = Signal()
    pause_wanted = Signal()
    feedback_read = Signal()
    failed = Signal(object)

    def __init__(self, page: TrialPage, pictures: PicturesAhead, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.page, self.phase = page, Phase.IDLE
        self.log: Log = lambda _kind, _body: None
        self.view_input = ViewInput(page.images, self)
        self.view_input.log = lambda kind, body: self.log(kind, body)
        self._pictures = pictures
        self._view: TrialView | None = None
        self._answer = GivenAnswer(page.rules.answer)
        self._frame_ns = self._paused_ns = self._pause_began = 0
        self._left_ms = 0
        self._blank = self._timer(self._fetch)
        self._limit = self._timer(self._time_out)
        page.asked.connect(self._asked)
        page.images.first_frame.connect(self._first_frame)
        self.view_input.touched.connect(self._touched)
        self.view_input.clicked.connect(self._clicked)

    def present(self, view: TrialView, paths: tuple[Path, ...]) -> None:
        """Show a trial: the blank, then its images as soon as they are decoded."""
        self.hide_images()
        self._view, self._answer = view, GivenAnswer(view.rules.answer)
        self._paused_ns = 0
        self._paths = paths
        self._pictures.prefetch(paths)
        self.page.show_trial(view)
        self.page.show_given(None, None, confirmable=False)
        self.phase = Phase.BLANK
        self._blank.start(view.rules.answer.blank_ms)

    def hide_images(self) -> None:
        """Nothing is to be seen or answered any more."""
        self._blank.stop()
        self._limit.stop()
        self.view_input.stop()
        self.page.images.close_images()
        self.page.notify("")
        self.page.set_open(False)
        self.phase = Phase.IDLE

    def pause(self, ns: int) -> None:
        """Stop time; the page is about to be covered."""
        if self.phase is Phase.OPEN:
            self.view_input.stop()
            self._left_ms = self._limit.remainingTime()
            self._limit.stop()
            self._pause_began = ns
            self.phase = Phase.PAUSED
            self.log("paused", {})

    def pause_now(self) -> None:
        """``pause``, now."""
        self.pause(time.monotonic_ns())

    def go_on(self) -> None:
        """Go on after a pause: time runs from the next painted frame."""
        if self.phase is Phase.PAUSED:
            self.phase = Phase.RETURNING
            self.page.images.await_frame()

    def show_feedback(self, feedback: Feedback) -> None:
        """Tell the truth of a practice trial, and where the change is."""
        self.phase = Phase.FEEDBACK
        self.page.notify(f"{words.feedback_words(feedback, self.page.rules)}")
        self.page.offer_next()
        boxes = tuple(frame((y0 - 0.5, x0 - 0.5), (y1 - 0.5, x1 - 0.5)) for y0, x0, y1, x1 in feedback.boxes)
        for canvas in self.page.images.canvases:
            canvas.set_guides(boxes)

    def _fetch(self) -> None:
        self._pictures.want(self._paths, done=self._open, failed=self.failed.emit)

    def _open(self, pictures: list[Picture]) -> None:
        if self.phase is not Phase.BLANK:
            return
        self.phase = Phase.PAINTING
        try:
            self.page.images.open(pictures)
        except StudioError as fault:
            self.failed.emit(fault)

    def _first_frame(self, ns: int) -> None:
        self._frame_ns = ns
        if self.phase is Phase.RETURNING:
            self._paused_ns += ns - self._pause_began
            self.log("went on", {"paused_ns": ns - self._pause_began})
            self._begin(self._left_ms)
        elif self.phase is Phase.PAINTING:
            self._begin(round(1000 * self.page.rules.answer.time_limit_s))
            self.painted.emit(ns)

    def _begin(self, milliseconds: int) -> None:
        self.phase = Phase.OPEN
        self.view_input.active = True
        self.page.set_open(True)
        self._show()
        if self.page.rules.answer.time_limit_s:
            self._limit.start(max(0, milliseconds))

    def _asked(self, meant: Meaning, key: str, ns: int) -> None:
        if meant.act is Act.PAUSE and self.phase not in (Phase.PAUSED, Phase.GIVEN):
            self.pause(ns)
            self.pause_wanted.emit()
        elif self.phase is Phase.FEEDBACK and meant.act is Act.CONFIRM:
            self.phase = Phase.GIVEN
            self.feedback_read.emit()
        elif self.phase is Phase.OPEN and ns >= self._frame_ns:
            self._answer.touch(ns)
            self.log("input", {"act": meant.act.name.lower(), "key": key})
            self._act(meant, key, ns)

    def _act(self, meant: Meaning, key: str, ns: int) -> None:
        if meant.act is Act.FIT:
            self.page.images.look_from_start()
        elif meant.act is Act.RESET_WINDOW:
            self.view_input.reset_window()
        elif meant.act is Act.TAKE_BACK:
            self._take_back()
        elif meant.act is Act.CONFIRM:
            self._give(when=self._answer.complete)
        else:
            if meant.act is Act.CHOOSE:
                self._answer.choose(meant.choice, key, ns, paused=self._paused_ns)
            else:
                self._answer.confidence = meant.rating
            self._show()
            self._give(when=self._answer.complete and self._answer.goes_by_itself)

    def _take_back(self) -> None:
        if self._answer.begun:
            self._answer.clear()
            self._show()
        elif self._view is not None and self._view.can_undo:
            self.phase = Phase.GIVEN
            self._limit.stop()
            self.undo_wanted.emit()

    def _touched(self) -> None:
        self._answer.touch(time.monotonic_ns())

    def _clicked(self, side: str, y: float, x: float) -> None:
        if self._answer.asked.mark and self.phase is Phase.OPEN:
            self._answer.mark = Mark(round(x, 2), round(y, 2), side, None, time.monotonic_ns())
            self._show()

    def _show(self) -> None:
        given = self._answer
        self.page.show_given(given.choice, given.confidence, confirmable=given.complete and not given.goes_by_itself)
        mark = given.mark
        self.view_input.draw(mark.side if mark else "", (Ring((mark.y, mark.x), MARK_RADIUS),) if mark else ())
        self.page.notify(self._hint())

    def _hint(self) -> str:
        """What is still to be given; nothing where it is plain."""
        given = self._answer
        if given.choice is not None and not given.complete:
            return f"How sure are you? 1 to {given.asked.confidence}"
        if given.complete and not given.goes_by_itself:
            return "Enter confirms" if given.mark else "Mark where you see it, or confirm without a mark: Enter"
        if given.confidence is not None and given.choice is None:
            return "Which one?" if self.page.rules.paradigm == "2afc" else "Real or fake?"
        return "Click where you see it, and answer" if given.asked.mark else ""

    def _time_out(self) -> None:
        if self.phase is Phase.OPEN:
            self._give(when=True, timed_out=True)

    def _give(self, *, when: bool, timed_out: bool = False) -> None:
        """Hand the answer over; images stay until it is on disk."""
        if not when:
            return
        given, now = self._answer, time.monotonic_ns()
        self._limit.stop()
        self.view_input.stop()
        view = self.view_input.view_now()
        self.page.set_open(False)
        self.phase = Phase.GIVEN
        marks = (given.mark,) if given.mark else ()
        chosen = given.complete
        self.given.emit(
            Response(
                given.choice if chosen else None,
                given.decision_ns if chosen else now,
                given.first_input_ns,
                given.key if chosen else "",
                given.confidence if chosen else None,
                marks,
                view={**view, "timed_out": timed_out},
                pause_ns=given.pause_ns if chosen else self._paused_ns,
                frame_interval_ns=self._frame_interval(),
            )
        )

    def _frame_interval(self) -> int | None:
        rate = self.page.screen().refreshRate()
        return round(1e9 / rate) if rate > 0 else None

    def _timer(self, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(slot)
        return timer
