"""A pane: a canvas under a slim header with its title, a badge and three small buttons."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from cxr_studio.ui.canvas.busy_chip import BusyChip
from cxr_studio.ui.canvas.canvas import Canvas
from cxr_studio.ui.canvas.rendering import Kind
from cxr_studio.ui.canvas.scene import Scene
from cxr_studio.ui.shell.elided_label import ElidedLabel
from cxr_studio.ui.theme.icons import icon

TITLES: dict[Kind, str] = {"original": "Original", "inpainted": "Inpainted", "difference": "Difference"}


class Pane(QWidget):
    """One of the three panes.

    Attributes:
        canvas: The image.
        busy: Words while what it shows is being computed.

    Signals:
        maximise_wanted: The pane is to fill the window, or to go back.
        detach_wanted: The pane is to have a window of its own, or to come back.
        hide_wanted: The pane is to be hidden.
    """

    maximise_wanted = Signal()
    detach_wanted = Signal()
    hide_wanted = Signal()

    def __init__(self, scene: Scene, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.canvas = Canvas(scene, kind, self)
        self.busy = BusyChip(self.canvas)
        self.canvas.focused.connect(self._mark_focus)
        self._badge = ElidedLabel()
        self._badge.setProperty("badge", True)
        self._header = header = QWidget()
        header.setObjectName("paneHeader")
        row = QHBoxLayout(header)
        row.setContentsMargins(8, 0, 2, 0)
        row.setSpacing(2)
        title = QLabel(TITLES[kind])
        title.setProperty("paneTitle", True)
        row.addWidget(title)
        row.addSpacing(6)
        row.addWidget(self._badge, 1)
        for name, tip, wanted in (
            ("maximise", "Maximise this pane, or show all again", self.maximise_wanted),
            ("detach", "Detach this pane, or reattach it", self.detach_wanted),
            ("hide", "Hide this pane (View menu shows it again)", self.hide_wanted),
        ):
            row.addWidget(_button(name, tip, wanted))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self.canvas, 1)

    def set_badge(self, text: str, *, good: bool = True) -> None:
        """Show a few words beside the title; none hides them."""
        self._badge.setText(text)
        self._badge.setProperty("good", good)
        self._badge.setToolTip(text)
        self._badge.style().polish(self._badge)

    @property
    def badge(self) -> str:
        """The words beside the title."""
        return self._badge.text()

    def _mark_focus(self, focused: bool) -> None:
        """Show under the title whether keys go to this pane."""
        self._header.setProperty("focused", focused)
        self._header.style().polish(self._header)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing a detached pane brings it back."""
        if self.isWindow():
            event.ignore()
            self.detach_wanted.emit()


def _button(name: str, tip: str, wanted: object) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(name))
    button.setIconSize(QSize(14, 14))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda: wanted.emit())  # type: ignore[attr-defined]
    return button
