"""The course of a study once it has begun: trials, feedback, breaks, thanks; the Sitting says what is next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer

from cxr_studio.errors import StudioError
from cxr_studio.studies.trial_view import Acknowledged, Break, Finished, Response, TrialView
from cxr_studio.ui.study import words
from cxr_studio.ui.study.pictures_ahead import PicturesAhead
from cxr_studio.ui.study.stage import Stage
from cxr_studio.ui.study.trial_controller import Phase, TrialController
from cxr_studio.ui.study.words_page import ENTER, Offer

if TYPE_CHECKING:
    from cxr_studio.studies.sitting import Sitting

FLUSH_MS = 20_000
"""Queued view events are written so often during a long trial; else between trials."""


class Course(QObject):
    """Runs a sitting to its end.

    Args:
        sitting: The session.
        stage: Where words are said.
        pictures: Images, decoded ahead.
        parent: Qt owner.

    Attributes:
        trials: Runs each trial.
    """

    def __init__(self, sitting: Sitting, stage: Stage, pictures: PicturesAhead, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sitting, self._stage, self._pictures = sitting, stage, pictures
        self._window = stage.window
        self.trials = trials = TrialController(self._window.trial, pictures, self)
        self._flush = QTimer(self)
        self._flush.setInterval(FLUSH_MS)
        self._flush.timeout.connect(self._flush_quietly)
        trials.log = self._event
        trials.painted.connect(self._painted)
        trials.given.connect(self._given)
        trials.undo_wanted.connect(self._undo)
        trials.pause_wanted.connect(self.pause)
        trials.feedback_read.connect(self.step)
        trials.failed.connect(lambda fault: stage.refuse(str(fault), self.step))
        stage.stopped.connect(trials.hide_images)

    @property
    def running(self) -> bool:
        """A trial is on the screen."""
        return self._window.currentWidget() is self._window.trial

    def step(self) -> None:
        """Show what is next."""
        self._flush.start()
        step = self.sitting.current()
        if isinstance(step, TrialView):
            self._window.turn_to(self._window.trial)
            self._stage.attempt(lambda: self.trials.present(step, self.sitting.load_started()))
        elif isinstance(step, Break):
            self._rest(step)
        else:
            self._stage.attempt(lambda: self._finish(step))

    def pause(self, text: str = "Your answers are kept. You can leave and go on another time.") -> None:
        """Cover the images and stop time."""
        self.trials.pause_now()
        self._stage.pause(text, self._go_on)

    def stop(self) -> None:
        """No images, no timers."""
        self._flush.stop()
        self.trials.hide_images()

    def _go_on(self) -> None:
        self._window.turn_to(self._window.trial)
        self.trials.go_on()

    def _rest(self, step: Break) -> None:
        def go_on() -> None:
            self.sitting.go_on()
            self.step()

        self.trials.hide_images()
        title, text = words.break_words(step)
        offers = [Offer("Go on   Enter", ENTER, lambda: self._try(go_on), primary=True), self._stage.leaving()]
        if not step.after_practice:
            offers[1:1] = self._taking_back()
        self._stage.say(title, text, offers)

    def _finish(self, step: Finished) -> None:
        self.trials.hide_images()
        self.sitting.settle()
        self.sitting.flush()
        title, text = words.thanks(step)
        close = Offer("Close   Enter", (*ENTER, Qt.Key.Key_Escape), self._stage.leave_wanted.emit, primary=True)
        self._stage.say(title, text, [close, *self._taking_back()])

    def _painted(self, ns: int) -> None:
        if self._stage.attempt(lambda: self.sitting.shown(ns), again=self.step):
            self._pictures.prefetch(self.sitting.coming())

    def _given(self, response: Response) -> None:
        """Only when the answer is on disk does anything else come."""
        before = len(self.sitting.ledger.rows)

        def keep() -> None:
            acknowledged: Acknowledged | None = None
            if len(self.sitting.ledger.rows) == before:
                acknowledged = self.sitting.answer(response)
            self.sitting.settle()
            self.sitting.flush()
            self._kept(acknowledged)

        self._try(keep)

    def _kept(self, acknowledged: Acknowledged | None) -> None:
        if acknowledged is not None and acknowledged.feedback is not None:
            self._window.turn_to(self._window.trial)
            self.trials.show_feedback(acknowledged.feedback)
        else:
            self.step()

    def _undo(self) -> None:
        def take_back() -> None:
            self.sitting.undo()
            self.step()

        self._try(take_back)

    def _taking_back(self) -> list[Offer]:
        """A button that takes the last answer of this session back, where that is allowed."""
        ledger = self.sitting.ledger
        mine = bool(ledger.rows) and ledger.rows[-1].session_id == ledger.session_id
        if not (mine and self.sitting.rules.answer.undo):
            return []
        return [Offer("Take back the last answer   U", (Qt.Key.Key_U, Qt.Key.Key_Backspace), self._undo)]

    def _try(self, work: Any) -> None:
        self._stage.attempt(work)

    def _event(self, kind: str, body: dict[str, Any]) -> None:
        step = self.sitting.current()
        self.sitting.event(kind, body, uid=step.uid if isinstance(step, TrialView) else "")

    def _flush_quietly(self) -> None:
        """View events that cannot be written now stay queued; the next answer tells the reader."""
        if self.trials.phase is Phase.OPEN:
            try:
                self.sitting.flush()
            except StudioError:
                return
