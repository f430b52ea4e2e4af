"""The course of a study once it has begun: trials, feedback, breaks, thanks; the Sitting says what is next."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from cxr_studio.errors import StudioError
from cxr_studio.studies.trial_view import Acknowledged, Break, Finished, Response, TrialView
from cxr_studio.ui.study import words
from cxr_studio.ui.study.message_page import MessagePage
from cxr_studio.ui.study.pictures_ahead import PicturesAhead
from cxr_studio.ui.study.trial_controller import Phase, TrialController
from cxr_studio.ui.study.words_page import ENTER, Offer

if TYPE_CHECKING:
    from cxr_studio.studies.sitting import Sitting
    from cxr_studio.ui.study.trial_page import TrialPage

FLUSH_MS = 20_000
"""Queued view events are written so often during a long trial; else between trials."""


class TrialSequence(QObject):
    """Runs a sitting to its end.

    Args:
        sitting: The session.
        messages: Where words are said; owns this.
        page: Shows the trials.
        pictures: Images, decoded ahead.
        turn_to: Turns the window to a page.

    Attributes:
        trials: Runs each trial.
    """

    def __init__(
        self,
        sitting: Sitting,
        messages: MessagePage,
        *,
        page: TrialPage,
        pictures: PicturesAhead,
        turn_to: Callable[[QWidget], None],
    ) -> None:
        super().__init__(messages)
        self.sitting, self._messages, self._pictures = sitting, messages, pictures
        self._page, self._turn_to = page, turn_to
        self.trials = trials = TrialController(page, pictures, self)
        self._flush = QTimer(self)
        self._flush.setInterval(FLUSH_MS)
        self._flush.timeout.connect(self._flush_quietly)
        trials.log = self._event
        trials.painted.connect(self._painted)
        trials.given.connect(self._given)
        trials.undo_wanted.connect(self._undo)
        trials.pause_wanted.connect(self.pause)
        trials.feedback_read.connect(self.step)
        trials.failed.connect(lambda fault: messages.refuse(str(fault), self.step))
        messages.stopped.connect(trials.hide_images)

    @property
    def running(self) -> bool:
        """A trial is on the screen."""
        return self._page.isVisible()

    def step(self) -> None:
        """Show what is next."""
        self._flush.start()
        step = self.sitting.current()
        if isinstance(step, TrialView):
            self._turn_to(self._page)
            self._messages.attempt(lambda: self.trials.present(step, self.sitting.load_started()))
        elif isinstance(step, Break):
            self._rest(step)
        else:
            self._messages.attempt(lambda: self._finish(step))

    def pause(self, text: str = "") -> None:
        """Cover the images and stop time; says how far the reader is."""
        self.trials.pause_now()
        step = self.sitting.current()
        far = words.pause_words(step) if isinstance(step, TrialView) else ""
        saved = "Your answers are saved. You can leave and continue another time."
        self._messages.pause("\n".join(part for part in (text, far, saved) if part), self._go_on)

    def stop(self) -> None:
        """No images, no timers."""
        self._flush.stop()
        self.trials.hide_images()

    def _go_on(self) -> None:
        self._turn_to(self._page)
        self.trials.go_on()

    def _rest(self, step: Break) -> None:
        def go_on() -> None:
            self.sitting.go_on()
            self.step()

        self.trials.hide_images()
        title, text = words.break_words(step)
        onward = Offer("Continue   Enter", ENTER, lambda: self._messages.attempt(go_on), primary=True)
        offers = [onward, self._messages.leaving()]
        if not step.after_practice:
            offers[1:1] = self._taking_back()
        self._messages.say(title, text, offers)

    def _finish(self, step: Finished) -> None:
        self.trials.hide_images()
        self.sitting.settle()
        self.sitting.flush()
        title, text = words.thanks(step)
        close = Offer("Close   Enter", (*ENTER, Qt.Key.Key_Escape), self._messages.leave_wanted.emit, primary=True)
        self._messages.say(title, text, [close, *self._taking_back()])

    def _painted(self, ns: int) -> None:
        if self._messages.attempt(lambda: self.sitting.shown(ns), again=self.step):
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

        self._messages.attempt(keep)

    def _kept(self, acknowledged: Acknowledged | None) -> None:
        if acknowledged is not None and acknowledged.feedback is not None:
            self._turn_to(self._page)
            self.trials.show_feedback(acknowledged.feedback)
        else:
            self.step()

    def _undo(self) -> None:
        def take_back() -> None:
            self.sitting.undo()
            self.step()

        self._messages.attempt(take_back)

    def _taking_back(self) -> list[Offer]:
        """A button that takes the last answer of this session back, where that is allowed."""
        ledger = self.sitting.ledger
        mine = bool(ledger.rows) and ledger.rows[-1].session_id == ledger.session_id
        if not (mine and self.sitting.rules.answer.undo):
            return []
        return [Offer("Take back the last answer   U", (Qt.Key.Key_U, Qt.Key.Key_Backspace), self._undo)]

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
