"""Opening a study and leaving it: who reads, instructions, display check; then the trials; and the end."""

from __future__ import annotations

import platform
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot, qVersion
from PySide6.QtGui import QGuiApplication

from cxr_studio.errors import StudioError
from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.trial_view import Finished, TrialView
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.study import words
from cxr_studio.ui.study.display_facts import DisplayCheck, monitor_of, screen_name
from cxr_studio.ui.study.display_look import image_size, pane_size
from cxr_studio.ui.study.message_page import MessagePage
from cxr_studio.ui.study.study_window import StudyWindow, screen_names
from cxr_studio.ui.study.words_page import ENTER, Offer

if TYPE_CHECKING:
    from cxr_studio.studies.sitting import Sitting
    from cxr_studio.ui.study.known_readers import KnownReader
    from cxr_studio.ui.study.pictures_ahead import PicturesAhead
    from cxr_studio.ui.study.trial_sequence import TrialSequence


@dataclass(frozen=True)
class StudyOptions:
    """How a study is opened.

    Attributes:
        reader: Begins at once under this name; asked for where it is "".
        database: A file or ``postgresql+psycopg://…``; by default the bundle's.
        copy_to: Folder of a second copy of the answers.
        windowed: Not full-screen.
    """

    reader: str = ""
    database: str | Path | None = None
    copy_to: Path | None = None
    windowed: bool = False


class StudyController(QObject):
    """Drives a Sitting by what the reader does in the window.

    Signals:
        gone: The window has closed.

    Attributes:
        window: The window.
        messages: Where words are said.
        sequence: The trials, None before a reader has begun.
    """

    gone = Signal()

    def __init__(self, bundle: Bundle, options: StudyOptions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bundle, self.options = bundle, options
        self.sequence: TrialSequence | None = None
        self._image = image_size(bundle)
        self._chosen_screen = ""
        self.window = window = StudyWindow(bundle, self._look)
        self.messages = MessagePage(window.words, window.turn_to, self)
        self._background = Background(self)
        self.messages.leave_wanted.connect(self.leave)
        self.messages.leave_anyhow_wanted.connect(self._leave_anyhow)
        window.painted.connect(self._start)
        window.close_wanted.connect(self._ask_to_leave)
        window.moved_screen.connect(self._screen_changed)
        window.reader.chosen.connect(self._open)
        window.display.done.connect(self._checked)
        window.display.screen_wanted.connect(self._take_screen)
        for page in (window.reader, window.display):
            page.left.connect(self.leave)

    @cached_property
    def pictures(self) -> PicturesAhead:
        """Images of the trials, decoded ahead."""
        from cxr_studio.ui.study.pictures_ahead import PicturesAhead

        return PicturesAhead(self.bundle, self)

    def show(self) -> None:
        """Open the window."""
        if self.options.windowed:
            self.window.show()
        else:
            self.window.setGeometry(self.window.screen().geometry())  # for desktops without a window manager
            self.window.showFullScreen()

    @Slot(str)
    def stop(self, sentence: str) -> None:
        """Something failed that nobody foresaw: say so, and stop."""
        self.messages.refuse(sentence, self.sequence.step if self.sequence else self._start)

    @Slot()
    def leave(self) -> None:
        """Write what is left to write, and close."""
        sequence = self.sequence
        if sequence is not None:
            sequence.stop()
            if not self.messages.attempt(sequence.sitting.close):
                return
            self.sequence = None
        self._leave_anyhow()

    @Slot()
    def _leave_anyhow(self) -> None:
        """Close, whatever cannot be written."""
        if self.sequence is not None:
            self.sequence.stop()
            with suppress(StudioError):
                self.sequence.sitting.close()
            self.sequence = None
        if "pictures" in self.__dict__:
            self.pictures.close()
        self._background.close()
        self.window.may_close = True
        self.window.close()
        self.gone.emit()

    @Slot()
    def _start(self) -> None:
        if self.window.may_close:
            return
        self._chosen_screen = screen_name(self.window.screen())
        if self.options.reader:
            self._open(self.options.reader)
            return
        self._ask_reader()

    def _ask_reader(self) -> None:
        page = self.window.reader
        self.window.turn_to(page)
        self._background.run(
            "Readers",
            lambda _progress, _token: self._looked_up(),
            done=page.set_known,
            failed=lambda fault: page.refuse(str(fault)),
        )

    def _looked_up(self) -> tuple[KnownReader, ...]:
        """In a thread: load what the first trial needs, and look who has begun."""
        from cxr_studio.ui.study.known_readers import known_readers

        return known_readers(self.bundle, self.options.database)

    @Slot(str)
    def _open(self, reader: str) -> None:
        """Begin the session of a reader, or say why that cannot be."""
        from cxr_studio.studies.ledger import SittingOptions
        from cxr_studio.studies.sitting import Sitting

        options = SittingOptions(self.options.database, self.options.copy_to, provenance=self._provenance())
        try:
            sitting = Sitting(self.bundle, reader, options)
        except StudioError as fault:
            self._ask_reader()
            self.window.reader.name.setText(reader)
            self.window.reader.refuse(str(fault))
            return
        from cxr_studio.ui.study.trial_sequence import TrialSequence

        self.sequence = TrialSequence(
            sitting,
            self.messages,
            page=self.window.trial,
            pictures=self.pictures,
            turn_to=self.window.turn_to,
        )
        self._instruct(self.sequence)

    def _provenance(self) -> dict[str, Any]:
        from cxr_studio.version import program_version

        return {
            "version": program_version(),
            "system": platform.platform(),
            "python": platform.python_version(),
            "qt": qVersion(),
            "monitor": asdict(monitor_of(self.window.screen())),
        }

    def _instruct(self, sequence: TrialSequence) -> None:
        sitting = sequence.sitting
        step, rules = sitting.current(), self.bundle.rules
        if isinstance(step, Finished):
            sequence.step()
            return
        if isinstance(step, TrialView):
            self.pictures.prefetch(step.images)
        text = rules.instructions.strip()
        if sitting.resumed:
            text = f"{self._return_words(sitting)}\n\n{text}"
        offers = [Offer("Continue   Enter", ENTER, self.show_display, primary=True), self.messages.leaving()]
        self.messages.say(rules.title, text, offers, small="\n".join((*words.keys(rules), *sitting.ledger.warnings)))

    def _return_words(self, sitting: Sitting) -> str:
        from cxr_studio.studies.agenda import counted_answers, schedule_totals

        _, total = schedule_totals(self.bundle.schedules[sitting.ledger.place])
        step, done = sitting.current(), len(counted_answers(sitting.ledger.rows))
        warm_up = isinstance(step, TrialView) and step.phase == "warm-up"
        return words.return_words(done, total, sitting.ledger.gap_h, warm_up=warm_up)

    def show_display(self) -> None:
        """Turn to the display check."""
        if self._note("instructions read"):
            self.window.display.set_screens(screen_names(), self._chosen_screen)
            self.window.turn_to(self.window.display)
            self.window.display.refresh()

    def _look(self) -> DisplayCheck:
        window = self.window
        pane = pane_size(window.trial, window.rect(), window.devicePixelRatioF())
        return DisplayCheck(monitor_of(window.screen()), self._chosen_screen, pane, self._image)

    @Slot(str)
    def _take_screen(self, name: str) -> None:
        self._chosen_screen = name
        found = next((screen for screen in QGuiApplication.screens() if screen_name(screen) == name), None)
        if found is not None:
            self.window.go_to_screen(found)
        self.window.display.refresh()

    @Slot(object)
    def _checked(self, check: DisplayCheck) -> None:
        sequence = self.sequence
        if sequence is not None and self.messages.attempt(
            lambda: sequence.sitting.display_checked(check.body()), again=lambda: self._checked(check)
        ):
            sequence.step()

    @Slot(str)
    def _screen_changed(self, name: str) -> None:
        if self.window.currentWidget() is self.window.display:
            self.window.display.refresh()
        if self.sequence is None or not self.sequence.running:
            return
        if self._note("monitor changed", monitor=name) and name != self._chosen_screen:
            where = f"The window is on the monitor {name}; you checked {self._chosen_screen}."
            self.sequence.pause(f"{where} Move it back.")

    def _note(self, kind: str, **body: Any) -> bool:
        sitting = self.sequence.sitting if self.sequence else None
        return sitting is None or self.messages.attempt(lambda: sitting.note(kind, body))

    @Slot()
    def _ask_to_leave(self) -> None:
        if self.sequence is not None and self.sequence.running:
            self.sequence.pause()
        else:
            self.leave()
