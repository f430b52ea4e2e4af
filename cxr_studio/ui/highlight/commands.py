"""What can be done about what is abnormal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cxr_studio.ui.highlight.controller import HighlightController
from cxr_studio.ui.highlight.export import HighlightExport
from cxr_studio.ui.shell.action import Action, needs_image
from cxr_studio.ui.shell.workspace import Workspace

NO_MAP = "Highlight abnormalities first."
Folder = Callable[[str], Path | None]
"""Lets the user choose a folder under a title."""


def search_actions(workspace: Workspace, run: Callable[[bool], None]) -> tuple[Action, ...]:
    """Rows that search; ``run`` is called with whether the inpainted image is."""

    def edited() -> str:
        session = workspace.session
        return "" if session is not None and session.edits else "The radiograph has no accepted edit."

    return (
        Action(
            "highlight.run",
            "Highlight abnormalities",
            "Slide holes over the lungs of the original radiograph, fill them, and colour the differences.",
            lambda: run(False),
            icon="highlight",
            keys=("Ctrl+H",),
            group="search",
            when=needs_image(workspace),
            also=("heatmap", "abnormality", "anomaly", "detect", "find"),
        ),
        Action(
            "highlight.again",
            "Highlight the inpainted image",
            "The same on the inpainted image, with its accepted edits.",
            lambda: run(True),
            icon="highlight",
            keys=("Ctrl+Shift+H",),
            group="search",
            when=edited,
        ),
    )


def show_actions(highlight: HighlightController) -> tuple[Action, ...]:
    """Rows about which map is shown."""
    return (
        Action(
            "highlight.show",
            "Show highlight",
            "Show the map over the panes.",
            highlight.set_shown,
            icon="show",
            keys=("Q",),
            group="show",
            when=lambda: _map(highlight),
            checked=lambda: highlight.found is not None and highlight.look.shown,
        ),
        Action(
            "highlight.kind",
            "Next kind of map",
            "Absolute, signed, against healthy lungs.",
            highlight.next_kind,
            keys=("Shift+Q",),
            group="show",
            when=lambda: _map(highlight),
        ),
    )


def spot_actions(highlight: HighlightController, mask: Callable[[], None]) -> tuple[Action, ...]:
    """Rows that walk along the hot spots; ``mask`` adds the chosen one to the mask."""

    def spots() -> str:
        return _map(highlight) or ("" if highlight.spots else "No value reaches the threshold.")

    return (
        Action(
            "highlight.next",
            "Next hot spot",
            "Centre the next hot spot.",
            lambda: highlight.step(1),
            icon="next",
            keys=("F3",),
            group="spots",
            when=spots,
        ),
        Action(
            "highlight.previous",
            "Previous hot spot",
            "Centre the previous hot spot.",
            lambda: highlight.step(-1),
            icon="previous",
            keys=("Shift+F3",),
            group="spots",
            when=spots,
        ),
        Action(
            "highlight.mask",
            "Mask from hot spot",
            "Add the chosen hot spot to the mask.",
            mask,
            icon="brush",
            keys=("F4",),
            group="spots",
            when=spots,
        ),
    )


def adjust_actions(highlight: HighlightController) -> tuple[Action, ...]:
    """Rows that change how the map is looked at."""
    threshold, opacity = highlight.step_threshold, highlight.step_opacity
    rows = (
        ("higher", "Higher threshold", "Raise the threshold.", lambda: threshold(1), "Alt+Right"),
        ("lower", "Lower threshold", "Lower the threshold.", lambda: threshold(-1), "Alt+Left"),
        ("stronger", "Stronger highlight", "More opaque colours.", lambda: opacity(1), "Alt+Up"),
        ("fainter", "Fainter highlight", "Less opaque colours.", lambda: opacity(-1), "Alt+Down"),
    )
    return tuple(
        Action(f"highlight.{name}", title, tip, run, keys=(key,), group="adjust", when=lambda: _map(highlight))
        for name, title, tip, run, key in rows
    )


def result_actions(highlight: HighlightController, export: HighlightExport, folder: Folder) -> tuple[Action, ...]:
    """Rows that write the map or take it away."""

    def complete() -> str:
        found = highlight.found
        return NO_MAP if found is None else "" if found.complete else "The map is still being refined."

    def write() -> None:
        chosen = folder("Choose a folder for overlay, map and hot spots")
        if chosen is not None:
            export.write(chosen)

    return (
        Action(
            "highlight.export",
            "Export highlight…",
            "Write overlay, map, hot spots and provenance.",
            write,
            icon="export",
            keys=("Ctrl+Shift+E",),
            group="result",
            when=complete,
        ),
        Action(
            "highlight.clear",
            "Remove highlight",
            "Remove the map.",
            highlight.clear,
            icon="clear",
            group="result",
            when=lambda: _map(highlight),
        ),
    )


def _map(highlight: HighlightController) -> str:
    return NO_MAP if highlight.found is None else ""
