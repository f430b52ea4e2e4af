"""What the reader is told between trials; and the rule that nothing goes on before what failed has succeeded."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal

from cxr_studio.errors import StudioError
from cxr_studio.ui.study.study_window import StudyWindow
from cxr_studio.ui.study.words_page import ENTER, Offer

Work = Callable[[], None]
STOPPED = "The study is stopped"
PAUSED = "Paused"


class Stage(QObject):
    """Says things on the window's page of words.

    Signals:
        stopped: A fault is shown; images must go.
        leave_wanted: The reader wants to leave.
        leave_anyhow_wanted: The reader leaves although something cannot be written.
    """

    stopped = Signal()
    leave_wanted = Signal()
    leave_anyhow_wanted = Signal()

    def __init__(self, window: StudyWindow, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.window = window

    def say(self, title: str, text: str, offers: Sequence[Offer], *, small: str = "", fault: bool = False) -> None:
        """Turn to the page of words."""
        self.window.words.show_words(title, text, offers, small=small, fault=fault)
        self.window.turn_to(self.window.words)

    def attempt(self, work: Work, again: Work | None = None) -> bool:
        """Do something that may fail with a sentence; then only "try again" (``again``, or the same) or leaving helps.

        Returns:
            True when it succeeded.
        """
        try:
            work()
        except StudioError as fault:
            self.refuse(str(fault), again or (lambda: self._again(work)))
            return False
        return True

    def refuse(self, sentence: str, again: Work) -> None:
        """Show what is wrong; the study stands still."""
        self.stopped.emit()
        offers = [
            Offer("Try again   Enter", ENTER, again, primary=True),
            Offer("Leave   L", (Qt.Key.Key_L,), self.leave_anyhow_wanted.emit),
        ]
        small = "The study does not go on before this is mended. Every answer acknowledged before is kept."
        self.say(STOPPED, sentence, offers, small=small, fault=True)

    def pause(self, text: str, go_on: Work) -> None:
        """Cover the images; go on or leave."""
        offers = [
            Offer("Go on   Enter", (*ENTER, Qt.Key.Key_Escape), go_on, primary=True),
            Offer("Leave   L", (Qt.Key.Key_L,), self.leave_wanted.emit),
        ]
        self.say(PAUSED, text, offers)

    def leaving(self) -> Offer:
        """A button that leaves."""
        return Offer("Leave   Esc", (Qt.Key.Key_Escape,), self.leave_wanted.emit)

    def _again(self, work: Work) -> None:
        self.attempt(work)
