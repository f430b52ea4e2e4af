"""DICOM objects of the open radiograph: one action, one dialog, made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.exchange.objects import Wanted
from cxr_studio.ui.shell.action import NO_IMAGE, Action
from cxr_studio.ui.shell.desk import Desk

if TYPE_CHECKING:
    from cxr_studio.ui.objects.dialog import ObjectsDialog

NO_DICOM = "The radiograph is no DICOM image, which DICOM objects could refer to."


def install(desk: Desk, *, wanted: Callable[[], Wanted]) -> Callable[[], ObjectsDialog]:
    """Declare the action.

    Args:
        desk: Where.
        wanted: How objects are written: the window that is shown, a detector's boxes.

    Returns:
        What shows the dialog.
    """
    workspace = desk.workspace

    def ready() -> str:
        session = workspace.session
        return NO_IMAGE if session is None else "" if session.radiograph.instances else NO_DICOM

    def show() -> ObjectsDialog:
        from cxr_studio.ui.objects.dialog import ObjectsDialog

        def with_device() -> Wanted:
            return replace(wanted(), device=desk.preferences.settings.device)

        dialog = ObjectsDialog(desk.background, workspace, _folder(desk), wanted=with_device, parent=desk.parent)
        dialog.show()
        return dialog

    desk.actions.add(
        Action(
            "file.export-objects",
            "Export DICOM objects…",
            "Write the inpainted image with segmentation, presentation state, key objects, report and PNG mask.",
            show,
            icon="export",
            keys=("Ctrl+Alt+E",),
            group="save",
            when=ready,
            also=("seg", "sr", "gsps", "ko", "segmentation", "structured report", "presentation", "mask"),
        )
    )
    return show


def _folder(desk: Desk) -> Path:
    """Beside the radiograph, in a folder of its name."""
    session = desk.workspace.session
    source = None if session is None else session.radiograph.source.path
    origin = source or Path.home() / "radiograph"
    return origin.with_name(f"{origin.stem}-objects")
