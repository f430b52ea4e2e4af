"""What is drawn over the image: boxes with their scores, and the placed nodules that are missed."""

from __future__ import annotations

from collections.abc import Iterable

from cxr_studio.datasets.entries import NODULE
from cxr_studio.detection.detections import Detection
from cxr_studio.detection.in_session import Judged
from cxr_studio.ui.tools.guides import Guide, Label, Oval, Tone, frame

ROOM = 0.25
"""Share of a missed nodule's box that its oval is larger on every side: what it holds stays in sight."""

MOST_NAMED = 20
"""Boxes that have their score beside them; more would hide what lies beneath."""


def box_lines(boxes: Iterable[Detection], *, shares: bool) -> tuple[Guide, ...]:
    """Thin boxes and their scores, at the upper right corner.

    Args:
        boxes: The surest first.
        shares: Whether scores are from 0 to 1 and shown as per cent.
    """
    lines: list[Guide] = []
    for place, one in enumerate(boxes):
        y0, x0, y1, x1 = one.box
        lines.append(frame((y0 - 0.5, x0 - 0.5), (y1 - 0.5, x1 - 0.5), Tone.FOUND))
        if place < MOST_NAMED:
            named = "" if one.label == NODULE else f"{one.label} "
            lines.append(Label((y0 - 0.5, x1 - 0.5), named + score_text(one.score, shares=shares), Tone.FOUND))
    return tuple(lines)


def missed_lines(missed: Iterable[Judged]) -> tuple[Guide, ...]:
    """An oval around each, and the word."""
    lines: list[Guide] = []
    for each in missed:
        y0, x0, y1, x1 = each.placed.finding.box
        down, across = ROOM * (y1 - y0), ROOM * (x1 - x0)
        lines.append(Oval((y0 - down, x0 - across), (y1 + down, x1 + across), Tone.MISSED))
        lines.append(Label((y0 - down, x1 + across), "missed", Tone.MISSED))
    return tuple(lines)


def score_text(score: float, *, shares: bool) -> str:
    """``87 %``, or the number of another scale."""
    return f"{100 * score:.0f} %" if shares else f"{score:.3g}"
