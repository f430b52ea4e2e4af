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
            "See generators side by side: those that ship, and the snapshots of a training run.",
            lambda: compare_checkpoints(desk),
            keys=("Ctrl+Shift+Q",),
            group="leave",
            also=("qa", "snapshots", "training", "run"),
        )
    )


def compare_checkpoints(desk: Desk) -> ComparisonWindow | None:
    """Ask what is compared and open the window; a sentence where it cannot be opened."""
    from cxr_studio.ui.qa.choosing import ask_columns

    chosen = ask_columns(desk.parent)
    if not chosen:
        return None
    from cxr_studio.ui.qa.start import open_beside

    settings = desk.preferences.settings
    try:
        return open_beside(chosen, desk.parent, settings=settings, device=settings.device)
    except StudioError as fault:
        desk.warn(str(fault))
        return None
