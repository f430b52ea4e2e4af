"""What can be done with nodules and the lungs they lie in."""

from __future__ import annotations

from cxr_studio.ui.nodule.controller import NoduleController
from cxr_studio.ui.nodule.lungs import LungsController
from cxr_studio.ui.nodule.shapes import ShapesController
from cxr_studio.ui.shell.action import Action

TURN = 15.0
"""Degrees by which a key or button turns a nodule."""
SUBTLETY_STEP = 1.15
"""Factor on a nodule's contrast of a key."""


def look_actions(nodules: NoduleController) -> tuple[Action, ...]:
    """Rows that change how the next or selected nodule looks."""
    return (
        Action(
            "nodule.generator",
            "Next nodule generator",
            "CT superposition, or a network with the radiograph's own lung or one that it draws.",
            nodules.next_way,
            icon="variations",
            keys=("Shift+G",),
            also=("augment", "synthetic"),
        ),
        Action(
            "nodule.subtler",
            "Subtler nodule",
            "Less contrast.",
            lambda: nodules.scale_subtlety(1 / SUBTLETY_STEP),
            keys=(",",),
            also=("fainter", "weaker"),
        ),
        Action(
            "nodule.denser",
            "Denser nodule",
            "More contrast.",
            lambda: nodules.scale_subtlety(SUBTLETY_STEP),
            keys=(".",),
            also=("stronger", "brighter"),
        ),
        Action(
            "nodule.turn",
            "Turn nodule",
            "Rotate by 15°.",
            lambda: nodules.turn(TURN),
            icon="redo",
            keys=("Y",),
            also=("rotate", "angle"),
        ),
        Action(
            "nodule.mirror",
            "Mirror nodule",
            "Mirror left to right.",
            nodules.flip,
            icon="swipe",
            keys=("Shift+Y",),
            also=("flip",),
        ),
    )


def shape_actions(nodules: NoduleController, shapes: ShapesController) -> tuple[Action, ...]:
    """Rows that choose a shape."""
    return (
        Action(
            "nodule.reshape",
            "New nodule shape",
            "A different template from a different direction.",
            nodules.reshape,
            icon="variations",
            keys=("J",),
        ),
        Action(
            "nodule.next-shape",
            "Next shape",
            "Keep the size and use the next shape.",
            lambda: shapes.step(1),
            icon="next",
            keys=("Ctrl+Right",),
        ),
        Action(
            "nodule.previous-shape",
            "Previous shape",
            "Keep the size and use the previous shape.",
            lambda: shapes.step(-1),
            icon="previous",
            keys=("Ctrl+Left",),
        ),
        Action(
            "nodule.fresh-shapes",
            "Sixteen fresh shapes",
            "Show sixteen new shapes to choose from.",
            shapes.fresh,
            icon="reset",
            keys=("Shift+J",),
        ),
    )


def lungs_action(lungs: LungsController) -> Action:
    """The row that shows the lungs' outline."""
    return Action(
        "view.lungs",
        "Lung outline",
        "Outline the lungs.",
        lungs.set_shown,
        keys=("Shift+L",),
        group="show",
        checked=lambda: lungs.shown,
        also=("segment",),
    )
