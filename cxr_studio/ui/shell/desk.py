"""What a feature finds when it installs itself: the open radiograph, and places to put its actions and widgets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QWidget

from cxr_studio.ui.canvas.pane_grid import PaneGrid
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.menus import Menus
from cxr_studio.ui.shell.message_bar import MessageBar
from cxr_studio.ui.shell.ports import Dialogs
from cxr_studio.ui.shell.preferences import Preferences
from cxr_studio.ui.shell.registry import ActionRegistry
from cxr_studio.ui.shell.side_panel import SidePanel
from cxr_studio.ui.shell.status_fields import StatusFields
from cxr_studio.ui.shell.tool_options import ToolOptions
from cxr_studio.ui.shell.top_bar import TopBar
from cxr_studio.ui.shell.workspace import Workspace


@dataclass(frozen=True)
class Places:
    """Where a feature puts its widgets.

    Attributes:
        grid: The panes.
        pages: The middle of the window: the panes, or another page.
        foot: Below the panes.
        side: Sections at the right.
        bar: At the top of the window.
        options: Settings of the chosen tool, above the panes.
        menus: The menu bar.
        status: Fields of the status bar.
        messages: Sentences to the user.
    """

    grid: PaneGrid
    pages: QStackedWidget
    foot: QBoxLayout
    side: SidePanel
    bar: TopBar
    options: ToolOptions
    menus: Menus
    status: StatusFields
    messages: MessageBar


@dataclass(frozen=True)
class Desk:
    """What every feature may use; what it needs of another feature is given to its ``install`` by name.

    Attributes:
        parent: Owns controllers and timers, and is the parent of dialogs.
        workspace: The open radiograph.
        background: Work off the GUI thread.
        dialogs: Questions for files and decisions.
        actions: Where actions are declared.
        preferences: The settings.
        places: Where widgets go.
        at_cancel: What Cancel stops.
        at_close: What is done when the window closes, in order.
    """

    parent: QWidget
    workspace: Workspace
    background: Background
    dialogs: Dialogs
    actions: ActionRegistry
    preferences: Preferences
    places: Places
    at_cancel: list[Callable[[], object]] = field(default_factory=list)
    at_close: list[Callable[[], object]] = field(default_factory=list)

    def tell(self, text: str, cause: str = "") -> None:
        """Show a sentence that goes away by itself, or with its cause."""
        self.places.messages.tell(text, cause)

    def warn(self, text: str, cause: str = "") -> None:
        """Show a sentence about something that failed, until it is closed or its cause has gone."""
        self.places.messages.warn(text, cause)
