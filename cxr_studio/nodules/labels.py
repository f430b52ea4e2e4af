"""Where the nodules of a session are, for labels: silhouettes of those that still show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cxr_studio.generation.edit import Edit
from cxr_studio.generation.result import Result
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import Mask
from cxr_studio.nodules.answering import draw_nodule
from cxr_studio.nodules.edits import placement_of
from cxr_studio.nodules.placement import NoduleRequest, Placement

COVERED = 0.5
"""Share of a silhouette that later fills may cover; beyond it the nodule no longer shows."""


@dataclass(frozen=True, eq=False)
class Labelled:
    """A nodule of a session.

    Attributes:
        edit: Its edit.
        placement: How it was placed.
        placed: The nodule, drawn as it was.
        silhouette: ``bool [H, W]``.
        covered: A later fill has painted it over.
    """

    edit: Edit
    placement: Placement
    placed: Result
    silhouette: Mask
    covered: bool


def labelled(session: Session, *, device: str = "auto") -> Iterator[Labelled]:
    """The nodules that are switched on. Each is drawn once more: the same placement has the same silhouette.

    Raises:
        StudioError: a nodule cannot be drawn any more (its checkpoint is gone).
    """
    shape = session.radiograph.shape
    for place, edit in enumerate(session.edits):
        placement = placement_of(edit) if edit.enabled else None
        if placement is None:
            continue
        placed = drawn_once_more(session, edit, placement, device=device)
        silhouette = placed.drawn.whole(shape)
        yield Labelled(edit, placement, placed, silhouette, is_covered(silhouette, session.edits[place + 1 :]))


def drawn_once_more(session: Session, edit: Edit, placement: Placement, *, device: str = "auto") -> Result:
    """The nodule of an edit, as it was drawn upon what lies beneath it.

    Raises:
        StudioError: its checkpoint is gone.
    """
    request: NoduleRequest = session.request(placement, beneath=edit.number)
    return draw_nodule(request, device=device)


def is_covered(silhouette: Mask, later: tuple[Edit, ...]) -> bool:
    """Whether the edits above a nodule have filled it over."""
    over = filled_mask(later, (silhouette.shape[0], silhouette.shape[1]))
    return bool((silhouette & over).sum() > COVERED * silhouette.sum())


def filled_mask(edits: tuple[Edit, ...], shape: tuple[int, int]) -> Mask:
    """Pixels that these edits have filled, nodules left out, ``bool [H, W]``."""
    mask = np.zeros(shape, bool)
    for edit in edits:
        if edit.enabled and placement_of(edit) is None:
            mask |= edit.mask(shape)
    return mask
