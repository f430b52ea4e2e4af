"""The window in which a study is sat: one dark page at a time."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QMoveEvent, QScreen, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from cxr_studio.studies.bundle import Bundle
from cxr_studio.ui.study.display_facts import screen_name
from cxr_studio.ui.study.display_page import DisplayPage, Look
from cxr_studio.ui.study.reader_page import ReaderPage
from cxr_studio.ui.study.words_page import WordsPage
from cxr_studio.ui.theme.icons import icon
from cxr_studio.ui.theme.style import colours, style_sheet
from cxr_studio.ui.theme.tokens import DARK

if TYPE_CHECKING:
    from cxr_studio.ui.study.trial_page import TrialPage

SHEET = f"""
StudyWindow, #words, #trial {{ background: {DARK.window}; }}
#words QLabel, #trial QLabel {{ background: transparent; }}
QLabel[pageTitle="true"] {{ font-size: 24px; font-weight: 300; }}
QLabel[pageTitle="true"][fault="true"] {{ color: {DARK.bad}; }}
QLabel[pageText="true"] {{ font-size: 15px; }}
QLabel[question="true"] {{ font-size: 16px; }}
QLabel[notice="true"] {{ font-size: 15px; color: {DARK.text}; min-height: 20px; }}
QLabel[fault="true"] {{ color: {DARK.bad}; }}
QLabel[warn="true"] {{ color: {DARK.warn}; }}
QPushButton {{ color: {DARK.quiet}; background: {DARK.panel}; }}
QPushButton[answer="true"] {{ font-size: 14px; padding: 8px 22px; min-width: 96px; }}
QPushButton[narrow="true"] {{ padding: 6px 8px; min-width: 16px; }}
QPushButton[chosen="true"] {{ color: {DARK.accent}; border-color: {DARK.accent}; }}
QPushButton[chosen="true"]:disabled {{ color: {DARK.accent}; border-color: {DARK.accent}; }}
"""


class StudyWindow(QStackedWidget):
    """Shows one page at a time.

    Signals:
        painted: The window is on the screen; what takes time may begin.
        close_wanted: The window is asked to close.
        moved_screen: (name) the window has come to another monitor.

    Args:
        bundle: The study.
        look: Gives what is known of the display.
    """

    painted = Signal()
    close_wanted = Signal()
    moved_screen = Signal(str)

    def __init__(self, bundle: Bundle, look: Look) -> None:
        super().__init__()
        self.setWindowTitle(f"{bundle.rules.title} – CXR Studio")
        self.setWindowIcon(icon("app"))
        self.setPalette(colours(DARK))
        self.setStyleSheet(style_sheet(DARK) + SHEET)
        self.reader = ReaderPage(bundle.rules.title)
        self.words = WordsPage()
        self.display = DisplayPage(look)
        for page in (self.reader, self.words, self.display):
            self.addWidget(page)
        self._rules = bundle.rules
        self.may_close = False
        self._shown = False
        self._screen_name = ""
        self.resize(1500, 940)

    @cached_property
    def trial(self) -> TrialPage:
        """The page of the trials; made when it is first wanted, after the first page has been painted."""
        from cxr_studio.ui.study.trial_page import TrialPage

        page = TrialPage(self._rules)
        self.addWidget(page)
        return page

    def turn_to(self, page: QWidget) -> None:
        """Show a page and give it the keyboard."""
        self.setCurrentWidget(page)
        (self.reader.name if page is self.reader else page).setFocus()

    def go_to_screen(self, screen: QScreen) -> None:
        """Move to a monitor, full-screen if it was."""
        full = self.isFullScreen()
        if full:
            self.showNormal()
        self.move(screen.availableGeometry().topLeft())
        if (handle := self.windowHandle()) is not None:
            handle.setScreen(screen)
        if full:
            self.showFullScreen()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell once that the window is painted."""
        super().showEvent(event)
        if not self._shown:
            self._shown = True
            self._screen_name = screen_name(self.screen())
            QTimer.singleShot(0, self, self.painted.emit)

    def moveEvent(self, event: QMoveEvent) -> None:
        """Tell when another monitor shows it."""
        super().moveEvent(event)
        name = screen_name(self.screen())
        if self._shown and name != self._screen_name:
            self._screen_name = name
            self.moved_screen.emit(name)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close when everything is written down; else ask."""
        if self.may_close:
            event.accept()
        else:
            event.ignore()
            self.close_wanted.emit()


def screen_names() -> list[tuple[str, str]]:
    """Monitors: name, and name with size."""
    screens = QGuiApplication.screens()
    return [
        (screen_name(each), f"{screen_name(each)}  {each.size().width()} × {each.size().height()}") for each in screens
    ]
