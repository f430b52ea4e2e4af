"""The highlight's controller to its panel, its commands and the panes, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cxr_studio.quality.highlighting.options import HighlightOptions
from cxr_studio.ui.canvas.highlight_overlay import HighlightOverlay, HighlightStyle
from cxr_studio.ui.canvas.rendering import Kind
from cxr_studio.ui.fill.generator_bar import GeneratorChoice
from cxr_studio.ui.highlight.state import highlight_state

if TYPE_CHECKING:
    from cxr_studio.ui.canvas.view_state import ViewState
    from cxr_studio.ui.shell.main_window import MainWindow

NEARER = 2.0
"""By how much a fitted image is enlarged to bring a hot spot to the middle."""

NO_MAP = "Highlight what is abnormal first."


def wire_highlight(window: MainWindow) -> None:
    """Connect panel and panes."""
    highlight, panel, studio = window.studio.highlight, window.side.highlight, window.studio
    slots = commands(window)

    def chosen(name: str) -> None:
        highlight.set_generator(name)
        window.settings.highlight_generator = name

    def refresh() -> None:
        panel.set_state(highlight_state(window))
        window.grid.scene.set_highlight(overlay(window))
        _offer(window)

    names = [facts.name for facts in studio.inpainting.generators]
    wanted = (window.settings.highlight_generator, HighlightOptions().generator, *names)
    highlight.generator = next(name for name in wanted if name in names)
    panel.set_generators(
        [GeneratorChoice(each.name, each.title, each.words) for each in studio.inpainting.generators],
        highlight.generator,
    )
    panel.generator_chosen.connect(chosen)
    panel.kind_chosen.connect(highlight.set_kind)
    panel.threshold_moved.connect(highlight.set_threshold)
    panel.opacity_moved.connect(lambda opacity: highlight.set_look(highlight.look.with_opacity(opacity)))
    panel.shown_toggled.connect(highlight.set_shown)
    panel.spot_chosen.connect(highlight.select)
    panel.pressed.connect(lambda name: slots[f"highlight.{name}"]())
    highlight.changed.connect(refresh)
    highlight.look_at.connect(lambda y, x: _bring(window.grid.scene.view, y, x))
    refresh()


def commands(window: MainWindow) -> dict[str, Callable[..., object]]:
    """What the highlight's commands do; "highlight.cancel" is the panel's alone."""
    highlight, studio = window.studio.highlight, window.studio

    def run(*, inpainted: bool = False) -> None:
        highlight.device = window.settings.device
        highlight.run(inpainted=inpainted)

    def mask() -> None:
        studio.pointing.cancel()
        highlight.make_mask()

    def export() -> None:
        folder = studio.documents.dialogs.folder_to_open("Choose a folder for overlay, map and hot spots")
        if folder is not None:
            studio.highlight_export.write(folder)

    return {
        "highlight.run": run,
        "highlight.again": lambda: run(inpainted=True),
        "highlight.cancel": highlight.cancel,
        "highlight.show": highlight.set_shown,
        "highlight.kind": highlight.next_kind,
        "highlight.next": lambda: highlight.step(1),
        "highlight.previous": lambda: highlight.step(-1),
        "highlight.mask": mask,
        "highlight.higher": lambda: highlight.step_threshold(1),
        "highlight.lower": lambda: highlight.step_threshold(-1),
        "highlight.stronger": lambda: highlight.step_opacity(1),
        "highlight.fainter": lambda: highlight.step_opacity(-1),
        "highlight.export": export,
        "highlight.clear": highlight.clear,
    }


def overlay(window: MainWindow) -> HighlightOverlay | None:
    """The overlay of the present state; the samples of the one before are taken over where they are of the same map."""
    highlight, shown = window.studio.highlight, window.grid.scene.highlight
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


def _offer(window: MainWindow) -> None:
    """Which commands are of use now."""
    highlight, registry, session = window.studio.highlight, window.registry, window.studio.workspace.session
    found = highlight.found
    registry.set_enabled(["highlight.run"], session is not None, why="Open a radiograph first.")
    edited = session is not None and bool(session.edits)
    registry.set_enabled(["highlight.again"], edited, why="The radiograph has no accepted edit.")
    looks = ("show", "kind", "higher", "lower", "stronger", "fainter", "clear")
    registry.set_enabled([f"highlight.{name}" for name in looks], found is not None, why=NO_MAP)
    spots = found is not None and bool(highlight.spots)
    why = NO_MAP if found is None else "Nothing reaches the threshold."
    registry.set_enabled([f"highlight.{name}" for name in ("next", "previous", "mask")], spots, why=why)
    complete = found is not None and found.complete
    why = NO_MAP if found is None else "The map is still being refined."
    registry.set_enabled(["highlight.export"], complete, why=why)
    registry.set_checked("highlight.show", found is not None and highlight.look.shown)


def _bring(view: ViewState, y: float, x: float) -> None:
    """Centre on a pixel; a fitted image is brought nearer, since there is nothing beside it to move in."""
    if view.fitted:
        view.zoom_to(NEARER * view.scale)
    view.centre_on(y + 0.5, x + 0.5)
