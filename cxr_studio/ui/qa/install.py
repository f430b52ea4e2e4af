"""Comparing checkpoints from the main window; what it needs is imported then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxr_studio.errors import StudioError
from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.shell.desk import Desk

if TYPE_CHECKING:
    from cxr_studio.ui.qa.comparison_window import ComparisonWindow


def install(desk: Desk) -> None:
    """Declare the action."""
    desk.actions.add(
        Action(
            "file.compare",
            "Compare checkpoints…",
            "See a run's snapshots side by side.",
            lambda: compare_checkpoints(desk),
            keys=("Ctrl+Shift+Q",),
            group="leave",
            also=("qa", "snapshots", "training", "run"),
        )
    )


def compare_checkpoints(desk: Desk) -> ComparisonWindow | None:
    """Ask for a run and open its window; a sentence where it cannot be opened."""
    folder = desk.dialogs.folder_to_open("Compare checkpoints: choose a training run or a folder")
    if folder is None:
        return None
    from cxr_studio.ui.qa.start import open_beside

    settings = desk.preferences.settings
    try:
        return open_beside([folder], desk.parent, settings=settings, device=settings.device)
    except StudioError as fault:
        desk.warn(str(fault))
        return None
