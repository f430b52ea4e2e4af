"""What can be done with a detector."""

from __future__ import annotations

from collections.abc import Callable

from cxr_studio.ui.detect.controller import NO_SOURCE, DetectController
from cxr_studio.ui.shell.action import NO_IMAGE, Action
from cxr_studio.ui.shell.workspace import Workspace

NO_ANSWER = "Detect nodules first."
ALSO = ("detector", "boxes", "cad", "froc", "nodules")
"""Under which the palette finds them."""


def run_actions(detect: DetectController, workspace: Workspace, choose: Callable[[], object]) -> tuple[Action, ...]:
    """Rows that detect; ``choose`` asks for a file."""

    def ready() -> str:
        return NO_IMAGE if workspace.session is None else NO_SOURCE if detect.source is None else ""

    return (
        Action(
            "detect.run",
            "Detect nodules",
            "Find nodules in the inpainted image, again after every edit.",
            detect.set_on,
            icon="highlight",
            keys=("Ctrl+D",),
            group="run",
            when=ready,
            checked=lambda: detect.on,
            also=ALSO,
        ),
        Action(
            "detect.open",
            "Open a detector or its answers…",
            "Take a checkpoint, or answers of another detector as CSV, COCO results or DICOM report.",
            choose,
            icon="open",
            keys=("Ctrl+Alt+O",),
            group="run",
            also=("coco", "csv", "sr", "dicom", *ALSO),
        ),
        Action(
            "detect.show",
            "Show boxes",
            "Show the boxes over the panes.",
            detect.set_shown,
            icon="show",
            keys=("Ctrl+Shift+D",),
            group="show",
            when=lambda: _answer(detect),
            checked=lambda: detect.answer is not None and detect.shown,
        ),
    )


def adjust_actions(detect: DetectController) -> tuple[Action, ...]:
    """Rows that move the threshold."""
    rows = (
        ("higher", "Higher score threshold", "Show fewer boxes.", 1, "Alt+PgUp"),
        ("lower", "Lower score threshold", "Show more boxes.", -1, "Alt+PgDown"),
    )
    return tuple(
        Action(
            f"detect.{name}",
            title,
            tip,
            lambda steps=steps: detect.step_threshold(steps),
            keys=(key,),
            group="show",
            when=lambda: _answer(detect),
        )
        for name, title, tip, steps, key in rows
    )


def missed_actions(detect: DetectController, settle: Callable[[], object]) -> tuple[Action, ...]:
    """Rows about missed nodules; ``settle`` ends what a tool holds."""

    def missed() -> str:
        return _answer(detect) or ("" if detect.missed else "The detector misses no placed nodule.")

    def more() -> None:
        settle()
        detect.more()

    return (
        Action(
            "detect.missed",
            "Next missed nodule",
            "Centre the next placed nodule that no shown box hits.",
            detect.next_missed,
            icon="next",
            keys=("F6",),
            group="missed",
            when=missed,
            also=ALSO,
        ),
        Action(
            "detect.more",
            "Five more like the missed nodule",
            "Draw five nodules of its size, contrast and density in the same part of the lungs.",
            more,
            icon="nodule",
            keys=("Shift+F6",),
            group="missed",
            when=lambda: "Nodules are being drawn." if detect.drawing else missed(),
            also=("hard examples", "mining", "synthesise", *ALSO),
        ),
    )


def _answer(detect: DetectController) -> str:
    return NO_ANSWER if detect.answer is None else ""
