"""What the reader is told between trials; and the rule that nothing goes on before what failed has succeeded."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from cxr_studio.errors import StudioError
from cxr_studio.ui.study.words_page import ENTER, Offer, WordsPage

Work = Callable[[], object]
STOPPED = "The study is stopped"
PAUSED = "Paused"


class MessagePage(QObject):
    """Says things on the window's page of words.

    Args:
        page: Shows the words.
        turn_to: Turns the window to a page.
        parent: Qt owner.

    Signals:
        stopped: A fault is shown; images must go.
        leave_wanted: The reader wants to leave.
        leave_anyhow_wanted: The reader leaves although something cannot be written.
    """

    stopped = Signal()
    leave_wanted = Signal()
    leave_anyhow_wanted = Signal()

    def __init__(self, page: WordsPage, turn_to: Callable[[QWidget], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page, self._turn_to = page, turn_to

    def say(self, title: str, text: str, offers: Sequence[Offer], *, small: str = "", fault: bool = False) -> None:
        """Turn to the page of words."""
        self._page.show_words(title, text, offers, small=small, fault=fault)
        self._turn_to(self._page)

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
        small = "The study is paused until this is fixed. All answers given so far are saved."
        self.say(STOPPED, sentence, offers, small=small, fault=True)

    def pause(self, text: str, go_on: Work) -> None:
        """Cover the images; continue or leave."""
        offers = [
            Offer("Continue   Enter", (*ENTER, Qt.Key.Key_Escape), go_on, primary=True),
            Offer("Leave   L", (Qt.Key.Key_L,), self.leave_wanted.emit),
        ]
        self.say(PAUSED, text, offers)

    def leaving(self) -> Offer:
        """A button that leaves."""
        return Offer("Leave   Esc", (Qt.Key.Key_Escape,), self.leave_wanted.emit)

    def _again(self, work: Work) -> None:
        self.attempt(work)
