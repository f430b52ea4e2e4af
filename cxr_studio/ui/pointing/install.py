"""The tools: mouse and keys over the panes."""

from __future__ import annotations

from cxr_studio.radiographs.spacing import UNKNOWN_SPACING
from cxr_studio.settings import Settings
from cxr_studio.ui.display.readout import length_text, nodule_text
from cxr_studio.ui.nodule.controller import NoduleController
from cxr_studio.ui.pointing.commands import mouse_actions, size_actions, tool_actions
from cxr_studio.ui.pointing.controller import PointingController, Targets
from cxr_studio.ui.pointing.keys import KeyFilter, watch
from cxr_studio.ui.pointing.options import MaskToolOptions
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.tools.schemes import Scheme


def install(desk: Desk, targets: Targets) -> PointingController:
    """Declare the actions, take the panes' pointer and keys, and show the size of the tool.

    Args:
        desk: Where.
        targets: What the tools act upon.
    """
    grid, registry = desk.places.grid, desk.actions
    pointing = PointingController(grid, targets)
    registry.add(*tool_actions(pointing), *size_actions(pointing), *mouse_actions(pointing))
    keys = KeyFilter(pointing, registry, desk.parent)
    watch(keys, [desk.parent, *(pane.canvas for pane in grid.panes.values())])
    desk.at_close.append(pointing.cancel)
    desk.preferences.add(
        apply=lambda settings: apply(pointing, settings), collect=lambda settings: collect(pointing, settings)
    )
    pointing.scheme_changed.connect(lambda: registry.review("tool"))
    pointing.tool_changed.connect(lambda _name: registry.review("tool"))
    _show_size(desk, pointing, targets.nodules)
    MaskToolOptions(desk, pointing)
    return pointing


def _show_size(desk: Desk, pointing: PointingController, nodules: NoduleController) -> None:
    workspace = desk.workspace

    def size() -> None:
        now, session = pointing.toolbox.settings, workspace.session
        spacing = None if session is None else session.radiograph.spacing
        mm = None if spacing is None or spacing.y is None else 2 * now.radius * spacing.y
        look = nodules.look
        words = {
            "flood": f"Tolerance {now.tolerance}",
            "stamp": f"Stamp {now.stamp_side} px",
            "nodule": nodule_text(look.diameter, look.contrast, spacing or UNKNOWN_SPACING),
        }.get(pointing.toolbox.chosen, f"⌀ {length_text(2 * now.radius, mm)}")
        desk.places.status.set_field("brush", words if now.value else f"{words} · erases")
        desk.actions.review("tool.swap")

    pointing.settings_changed.connect(size)
    pointing.tool_changed.connect(lambda _name: size())
    workspace.opened.connect(size)
    size()


def apply(pointing: PointingController, settings: Settings) -> None:
    """Put the settings into force."""
    pointing.set_scheme(Scheme(settings.scheme))
    pointing.set_crosshair(settings.crosshair)
    pointing.set_radius(settings.brush_diameter / 2)
    pointing.set_tolerance(settings.tolerance)


def collect(pointing: PointingController, settings: Settings) -> None:
    """Take the present state into the settings."""
    tools = pointing.toolbox.settings
    settings.scheme = "painting" if pointing.toolbox.scheme is Scheme.PAINTING else "reading"
    settings.crosshair = pointing.crosshair
    settings.brush_diameter, settings.tolerance = 2 * tools.radius, tools.tolerance
