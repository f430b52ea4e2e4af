"""Nodules: placed by hand, their look and shape, and the lungs they lie in."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_studio.ui.display.readout import mm_per_pixel
from cxr_studio.ui.fill.refused import RefusedFiles
from cxr_studio.ui.nodule.commands import TURN, attribute_actions, look_actions, lungs_action, shape_actions
from cxr_studio.ui.nodule.controller import NoduleController
from cxr_studio.ui.nodule.lungs import LungsController
from cxr_studio.ui.nodule.options import NoduleOptions
from cxr_studio.ui.nodule.panel import NodulePanel
from cxr_studio.ui.nodule.shape_strip import ShapeStrip
from cxr_studio.ui.nodule.shapes import ShapesController
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.shell.engine_bridge import EngineBridge
from cxr_studio.ui.shell.side_panel import SidePanel
from cxr_studio.ui.shell.status_fields import PENDING, time_text
from cxr_studio.ui.shell.workspace import Workspace

SECTION = "Nodule"
HIDDEN_MEANWHILE = ("Options",)
"""Sections that give way to the nodule's while its tool is chosen."""
DECISION = "Fill"
"""Gives way too, but for a mask whose fill waits to be accepted."""
CAUSE = "nodule"
"""What messages of this feature are about."""
OUTSIDE = "This nodule lies outside the lungs."


@dataclass(frozen=True)
class Nodules:
    """The feature's controllers.

    Attributes:
        lungs: Where the lungs are.
        nodules: The nodule tool's target.
        shapes: Shapes to pick from.
        side: Where the section is.
        workspace: The open radiograph.
    """

    lungs: LungsController
    nodules: NoduleController
    shapes: ShapesController
    side: SidePanel
    workspace: Workspace

    def tool_taken(self, name: str) -> None:
        """Show the nodule's section in place of the fill's while the nodule tool is chosen; find the lungs then."""
        chosen = name == "nodule"
        self.side.set_shown(SECTION, chosen)
        for title in HIDDEN_MEANWHILE:
            self.side.set_shown(title, not chosen)
        self.make_room(name)
        self.shapes.set_shown(chosen)
        if chosen:
            self.lungs.want()

    def make_room(self, tool: str) -> None:
        """Hide the fill's section beside the nodule tool while nothing is painted whose fill could be accepted."""
        session = self.workspace.session
        painted = session is not None and bool(session.mask.any())
        self.side.set_shown(DECISION, tool != "nodule" or painted)


def install(desk: Desk, bridge: EngineBridge) -> Nodules:
    """Declare the actions and place the section."""
    lungs = LungsController(desk.workspace, desk.background, desk.parent)
    nodules = NoduleController(desk.workspace, bridge, desk.parent)
    shapes = ShapesController(nodules, desk.background, desk.parent)
    desk.actions.add(*look_actions(nodules), *attribute_actions(nodules), *shape_actions(nodules, shapes))
    desk.actions.add(lungs_action(lungs))
    panel, strip = NodulePanel(nodules.ways), ShapeStrip()
    RefusedFiles(desk.parent).say_in(panel.generator)
    desk.places.side.add(SECTION, panel, strip)
    _show_look(desk, nodules, panel)
    _show_shapes(shapes, strip)
    _show_lungs(desk, nodules, lungs)
    for source in (lungs, nodules, shapes):
        source.warned.connect(lambda text: desk.warn(text, CAUSE))
    _show_work(desk, nodules)
    desk.at_cancel.append(nodules.cancel)
    desk.at_close.append(nodules.close)
    return Nodules(lungs, nodules, shapes, desk.places.side, desk.workspace)


def _show_look(desk: Desk, nodules: NoduleController, panel: NodulePanel) -> None:
    workspace, options = desk.workspace, NoduleOptions(desk.places.options)

    def look() -> None:
        session = workspace.session
        mm = None if session is None else mm_per_pixel(session.radiograph.spacing)
        panel.set_look(nodules.look, mm_per_pixel=mm, selected=nodules.selected)
        options.show_look(nodules.look, mm, nodules.selected)

    pressed = {
        "reshape": nodules.reshape,
        "turn": lambda: nodules.turn(TURN),
        "flip": nodules.flip,
        "delete": nodules.delete,
    }
    nodules.changed.connect(look)
    panel.generator_changed.connect(nodules.set_generator)
    panel.diameter_changed.connect(lambda diameter: nodules.adjust(diameter=diameter))
    panel.contrast_changed.connect(lambda contrast: nodules.adjust(contrast=contrast))
    options.diameter.entered.connect(lambda value: nodules.adjust(diameter=value / (options.mm or 1.0)))
    options.contrast.entered.connect(lambda value: nodules.adjust(contrast=value))
    panel.margin_changed.connect(nodules.set_margin)
    panel.density_changed.connect(nodules.set_profile)
    panel.subtlety_changed.connect(nodules.set_subtlety)
    panel.pressed.connect(lambda name: pressed[name]())
    look()


def _show_work(desk: Desk, nodules: NoduleController) -> None:
    """What is waited for, in the pane; its time; and messages until the nodules are other ones."""
    status, grid = desk.places.status, desk.places.grid

    def busy(waiting: bool) -> None:
        grid.set_busy(CAUSE, "Drawing the nodule" if waiting else "")
        if waiting:
            status.set_field("latency", PENDING)

    nodules.busy_changed.connect(busy)
    nodules.timed.connect(lambda seconds: status.set_field("latency", time_text(seconds)))
    for gone in (desk.workspace.edits_changed, desk.workspace.opened, desk.workspace.closed):
        gone.connect(lambda: desk.places.messages.gone(CAUSE))


def _show_shapes(shapes: ShapesController, strip: ShapeStrip) -> None:
    """The strip is drawn once the nodule tool is taken."""
    shapes.drawn.connect(strip.set_shapes)
    shapes.picked.connect(strip.set_current)
    strip.picked.connect(shapes.pick)
    strip.fresh_wanted.connect(shapes.fresh)


def _show_lungs(desk: Desk, nodules: NoduleController, lungs: LungsController) -> None:
    """Their outline over the panes; a nodule outside them is allowed, and told."""

    def placed(y: float, x: float) -> None:
        if lungs.mask is not None and not lungs.mask[round(y), round(x)]:
            desk.tell(OUTSIDE, CAUSE)

    nodules.placed.connect(placed)
    lungs.told.connect(desk.tell)
    lungs.lines_changed.connect(lambda lines: desk.places.grid.scene.set_lines("lungs", lines))
