"""What can be done with nodules and the lungs they lie in."""

from __future__ import annotations

from cxr_studio.ui.nodule.controller import NoduleController
from cxr_studio.ui.nodule.lungs import LungsController
from cxr_studio.ui.nodule.shapes import ShapesController
from cxr_studio.ui.shell.action import Action

TURN = 15.0
"""Degrees by which a key or button turns a nodule."""
CONTRAST_STEP = 1.15
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
            lambda: nodules.scale_contrast(1 / CONTRAST_STEP),
            keys=(",",),
            also=("fainter", "weaker"),
        ),
        Action(
            "nodule.denser",
            "Denser nodule",
            "More contrast.",
            lambda: nodules.scale_contrast(CONTRAST_STEP),
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


def attribute_actions(nodules: NoduleController) -> tuple[Action, ...]:
    """Rows that ask for an attribute by name."""
    return (
        Action(
            "nodule.margin",
            "Next margin",
            "Any, smooth, lobulated or spiculated.",
            nodules.next_margin,
            keys=("Shift+E",),
            also=("edge", "spiculated", "lobulated", "smooth"),
        ),
        Action(
            "nodule.density",
            "Next density",
            "Any, ground-glass, part-solid, solid or calcified.",
            nodules.next_profile,
            keys=("Shift+N",),
            also=("ground glass", "solid", "calcified"),
        ),
        Action(
            "nodule.subtlety",
            "Next subtlety",
            "Any, or from 1, extremely subtle, to 5, obvious; the contrast follows.",
            nodules.next_subtlety,
            keys=("Shift+U",),
            also=("grade", "conspicuity", "obvious"),
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
