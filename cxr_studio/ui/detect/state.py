"""What the detector's panel shows, as plain values, and how it is made from the controller."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_studio.ui.detect.controller import NO_SOURCE, DetectController
from cxr_studio.ui.detect.lines import score_text
from cxr_studio.ui.shell.workspace import Workspace


@dataclass(frozen=True)
class NoduleRow:
    """One line of the list of placed nodules.

    Attributes:
        number: Of its edit.
        text: E.g. "3   12.0 mm   missed".
        missed: Whether it is.
    """

    number: int
    text: str
    missed: bool


@dataclass(frozen=True)
class DetectState:
    """Everything that the panel shows.

    Attributes:
        sources: Name, title and tip of every detector.
        source: Name of the chosen one, or "".
        opened: A radiograph is open.
        on: The detector is on.
        there: There is an answer.
        shown: Its boxes are over the panes.
        threshold: Least score of a shown box.
        limits: Least and largest threshold.
        threshold_words: The threshold as shown.
        words: Boxes, placed nodules and time, or what to do first.
        rows: The placed nodules.
        selected: Number of the selected edit, or None.
        like: Number of the nodule that more are drawn like, None where none is missed.
    """

    sources: tuple[tuple[str, str, str], ...] = ()
    source: str = ""
    opened: bool = False
    on: bool = False
    there: bool = False
    shown: bool = True
    threshold: float = 0.0
    limits: tuple[float, float] = (0.0, 1.0)
    threshold_words: str = ""
    words: str = NO_SOURCE
    rows: tuple[NoduleRow, ...] = ()
    selected: int | None = None
    like: int | None = None


def detect_state(detect: DetectController, workspace: Workspace) -> DetectState:
    """The present state."""
    session, like = workspace.session, detect.like
    spacing = None if session is None else session.radiograph.spacing
    mm = None if spacing is None or spacing.y is None or spacing.x is None else (spacing.y * spacing.x) ** 0.5
    return DetectState(
        tuple((each.name, each.title, each.tip) for each in detect.sources),
        "" if detect.source is None else detect.source.name,
        session is not None,
        on=detect.on,
        there=detect.answer is not None,
        shown=detect.shown,
        threshold=detect.threshold,
        limits=detect.limits,
        threshold_words=score_text(detect.threshold, shares=detect.shares),
        words=_words(detect),
        rows=tuple(_rows(detect, mm)),
        selected=workspace.selected,
        like=None if like is None else like.placed.number,
    )


def _rows(detect: DetectController, mm: float | None) -> list[NoduleRow]:
    rows, shares = [], detect.shares
    for each in detect.nodules:
        diameter, missed = each.placed.placement.diameter, each.missed(detect.threshold)
        size = f"{diameter:.0f} px" if mm is None else f"{diameter * mm:.1f} mm"
        score = "" if each.score is None else f" ({score_text(each.score, shares=shares)})"
        fate = f"missed{score}" if missed else f"found{score}"
        rows.append(NoduleRow(each.placed.number, f"{each.placed.number}   {size}   {fate}", missed))
    return rows


def _words(detect: DetectController) -> str:
    if detect.source is None:
        return NO_SOURCE
    if detect.answer is None:
        return "Detecting…" if detect.on else ""
    count, found = len(detect.boxes), len(detect.nodules) - len(detect.missed)
    words = f"{count} box" if count == 1 else f"{count} boxes"
    if detect.nodules:
        words += f", {found} of {len(detect.nodules)} placed nodules found"
    elif not detect.answer.detections and detect.source.checkpoint is None:
        words = "The file has no box for this radiograph"
    return f"{words} ({detect.answer.seconds:.2f} s)"
