"""Sitting a study from the main window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxr_studio.errors import StudioError

if TYPE_CHECKING:
    from cxr_studio.ui.shell.main_window import MainWindow
    from cxr_studio.ui.study.conductor import Conductor


def sit_study(window: MainWindow) -> Conductor | None:
    """Ask for a bundle and open its window; a sentence where there is no study."""
    folder = window.studio.documents.dialogs.folder_to_open("Sit a study: choose its bundle")
    if folder is None:
        return None
    from cxr_studio.ui.study.start import open_study

    try:
        return open_study(folder, window)
    except StudioError as fault:
        window.messages.warn(str(fault))
        return None
