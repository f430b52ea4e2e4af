"""The window in which checkpoints are compared: its parts and their places."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cxr_studio.ui.qa.cell_grid import CellGrid
from cxr_studio.ui.qa.comparison import Comparison
from cxr_studio.ui.qa.judge_bar import JudgeBar
from cxr_studio.ui.qa.menus import MOUSE, QA_MENUS
from cxr_studio.ui.qa.plot_panel import PlotPanel
from cxr_studio.ui.qa.top_bar import TopBar
from cxr_studio.ui.shell.floating import Floating
from cxr_studio.ui.shell.menus import Menus
from cxr_studio.ui.shell.message_bar import MessageBar
from cxr_studio.ui.shell.progress_strip import ProgressStrip
from cxr_studio.ui.shell.registry import ActionRegistry
from cxr_studio.ui.shell.status_fields import StatusFields
from cxr_studio.ui.theme.icons import icon

TITLE = "Checkpoints – CXR Studio"
BLIND_TITLE = "Blind – CXR Studio"

FIELDS = (
    ("case", "Case: which hole in which radiograph", 190),
    ("column", "Column: checkpoint or snapshot", 150),
    ("values", "Figures of the cell, errors on the scale 0 to 255 of the window", 420),
)
RIGHT = (
    ("window", "Window as shares of the radiograph's own, and zoom"),
    ("latency", "Time to fill this cell, without loading the network"),
    ("left", "Cells still to be filled"),
    ("mouse", MOUSE),
)


class ComparisonWindow(QMainWindow):
    """Cases down, checkpoints across.

    Signals:
        painted: The window is on the screen; what takes time may begin.
        gone: It has closed.

    Args:
        comparison: What is compared; the window owns it.
        shortcuts: The user's own shortcuts by action id.
    """

    painted = Signal()
    gone = Signal()

    def __init__(self, comparison: Comparison, shortcuts: Mapping[str, list[str]]) -> None:
        super().__init__()
        self.comparison = comparison
        comparison.setParent(self)
        self.setWindowTitle(TITLE)
        self.setWindowIcon(icon("app"))
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.registry = ActionRegistry(shortcuts, self)
        self.messages = MessageBar()
        self.progress = ProgressStrip()
        self.grid = CellGrid(comparison.board)
        self.plot = PlotPanel()
        self.judge_bar = JudgeBar(self.registry)
        self.status = StatusFields(FIELDS, RIGHT)
        self.status.set_field("mouse", MOUSE)
        self.bar = TopBar(self.registry, self)
        self.empty = QLabel()
        self._menus = Menus(self.menuBar(), self.registry, QA_MENUS)
        self._shown = False
        self._lay_out()

    def build(self) -> None:
        """Fill bars and menus, once every action is declared."""
        for part in (self.judge_bar, self.bar, self._menus):
            part.build()
        self.registry.review()

    def set_blind(self, blind: bool) -> None:
        """Hide what would tell which column is which, or show it again."""
        self.bar.figure.setEnabled(not blind)
        self.setWindowTitle(BLIND_TITLE if blind else TITLE)

    def show_empty(self, words: str) -> None:
        """Show a sentence instead of the grid, or ("") the grid."""
        self.empty.setText(words)
        self.centre.setCurrentWidget(self.empty if words else self.grid)
        if not words:
            self.grid.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell once that the window is painted."""
        super().showEvent(event)
        if not self._shown:
            self._shown = True
            self.grid.setFocus()
            QTimer.singleShot(0, self, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop everything; verdicts are on disk already."""
        self.comparison.close()
        self.plot.close_plot()
        event.accept()
        self.gone.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take folders and checkpoints, but not while they would tell which column is which."""
        if not self.comparison.lineup.blind and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Compare what was dropped; what is there already stays."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        if self.comparison.lineup.columns:
            self.comparison.add(paths)
        else:
            self.comparison.open(paths)

    def _lay_out(self) -> None:
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setMargin(40)
        self.empty.setProperty("quiet", True)
        self.centre = QStackedWidget()
        self.centre.addWidget(self.empty)
        self.centre.addWidget(self.grid)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.centre)
        split.addWidget(self.plot)
        split.setStretchFactor(0, 1)
        split.setSizes([640, 210])
        split.setCollapsible(0, False)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(split, 1)
        Floating(self.messages, self.centre, Qt.Edge.TopEdge)
        Floating(self.progress, self.centre, Qt.Edge.BottomEdge)
        column.addWidget(self.judge_bar)
        self.setCentralWidget(middle)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.bar)
        self.setStatusBar(self.status)
        self.resize(1600, 980)
