"""Which edits of a session are nodules, and where they are."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

from cxr_studio.generation.edit import Edit
from cxr_studio.generation.options import decoded
from cxr_studio.networks.card import Role
from cxr_studio.nodules.placement import Placement

LEAST_REACH = 8.0
"""Pixels around a small nodule's centre within which it is taken hold of."""


def placement_of(edit: Edit) -> Placement | None:
    """How an edit's nodule was placed, from its provenance; None for another kind of edit."""
    if edit.provenance.role != Role.INSERT:
        return None
    return decoded(Placement, edit.provenance.options)


def nodule_at(edits: Sequence[Edit], y: float, x: float) -> Edit | None:
    """The topmost visible nodule under a point, in image pixels."""
    for edit in reversed(edits):
        placed = placement_of(edit) if edit.enabled else None
        if placed is not None and hypot(placed.y - y, placed.x - x) <= max(placed.diameter / 2, LEAST_REACH):
            return edit
    return None
