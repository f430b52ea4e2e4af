"""The main window: its parts and their places. What is in them, and what it does, the features bring."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from cxr_studio.ui.canvas.pane_grid import PaneGrid
from cxr_studio.ui.canvas.scene import Scene
from cxr_studio.ui.shell.desk import Places
from cxr_studio.ui.shell.first_paint import FirstPaint
from cxr_studio.ui.shell.floating import Floating
from cxr_studio.ui.shell.menus import Menus
from cxr_studio.ui.shell.message_bar import MessageBar
from cxr_studio.ui.shell.number_field import NumberKeys
from cxr_studio.ui.shell.progress_strip import ProgressStrip
from cxr_studio.ui.shell.registry import ActionRegistry
from cxr_studio.ui.shell.side_panel import SidePanel
from cxr_studio.ui.shell.status_fields import StatusFields
from cxr_studio.ui.shell.tool_bar import ToolBar
from cxr_studio.ui.shell.tool_options import ToolOptions
from cxr_studio.ui.shell.top_bar import TopBar

WANTED = QSize(1600, 1000)
"""Logical pixels of the window where the screen has room."""
FRAME = QSize(8, 40)
"""Logical pixels that a desktop's frame and title bar take, about."""
LEAST_PAGE = 320, 180
"""Logical pixels of the middle at least, whatever a page that is not shown would like."""
BELOW_HEADER = 34
"""Logical pixels from the top of the panes at which messages lie: their titles and buttons stay in reach."""


def first_size(screen: QSize) -> QSize:
    """Size of the window on a screen with this much room, logical pixels: all of it fits, its frame too."""
    return WANTED.boundedTo(screen - FRAME)


class MainWindow(QMainWindow):
    """CXR Studio's window.

    Signals:
        painted: The window has been painted for the first time; heavy work may start.
        dropped: (list of Path) files or folders were dropped.
        closing: The window closes, with the user's consent.
        gone: It has closed.

    Args:
        shortcuts: The user's own shortcuts by action id.

    Attributes:
        may_close: Asked before it closes.
    """

    painted = Signal()
    dropped = Signal(object)
    closing = Signal()
    gone = Signal()

    def __init__(self, shortcuts: Mapping[str, list[str]]) -> None:
        super().__init__()
        self.setWindowTitle("CXR Studio")
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.may_close: Callable[[], bool] = lambda: True
        self.registry = ActionRegistry(shortcuts, self)
        self.grid = PaneGrid(Scene(self))
        self.messages = MessageBar()
        self.progress = ProgressStrip()
        self.status = StatusFields()
        self.tools = ToolBar(self.registry, self)
        self.bar = TopBar(self.registry, self)
        self.options = ToolOptions()
        self.side = SidePanel(self)
        self.menus = Menus(self.menuBar(), self.registry)
        self.pages = QStackedWidget()
        self.foot = QVBoxLayout()
        self._lay_out()
        FirstPaint(self, self.painted.emit)

    @property
    def places(self) -> Places:
        """Where features put their widgets."""
        return Places(
            self.grid,
            self.pages,
            self.foot,
            side=self.side,
            bar=self.bar,
            options=self.options,
            menus=self.menus,
            status=self.status,
            messages=self.messages,
        )

    def build(self) -> None:
        """Fill bars, menus and side panel, once every feature is installed."""
        for part in (self.tools, self.bar, self.side, self.menus):
            part.build()
        NumberKeys(self.grid.take_keyboard, self).watch(self)
        self.registry.review()

    def take_place(self, geometry: str) -> None:
        """Go where the window was when ``place()`` was asked; nothing happens for ""."""
        if geometry:
            self.restoreGeometry(QByteArray(base64.b64decode(geometry)))

    def place(self) -> str:
        """Size and place of the window, as text."""
        return base64.b64encode(self.saveGeometry().data()).decode()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask first; then everything is stopped."""
        if not self.may_close():
            event.ignore()
            return
        self.closing.emit()
        event.accept()
        self.gone.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders, as a copy: what they were dragged from keeps them."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Pass on what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(paths)

    def _stage(self) -> QWidget:
        """The pages, with messages and progress lying over them."""
        stage = QWidget()
        column = QVBoxLayout(stage)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self.pages.setMinimumSize(*LEAST_PAGE)
        Floating(self.messages, stage, Qt.Edge.TopEdge, inset=BELOW_HEADER)
        Floating(self.progress, stage, Qt.Edge.BottomEdge)
        return stage

    def _lay_out(self) -> None:
        self.pages.addWidget(QWidget())  # what the first paint shows; the start page comes with its feature
        self.pages.addWidget(self.grid)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.options)
        column.addWidget(self._stage(), 1)
        column.addLayout(self.foot)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.tools)
        row.addWidget(middle, 1)
        self.setCentralWidget(whole)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.bar)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.side)
        self.setStatusBar(self.status)
        self.resize(first_size(self.screen().availableSize()))
