"""Comparing checkpoints from the main window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxr_studio.errors import StudioError

if TYPE_CHECKING:
    from cxr_studio.ui.qa.comparison_window import ComparisonWindow
    from cxr_studio.ui.shell.main_window import MainWindow


def compare_checkpoints(window: MainWindow) -> ComparisonWindow | None:
    """Ask for a run and open its window; a sentence where it cannot be opened."""
    folder = window.studio.documents.dialogs.folder_to_open("Compare checkpoints: choose a training run or a folder")
    if folder is None:
        return None
    from cxr_studio.ui.qa.start import open_beside

    try:
        return open_beside([folder], window, device=window.settings.device)
    except StudioError as fault:
        window.messages.warn(str(fault))
        return None
