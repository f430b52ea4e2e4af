"""Batch augmentation from the window: one action, one dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxr_studio.ui.document.controller import DocumentController
from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.shell.desk import Desk

if TYPE_CHECKING:
    from cxr_studio.ui.augment.dialog import AugmentDialog


def install(desk: Desk, documents: DocumentController) -> None:
    """Declare the action."""
    desk.actions.add(
        Action(
            "nodule.augment",
            "Augment a folder…",
            "Draw nodules into healthy radiographs, as many as a detector needs, with labels.",
            lambda: open_dialog(desk, documents),
            icon="variations",
            keys=("Ctrl+Shift+A",),
            group="batch",
            also=("augmentation", "batch", "dataset", "detector", "synthetic", "many", "coco"),
        )
    )


def open_dialog(desk: Desk, documents: DocumentController) -> AugmentDialog:
    """Show the dialog; the window stays free to work in."""
    from cxr_studio.ui.augment.dialog import AugmentDialog

    paths = documents.ring.paths
    source = paths[0].parent if paths else None
    dialog = AugmentDialog(desk.background, source, desk.preferences.settings, desk.parent)
    dialog.show()
    return dialog
