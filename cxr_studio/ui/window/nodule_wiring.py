"""The nodule controller to its fields, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxr_studio.ui.shell.main_window import MainWindow

TURN = 15.0
"""Degrees by which a key or button turns a nodule."""


def wire_nodules(window: MainWindow) -> None:
    """Connect the nodule panel."""
    nodules, panel, workspace = window.studio.nodules, window.side.nodule, window.studio.workspace

    def look() -> None:
        session = workspace.session
        spacing = None if session is None else session.radiograph.spacing
        known = spacing is not None and spacing.y is not None and spacing.x is not None
        scale = (spacing.y * spacing.x) ** 0.5 if known else None  # type: ignore[union-attr, operator]
        panel.set_look(nodules.look, mm_per_pixel=scale, selected=nodules.selected is not None)

    actions = {
        "reshape": nodules.reshape,
        "turn": lambda: nodules.turn(TURN),
        "flip": nodules.flip,
        "delete": nodules.delete,
    }
    nodules.changed.connect(look)
    panel.generator_changed.connect(nodules.set_generator)
    panel.diameter_changed.connect(lambda diameter: nodules.adjust(diameter=diameter))
    panel.subtlety_changed.connect(lambda subtlety: nodules.adjust(subtlety=subtlety))
    panel.density_changed.connect(nodules.set_profile)
    panel.pressed.connect(lambda name: actions[name]())
    window.studio.pointing.tool_changed.connect(lambda name: window.side.show_nodule(name == "nodule"))
    window.side.edits.selected.connect(lambda key: nodules.select(key if isinstance(key, int) else None))
    look()
    _wire_shapes(window)


def _wire_shapes(window: MainWindow) -> None:
    """Connect the strip of shapes; it is drawn once the nodule tool is taken."""
    shapes, strip = window.studio.shapes, window.side.shapes
    shapes.drawn.connect(strip.set_shapes)
    shapes.picked.connect(strip.set_current)
    strip.picked.connect(shapes.pick)
    strip.fresh_wanted.connect(shapes.fresh)
    window.studio.pointing.tool_changed.connect(lambda name: shapes.set_shown(name == "nodule"))
