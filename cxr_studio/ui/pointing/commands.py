"""Tools: taken, sized, and how the mouse works."""

from __future__ import annotations

from cxr_studio.ui.pointing.controller import PointingController
from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.tools.schemes import Scheme

MASK_TOOLS = (
    ("brush", "Brush", "Paint the mask freely.", "B"),
    ("eraser", "Eraser", "Erase from the mask.", "E"),
    ("polygon", "Polygon", "Click corners; double click or Enter closes.", "P"),
    ("lasso", "Lasso", "Draw an outline by hand.", "L"),
    ("rectangle", "Rectangle", "Drag a box; Shift makes it square.", "T"),
    ("ellipse", "Ellipse", "Drag an ellipse; Shift makes it round.", "O"),
    ("flood", "Flood", "Click: all connected pixels of a similar grey.", "G"),
    ("stamp", "Square stamp", "Stamp the 64 × 64 square of the paper.", "S"),
    ("nodule", "Nodule", "Click places, drag moves, Shift+wheel sizes.", "U"),
)
"""Tools that draw: name, which is the icon's too, title, tip and key."""

VIEW_TOOLS = (
    ("select", "Select", "Click an edit to select it.", "Shift+S"),
    ("window", "Window/level", "Drag for contrast and brightness.", "W"),
    ("pan", "Pan", "Drag the image.", "H"),
    ("zoom", "Zoom", "Drag up to zoom in.", "Z"),
)
"""Tools that change the view."""

MEASURE_TOOLS = (
    ("ruler", "Ruler", "Drag a distance; click one to select it.", "Shift+R"),
    ("angle", "Angle", "Click the end of an arm, the vertex, the other end.", "Shift+A"),
    ("oval-region", "Ellipse statistics", "Drag an ellipse: mean, SD, min, max, area.", "Shift+O"),
    ("box-region", "Rectangle statistics", "Drag a rectangle: mean, SD, min, max, area.", "Shift+B"),
)
"""Tools that measure."""

OTHER_WORDS: dict[str, tuple[str, ...]] = {
    "nodule": ("augment", "lesion", "insert", "synthetic"),
    "eraser": ("rubber",),
    "ruler": ("measure", "distance", "length", "mm"),
    "angle": ("measure", "degrees", "cobb"),
    "oval-region": ("measure", "roi", "statistics", "mean", "area"),
    "box-region": ("measure", "roi", "statistics", "mean", "area"),
    "flood": ("wand", "region"),
    "lasso": ("freehand",),
    "window": ("contrast", "brightness", "level"),
}
"""Under which the palette finds a tool besides."""


def tool_actions(pointing: PointingController) -> tuple[Action, ...]:
    """A row for each tool."""
    mask = (_tool(pointing, row, "mask") for row in MASK_TOOLS)
    view = (_tool(pointing, row, "view") for row in VIEW_TOOLS)
    return (*mask, *view, *(_tool(pointing, row, "measure") for row in MEASURE_TOOLS))


def _tool(pointing: PointingController, row: tuple[str, str, str, str], group: str) -> Action:
    name, title, tip, key = row
    return Action(
        f"tool.{name}",
        title,
        tip,
        lambda _on: pointing.take(name),
        icon=name,
        keys=(key,),
        group=group,
        checked=lambda: pointing.toolbox.chosen == name,
        also=OTHER_WORDS.get(name, ()),
    )


def size_actions(pointing: PointingController) -> tuple[Action, ...]:
    """Rows that size the brush and swap what it does."""
    return (
        Action(
            "tool.smaller",
            "Smaller brush",
            "Make the brush smaller.",
            lambda: pointing.resize(-1),
            keys=("[",),
            group="size",
        ),
        Action(
            "tool.larger",
            "Larger brush",
            "Make the brush larger.",
            lambda: pointing.resize(1),
            keys=("]",),
            group="size",
        ),
        Action(
            "tool.swap",
            "Swap paint and erase",
            "Let the brush erase.",
            lambda _on: pointing.swap_value(),
            keys=("X",),
            group="size",
            checked=lambda: not pointing.toolbox.settings.value,
        ),
    )


def mouse_actions(pointing: PointingController) -> tuple[Action, ...]:
    """Rows that say what the mouse does and shows."""
    return (
        Action(
            "tool.scheme",
            "Painting mouse",
            "Left button paints; when off, it changes the window.",
            lambda painting: pointing.set_scheme(Scheme.PAINTING if painting else Scheme.READING),
            keys=("M",),
            group="mouse",
            checked=lambda: pointing.toolbox.scheme is Scheme.PAINTING,
        ),
        Action(
            "view.magnifier",
            "Magnifier",
            "A loupe follows the pointer in all panes.",
            pointing.set_magnifier,
            icon="zoom",
            keys=("Shift+M",),
            group="show",
            checked=lambda: pointing.magnifier,
            also=("loupe", "lens", "enlarge"),
        ),
        Action(
            "view.crosshair",
            "Crosshair",
            "Show the pointer's position in all panes.",
            pointing.set_crosshair,
            icon="crosshair",
            keys=("C",),
            group="show",
            checked=lambda: pointing.crosshair,
        ),
    )
