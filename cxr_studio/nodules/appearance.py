"""How a nodule that was just drawn looks in its radiograph."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.generation.request import ImageView
from cxr_studio.generation.result import Patch, Silhouette
from cxr_studio.masks.boxes import Box, cut
from cxr_studio.nodules.conspicuity import around_of
from cxr_studio.nodules.judging import Verdict, judged
from cxr_studio.nodules.subtlety import grade_of


def verdict_on(image: ImageView, patches: Sequence[Patch], outline: Silhouette) -> Verdict:
    """Measure a nodule that was drawn into an image.

    Args:
        image: Without it.
        patches: What was drawn.
        outline: Its silhouette.
    """
    rows, columns = np.nonzero(outline.mask)
    if not rows.size:
        return Verdict(float("nan"), 1.0)
    y, x = outline.box[0] + float(rows.mean()), outline.box[1] + float(columns.mean())
    part = around_of(y, x, outline.diameter, image.shape)
    before = image.stored[cut(part)]
    after = before.copy()
    for patch in patches:
        _lay(after, part, patch.stored, patch.box)
    silhouette = np.zeros(before.shape, bool)
    _lay(silhouette, part, outline.mask, outline.box)
    return judged(image.grey.decode(before), image.grey.decode(after), silhouette)


def stated_verdict(verdict: Verdict) -> dict[str, object]:
    """Conspicuity and the grade of subtlety that it is, as JSON values; null where it could not be measured."""
    seen = verdict.conspicuity
    return {"conspicuity": None if isnan(seen) else round(seen, 3), "subtlety": grade_of(seen)}


def _lay(onto: NDArray[Any], part: Box, values: NDArray[Any], box: Box) -> None:
    """Put the values of a box of the image onto a part of it."""
    top, left = max(part[0], box[0]), max(part[1], box[1])
    bottom, right = min(part[2], box[2]), min(part[3], box[3])
    if top < bottom and left < right:
        own = values[top - box[0] : bottom - box[0], left - box[1] : right - box[1]]
        onto[top - part[0] : bottom - part[0], left - part[1] : right - part[1]] = own
