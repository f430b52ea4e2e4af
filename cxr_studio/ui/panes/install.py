"""The three panes: one fills the window, any is hidden or detached, all come back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from cxr_studio.settings import Settings
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
    grid.arrangement_changed.connect(lambda: desk.actions.review(*(f"view.{kind}" for kind in TITLES)))
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


def actions(grid: PaneGrid) -> tuple[Action, ...]:
    """A row for each pane, and one for all."""
    maximise = (_maximise(grid, kind, key) for kind, key in zip(TITLES, "123", strict=True))
    return (
        *maximise,
        Action(
            "view.show-all",
            "Show all panes",
            "Bring back what is hidden or detached.",
            lambda: show_all(grid),
            icon="show",
            keys=("4",),
            group="panes",
            also=("layout", "restore"),
        ),
    )


def _maximise(grid: PaneGrid, kind: Kind, key: str) -> Action:
    return Action(
        f"view.{kind}",
        f"Maximise {TITLES[kind].lower()}",
        "Let it fill the window, or show all.",
        lambda _on: grid.toggle_maximised(kind),
        icon="maximise",
        keys=(key,),
        group="panes",
        checked=lambda: grid.maximised == kind,
    )


def show_all(grid: PaneGrid) -> None:
    """Bring back what is hidden, detached or waiting."""
    grid.dock_all()
    grid.set_waiting("difference", False)
    grid.arrange({})


def collect(grid: PaneGrid, settings: Settings) -> None:
    """Take the arrangement into the settings."""
    settings.panes = grid.arrangement()
