"""What is abnormal: the search, its map over the panes, its hot spots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.quality.highlighting.options import HighlightOptions
from cxr_studio.settings import Settings
from cxr_studio.ui.canvas.highlight_overlay import HighlightOverlay, HighlightStyle
from cxr_studio.ui.canvas.rendering import Kind
from cxr_studio.ui.canvas.view_state import ViewState
from cxr_studio.ui.fill.generator_chooser import choices_of
from cxr_studio.ui.fill.refused import RefusedFiles
from cxr_studio.ui.highlight import commands
from cxr_studio.ui.highlight.controller import HighlightController
from cxr_studio.ui.highlight.export import HighlightExport
from cxr_studio.ui.highlight.panel import HighlightPanel
from cxr_studio.ui.highlight.state import highlight_state
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.shell.message_bar import IMAGE

NEARER = 2.0
"""By how much a fitted image is enlarged to bring a hot spot to the middle."""


@dataclass(frozen=True)
class Highlight:
    """The feature's controllers."""

    highlight: HighlightController
    export: HighlightExport


def install(desk: Desk, *, generators: tuple[GeneratorFacts, ...], settle: Callable[[], None]) -> Highlight:
    """Declare the actions and place the section.

    Args:
        desk: Where.
        generators: What can fill the holes.
        settle: Drops what a tool has half done.
    """
    highlight = HighlightController(desk.workspace, desk.background, parent=desk.parent)
    export = HighlightExport(desk.workspace, highlight, desk.background, desk.parent)
    settings = desk.preferences.settings
    names = [facts.name for facts in generators]
    wanted = (settings.highlight_generator, HighlightOptions().generator, *names)
    highlight.generator = next(name for name in wanted if name in names)
    _declare(desk, highlight, export, settle)
    _show_panel(desk, highlight, generators)
    highlight.look_at.connect(lambda y, x: bring(desk.places.grid.scene.view, y, x))
    highlight.warned.connect(lambda text: desk.warn(text, IMAGE))
    export.warned.connect(desk.warn)
    export.told.connect(desk.tell)
    desk.at_cancel.append(highlight.cancel)
    desk.at_close.append(highlight.close)
    desk.preferences.add(apply=lambda now: apply(highlight, now), collect=lambda now: collect(highlight, now))
    return Highlight(highlight, export)


def _declare(desk: Desk, highlight: HighlightController, export: HighlightExport, settle: Callable[[], None]) -> None:
    def run(inpainted: bool) -> None:
        highlight.device = desk.preferences.settings.device
        highlight.run(inpainted=inpainted)

    def mask() -> None:
        settle()
        highlight.make_mask()

    desk.actions.add(
        *commands.search_actions(desk.workspace, run),
        *commands.show_actions(highlight),
        *commands.spot_actions(highlight, mask),
        *commands.adjust_actions(highlight),
        *commands.result_actions(highlight, export, desk.dialogs.folder_to_open),
    )


def _show_panel(desk: Desk, highlight: HighlightController, generators: tuple[GeneratorFacts, ...]) -> None:
    panel, scene = HighlightPanel(), desk.places.grid.scene
    titles = {facts.name: facts.title for facts in generators}
    desk.places.side.add("Highlight", panel)
    panel.set_generators(choices_of(generators), highlight.generator)
    RefusedFiles(desk.parent).say_in(panel.generator)

    def refresh() -> None:
        panel.set_state(highlight_state(highlight, desk.workspace, lambda name: titles.get(name, name)))
        scene.set_highlight(overlay(highlight, scene.highlight))
        desk.actions.review("highlight")
        desk.places.grid.set_busy("highlight", "Searching" if highlight.running else "", "original")

    def pressed(name: str) -> None:
        if name == "cancel":
            highlight.cancel()
        else:
            desk.actions.rows[f"highlight.{name}"].run()

    panel.generator_chosen.connect(highlight.set_generator)
    panel.kind_chosen.connect(highlight.set_kind)
    panel.threshold_moved.connect(highlight.set_threshold)
    panel.opacity_moved.connect(lambda opacity: highlight.set_look(highlight.look.with_opacity(opacity)))
    panel.shown_toggled.connect(highlight.set_shown)
    panel.spot_chosen.connect(highlight.select)
    panel.pressed.connect(pressed)
    highlight.changed.connect(refresh)
    refresh()


def overlay(highlight: HighlightController, shown: HighlightOverlay | None) -> HighlightOverlay | None:
    """The overlay of the present state; samples of the one shown are taken over where they are of the same map."""
    found = highlight.found
    if found is None or not highlight.look.shown:
        return None
    plane = found.layer(highlight.kind)
    pane: Kind = "inpainted" if highlight.inpainted else "original"
    style = HighlightStyle(highlight.kind, highlight.threshold, highlight.look.opacity)
    if shown is not None and shown.shows(plane, pane):
        marks = tuple(highlight.spots), highlight.selected
        if shown.style == style and (shown.spots, shown.selected) == marks:
            return shown
        made = shown.restyled(style)
    else:
        made = HighlightOverlay(plane, style, pane=pane)
    made.spots, made.selected = highlight.spots, highlight.selected
    return made


def bring(view: ViewState, y: float, x: float) -> None:
    """Centre on a pixel; a fitted image is brought nearer, since there is nothing beside it to move in."""
    if view.fitted:
        view.zoom_to(NEARER * view.scale)
    view.centre_on(y + 0.5, x + 0.5)


def apply(highlight: HighlightController, settings: Settings) -> None:
    """Put the settings into force."""
    highlight.set_look(highlight.look.with_opacity(settings.highlight_opacity))


def collect(highlight: HighlightController, settings: Settings) -> None:
    """Take the present state into the settings."""
    settings.highlight_opacity = highlight.look.opacity
    settings.highlight_generator = highlight.generator
