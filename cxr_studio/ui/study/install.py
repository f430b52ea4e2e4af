"""Taking a reader study from the main window; what it needs is imported then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxr_studio.errors import StudioError
from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.shell.desk import Desk

if TYPE_CHECKING:
    from cxr_studio.ui.study.study_controller import StudyController


def install(desk: Desk) -> None:
    """Declare the action."""
    desk.actions.add(
        Action(
            "file.study",
            "Take a reader study…",
            "Take a study from its bundle.",
            lambda: take_study(desk),
            keys=("Ctrl+Shift+R",),
            group="leave",
            also=("sit", "reader", "trial", "observer"),
        )
    )


def take_study(desk: Desk) -> StudyController | None:
    """Ask for a bundle and open its window; a sentence where there is no study."""
    folder = desk.dialogs.folder_to_open("Take a reader study: choose its bundle")
    if folder is None:
        return None
    from cxr_studio.ui.study.start import open_study

    try:
        return open_study(folder, desk.parent)
    except StudioError as fault:
        desk.warn(str(fault))
        return None
