"""The window: its parts and their places. What they do is wired in the other modules of this room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from cxr_studio.radiographs.thumbnail import thumbnail
from cxr_studio.settings import Settings
from cxr_studio.ui.canvas.pane_grid import PaneGrid
from cxr_studio.ui.canvas.scene import Scene
from cxr_studio.ui.document.thumbnail_strip import ThumbnailStrip
from cxr_studio.ui.document.welcome_page import WelcomePage
from cxr_studio.ui.fill.card_view import CardView
from cxr_studio.ui.fill.generator_bar import GeneratorBar
from cxr_studio.ui.pointing.keys import KeyFilter, install
from cxr_studio.ui.pointing.tool_bar import ToolBar
from cxr_studio.ui.shell.dialogs import QtDialogs
from cxr_studio.ui.shell.engine_bridge import EngineLink
from cxr_studio.ui.shell.menus import Menus
from cxr_studio.ui.shell.message_bar import MessageBar
from cxr_studio.ui.shell.ports import Dialogs
from cxr_studio.ui.shell.progress_strip import ProgressStrip
from cxr_studio.ui.shell.registry import CommandRegistry
from cxr_studio.ui.shell.side_panel import SidePanel
from cxr_studio.ui.shell.status_fields import StatusFields
from cxr_studio.ui.studio import Studio
from cxr_studio.ui.window import command_wiring, remembering, view_wiring

Thumbnail = Callable[[Path, int], object]


class MainWindow(QMainWindow):
    """CXR Studio's window.

    Signals:
        painted: The window has been painted for the first time; heavy work may start.
        gone: The window has closed, with the user's consent.

    Args:
        settings: Remembered from the last time.
        dialogs: Asks for files and decisions; None for the system's.
        link: The bridge to the engine; None for a new one.
    """

    painted = Signal()
    gone = Signal()

    def __init__(self, settings: Settings, *, dialogs: Dialogs | None = None, link: EngineLink | None = None) -> None:
        super().__init__()
        self.settings = settings
        self.setWindowTitle("CXR Studio")
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.registry = CommandRegistry(settings.shortcuts, scheme=settings.scheme, parent=self)
        self.grid = PaneGrid(Scene(self))
        self.messages = MessageBar()
        self.progress = ProgressStrip()
        self.thumbnails = ThumbnailStrip(thumbnail)
        self.welcome = WelcomePage()
        self.card = CardView()
        self.status = StatusFields()
        self.tools = ToolBar(self.registry, self)
        self.bar = GeneratorBar(self)
        self.side = SidePanel(self.card, self)
        self.menus = Menus(self.menuBar(), self.registry)
        self._lay_out()
        self.studio = Studio(self.grid, dialogs or QtDialogs(self), link or EngineLink(), self)
        self.keys = KeyFilter(self.studio, self.registry, self)
        install(self.keys, [self, *(pane.canvas for pane in self.grid.panes.values())])
        view_wiring.wire(self)
        command_wiring.wire(self)
        remembering.apply(self)
        self._shown = False

    def start(self, paths: Sequence[Path] = ()) -> None:
        """Open files, offer what was left behind, and start the engine; called after the first paint."""
        if paths:
            self.studio.documents.open(paths)
        self.studio.recovery.look()
        self.studio.link.start(self.studio.inpainting.options.generator)

    def show_images(self, shown: bool) -> None:
        """Show the panes, or the welcome page."""
        self.centre.setCurrentWidget(self.grid if shown else self.welcome)

    def show_fault(self, text: str) -> None:
        """Show a sentence about something that failed."""
        self.messages.warn(text)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell once that the window is painted."""
        super().showEvent(event)
        if not self._shown:
            self._shown = True
            QTimer.singleShot(0, self, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved work, remember the state, and stop everything."""
        if not self.studio.documents.may_leave():
            event.ignore()
            return
        remembering.keep(self)
        self.grid.dock_all()
        self.thumbnails.stop()
        self.side.histogram.close_plot()
        self.studio.close()
        event.accept()
        self.gone.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.studio.documents.open(paths)

    def _lay_out(self) -> None:
        self.centre = QStackedWidget()
        self.centre.addWidget(self.welcome)
        self.centre.addWidget(self.grid)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        column.addWidget(self.centre, 1)
        column.addWidget(self.progress)
        column.addWidget(self.thumbnails)
        self.thumbnails.hide()
        self.setCentralWidget(middle)
        self.bar.fill(
            [self._button("inpaint.live", words=True), self._button("inpaint.run")],
            [self._button(name) for name in ("view.swipe", "view.crosshair", "view.invert", "view.fit")],
        )
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.bar)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.tools)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.side)
        self.setStatusBar(self.status)
        self.resize(1600, 1000)

    def _button(self, name: str, *, words: bool = False) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self.registry.action(name))
        if words:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button
