"""Whether the shipped observers, told the place, pick the original of a cell."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.masks.boxes import Mask, bounding_box
from cxr_studio.networks.observers.network import Kind
from cxr_studio.networks.observers.observer import Observer, right_answers
from cxr_studio.networks.observers.pairs import Pairs, centred, crop_side, is_known
from cxr_studio.networks.observers.saving import shipped_observer
from cxr_studio.quality.comparison.cell import NAN


def picked(original: Plane, filled: Plane, mask: Mask, kind: Kind) -> float:
    """1 where the observer takes the original for the real one, 0 where the fill, between for some of its looks.

    Args:
        original: Crop, unit values ``float32 [h, w]``.
        filled: The same filled.
        mask: Where, ``bool [h, w]``.
        kind: Of the shipped observer.

    Returns:
        NaN where the hole is smaller or larger than what the observers were trained on.
    """
    return picked_by(_observer(kind), (original, filled), mask)


def picked_by(observer: Observer, planes: tuple[Plane, Plane], mask: Mask) -> float:
    """The same of any observer; a search observer is shown a window of four times the hole's side.

    Args:
        observer: Who is asked.
        planes: Original and filled, unit values ``float32 [h, w]``.
        mask: Where, ``bool [h, w]``.

    Returns:
        NaN as ``picked``.
    """
    box = bounding_box(mask)
    if box is None or not is_known(box):
        return NAN
    side = crop_side([box]) * (2 if observer.kind == "search" else 1)
    real, fake, hole = (centred(plane, box, side)[None] for plane in (*planes, mask))
    pairs = Pairs(np.asarray(real, np.float32), np.asarray(fake, np.float32), ("",), np.asarray(hole, bool))
    return float(right_answers(observer, pairs)[0])


@lru_cache(maxsize=3)
def _observer(kind: Kind) -> Observer:
    return shipped_observer(kind)
