"""What the highlight's panel shows, as plain values, and how it is made from the controller."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cxr_studio.quality.highlighting.map import LEARNED, ONE_SIDED, AbnormalityMap, HotSpot, Kind
from cxr_studio.ui.canvas.highlight_legend import map_value
from cxr_studio.ui.highlight.controller import HighlightController
from cxr_studio.ui.highlight.look import NO_STATISTICS
from cxr_studio.ui.shell.workspace import Workspace


@dataclass(frozen=True)
class SpotRow:
    """One line of the list of hot spots.

    Attributes:
        rank: 1 is the hottest.
        title: E.g. "1   4.1 SD denser".
        detail: E.g. "120 × 90 px at x 1464, y 1182".
    """

    rank: int
    title: str
    detail: str


@dataclass(frozen=True)
class HighlightState:
    """Everything that the panel shows.

    Attributes:
        opened: A radiograph is open.
        edited: It has accepted edits, so that the inpainted image is another one.
        running: A search goes on.
        there: There is a map.
        complete: It is not a coarse one.
        kind: Which map is shown.
        missing: By kind, why there is no such map; no entry for one that there is.
        threshold: In the map's unit.
        threshold_words: The same with its unit.
        opacity: 0 to 1.
        shown: Whether it is over the panes.
        rows: Hot spots.
        selected: Rank of the chosen one.
        words: What the map is of, and what made it in which time.
        notes: What is to be known about it.
    """

    opened: bool = False
    edited: bool = False
    running: bool = False
    there: bool = False
    complete: bool = False
    kind: Kind = "absolute"
    missing: Mapping[Kind, str] = field(default_factory=lambda: dict.fromkeys(LEARNED, NO_STATISTICS))
    threshold: float = 0.0
    threshold_words: str = ""
    opacity: float = 0.0
    shown: bool = True
    rows: tuple[SpotRow, ...] = ()
    selected: int | None = None
    words: str = ""
    notes: str = ""


def highlight_state(
    highlight: HighlightController, workspace: Workspace, title_of: Callable[[str], str]
) -> HighlightState:
    """The present state of a highlight; ``title_of`` gives the title of a generator's registry name."""
    found, session = highlight.found, workspace.session
    kind = highlight.kind
    opened = session is not None
    edited = session is not None and bool(session.edits)
    if found is None:
        words = "Searching…" if highlight.running else ""
        return HighlightState(opened, edited, highlight.running, words=words)
    return HighlightState(
        opened,
        edited,
        highlight.running,
        there=True,
        complete=found.complete,
        kind=kind,
        missing=_missing(found),
        threshold=highlight.threshold,
        threshold_words=map_value(kind, highlight.threshold),
        opacity=highlight.look.opacity,
        shown=highlight.look.shown,
        rows=tuple(spot_row(spot, kind) for spot in highlight.spots),
        selected=highlight.selected,
        words=_words(highlight),
        notes="\n".join((f"Made by {title_of(found.generator)}.", *found.notes)),
    )


def spot_row(spot: HotSpot, kind: Kind) -> SpotRow:
    """One hot spot in words; in mm where the radiograph says what a pixel is."""
    way = "" if kind in ONE_SIDED else " denser" if spot.sign > 0 else " darker"
    if spot.height_mm is not None and spot.width_mm is not None:
        size = f"{spot.width_mm:.0f} × {spot.height_mm:.0f} mm"
    else:
        size = f"{spot.width:.0f} × {spot.height:.0f} px"
    title = f"{spot.rank}   {map_value(kind, spot.score)}{way}"
    return SpotRow(spot.rank, title, f"{size} at x {spot.x:.0f}, y {spot.y:.0f}")


def _missing(found: AbnormalityMap) -> dict[Kind, str]:
    """The search's own reason, which it tells after that on the lungs."""
    why = found.notes[-1] if found.z is None and len(found.notes) > 1 else NO_STATISTICS
    return {kind: why for kind in LEARNED if kind not in found.kinds}


def _words(highlight: HighlightController) -> str:
    found = highlight.found
    if found is None:
        return ""
    what = "Inpainted image" if highlight.inpainted else "Original"
    if highlight.outdated:
        what = "Inpainted image, before the last edits"
    if not found.complete:
        return f"{what}: coarse, refining…"
    return f"{what}, {found.seconds:.1f} s on {found.device}"
