"""The three panes: their layouts; any is hidden or detached, all come back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from cxr_studio.settings import Settings
from cxr_studio.ui.canvas.layouts import Layout
from cxr_studio.ui.canvas.pane import TITLES
from cxr_studio.ui.canvas.pane_grid import PaneGrid
from cxr_studio.ui.canvas.rendering import Kind
from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.shell.workspace import Workspace


def install(desk: Desk) -> None:
    """Declare the actions, show every change of the image, and restore the arrangement of the last time."""
    grid = desk.places.grid
    desk.actions.add(*actions(grid))
    rows = (*(f"view.{kind}" for kind in TITLES), *(f"view.layout-{name}" for name, *_ in LAYOUTS))
    grid.arrangement_changed.connect(lambda: desk.actions.review(*rows))
    desk.workspace.image_touched.connect(grid.scene.image_changed)
    desk.workspace.closed.connect(grid.scene.close)
    desk.preferences.add(apply=lambda _settings: None, collect=lambda settings: collect(grid, settings))
    grid.arrange(desk.preferences.settings.panes)
    grid.set_waiting("difference", True)
    _await_difference(grid, desk.workspace)


def _await_difference(grid: PaneGrid, workspace: Workspace) -> None:
    """Unfold the difference once something differs; not under a stroke, which must not see the panes move."""

    def look() -> None:
        composite, session = workspace.composite, workspace.session
        if composite is None or session is None or not grid.is_waiting("difference"):
            return
        differs = bool(composite.patches) or bool(session.edits)
        if differs and QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
            grid.set_waiting("difference", False)

    for signal in (workspace.opened, workspace.image_touched, workspace.mask_settled, workspace.edits_changed):
        signal.connect(lambda *_: look())


LAYOUTS: tuple[tuple[str, Layout, str, str, str], ...] = (
    ("one", Layout.ONE, "One pane", "One pane fills the window; again: the next one.", "1"),
    ("two", Layout.TWO, "Two panes", "Original and inpainted side by side.", "2"),
    ("three", Layout.THREE, "Three panes", "Original, inpainted and difference side by side.", "3"),
    ("two-over-one", Layout.TWO_OVER_ONE, "Two panes over one", "The difference below the other two.", "4"),
)
"""Name, layout, title, tip and key."""


def actions(grid: PaneGrid) -> tuple[Action, ...]:
    """Rows for the layouts, for each pane, and one that brings all back."""
    return (
        *(_layout(grid, row) for row in LAYOUTS),
        *(_maximise(grid, kind, key) for kind, key in zip(TITLES, "123", strict=True)),
        Action(
            "view.show-all",
            "Show all panes",
            "Show hidden and detached panes again.",
            lambda: show_all(grid),
            icon="show",
            keys=("5",),
            group="panes",
            also=("layout", "restore"),
        ),
    )


def _layout(grid: PaneGrid, row: tuple[str, Layout, str, str, str]) -> Action:
    name, layout, title, tip, key = row
    return Action(
        f"view.layout-{name}",
        title,
        tip,
        lambda _on: grid.set_layout(layout),
        icon=f"layout-{name}",
        keys=(key,),
        group="layout",
        checked=lambda: grid.layout_now is layout,
        also=("layout", "arrange", "split"),
    )


def _maximise(grid: PaneGrid, kind: Kind, key: str) -> Action:
    return Action(
        f"view.{kind}",
        f"Maximise {TITLES[kind].lower()}",
        "Let this pane fill the window, or show all.",
        lambda _on: grid.toggle_maximised(kind),
        icon="maximise",
        keys=(f"Alt+{key}",),
        group="panes",
        checked=lambda: grid.maximised == kind,
        also=("enlarge",),
    )


def show_all(grid: PaneGrid) -> None:
    """Bring back what is hidden, detached or waiting."""
    grid.dock_all()
    grid.set_layout(Layout.THREE)


def collect(grid: PaneGrid, settings: Settings) -> None:
    """Take the arrangement into the settings."""
    settings.panes = grid.arrangement()
