"""What can be done with the mask as a whole."""

from __future__ import annotations

from collections.abc import Callable

from cxr_studio.ui.paint.controller import PaintingController
from cxr_studio.ui.paint.mask_files import MaskFiles
from cxr_studio.ui.shell.action import Action, Condition


def mask_actions(painting: PaintingController, opened: Condition) -> tuple[Action, ...]:
    """Rows that change the mask."""
    return (
        Action(
            "edit.clear",
            "Clear mask",
            "Unpaint everything.",
            painting.clear,
            icon="clear",
            keys=("Ctrl+Delete",),
            group="mask",
            when=opened,
        ),
        Action(
            "edit.grow",
            "Grow mask",
            "Widen the mask by one pixel.",
            painting.grow,
            icon="grow",
            keys=("Ctrl+Up",),
            group="mask",
            when=opened,
        ),
        Action(
            "edit.shrink",
            "Shrink mask",
            "Narrow the mask by one pixel.",
            painting.shrink,
            icon="shrink",
            keys=("Ctrl+Down",),
            group="mask",
            when=opened,
        ),
        Action(
            "edit.invert-mask",
            "Invert mask",
            "Invert the mask.",
            painting.invert,
            icon="invert-mask",
            keys=("Ctrl+I",),
            group="mask",
            when=opened,
        ),
    )


def file_actions(files: MaskFiles, opened: Condition) -> tuple[Action, ...]:
    """Rows that read and write the mask."""
    return (
        Action(
            "edit.load-mask",
            "Load mask…",
            "Read the mask from a PNG file or a DICOM segmentation.",
            files.load,
            icon="open",
            keys=("Ctrl+M",),
            group="mask file",
            when=opened,
        ),
        Action(
            "edit.save-mask",
            "Save mask…",
            "Write the mask to a PNG file.",
            files.save,
            icon="save",
            keys=("Ctrl+Shift+M",),
            group="mask file",
            when=opened,
        ),
    )


def show_action(shown: Callable[[], bool], show: Callable[[bool], object]) -> Action:
    """The row that shows the mask or not."""
    return Action(
        "view.mask",
        "Show mask",
        "Show the painted mask.",
        show,
        icon="show",
        keys=("K",),
        group="show",
        checked=shown,
    )
