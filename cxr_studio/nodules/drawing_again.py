"""A draw that cannot be found, or that looks like a ring, is made again with another seed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.generation.request import ImageView
from cxr_studio.generation.result import Result
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import Box, cut
from cxr_studio.nodules.answering import draw_nodule
from cxr_studio.nodules.conspicuity import around_of
from cxr_studio.nodules.export import nodule_title, request_for
from cxr_studio.nodules.judging import Verdict, judged
from cxr_studio.nodules.placement import Placement


def verdict_of(image: ImageView, placed: Result) -> Verdict:
    """Measure a nodule that was drawn into an image.

    Args:
        image: Without it.
        placed: What was drawn.
    """
    outline = placed.drawn
    rows, columns = np.nonzero(outline.mask)
    if not rows.size:
        return Verdict(float("nan"), 1.0)
    y, x = outline.box[0] + float(rows.mean()), outline.box[1] + float(columns.mean())
    part = around_of(y, x, outline.diameter, image.shape)
    before = image.stored[cut(part)]
    after = before.copy()
    for patch in placed.patches:
        _lay(after, part, patch.stored, patch.box)
    silhouette = np.zeros(before.shape, bool)
    _lay(silhouette, part, outline.mask, outline.box)
    return judged(image.grey.decode(before), image.grey.decode(after), silhouette)


def add_findable(
    session: Session, placement: Placement, *, seeds: Iterable[int], device: str = "auto"
) -> tuple[Result, Placement]:
    """Draw a nodule and make it an edit of the session; drawn again while it does not pass and there are seeds.

    Args:
        session: Where.
        placement: The nodule.
        seeds: For the draws after the first, in this order.
        device: Where the generator runs.

    Returns:
        The nodule and how it was placed; the one that stands out most where none passes.

    Raises:
        GeneratorError: it cannot be drawn there.
    """
    found: list[tuple[Verdict, Result, Placement]] = []
    for seed in (placement.seed, *seeds):
        tried = replace(placement, seed=seed)
        request = request_for(session, tried)
        placed = draw_nodule(request, device=device)
        verdict = verdict_of(request.image, placed)
        found.append((verdict, placed, tried))
        if verdict.passes(placement.subtlety):
            break
    _, placed, chosen = max(found, key=lambda one: (one[0].passes(placement.subtlety), not one[0].ring, _rank(one[0])))
    session.add(placed, nodule_title(chosen, session))
    return placed, chosen


def _rank(verdict: Verdict) -> float:
    return -1.0 if np.isnan(verdict.conspicuity) else verdict.conspicuity


def _lay(onto: NDArray[Any], part: Box, values: NDArray[Any], box: Box) -> None:
    """Put the values of a box of the image onto a part of it."""
    top, left = max(part[0], box[0]), max(part[1], box[1])
    bottom, right = min(part[2], box[2]), min(part[3], box[3])
    if top < bottom and left < right:
        own = values[top - box[0] : bottom - box[0], left - box[1] : right - box[1]]
        onto[top - part[0] : bottom - part[0], left - part[1] : right - part[1]] = own
