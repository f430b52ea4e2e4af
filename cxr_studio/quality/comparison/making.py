"""Filling a case's hole with a column's generator; the part of a cell that needs torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cxr_studio.datasets.patients import patient_of
from cxr_studio.errors import CheckpointError, GeneratorError
from cxr_studio.events import CancelToken
from cxr_studio.generation.devices import choose_device
from cxr_studio.generation.generators import find
from cxr_studio.generation.request import VARIATIONS, FillOptions, InpaintRequest, Patch
from cxr_studio.masks.boxes import Mask, cut, intersection
from cxr_studio.networks.card import Role
from cxr_studio.networks.registry import checkpoint_at
from cxr_studio.nodules.placement import DIAMETERS_PX, TEXTURE, NoduleRequest, Placement
from cxr_studio.nodules.texture import draw
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.loading import LoadedCase
from cxr_studio.radiographs.radiograph import Stored
from cxr_studio.restore.fill import fill
from cxr_studio.restore.trained_fill import load

Filled = tuple[Stored, float, Mask]
"""The crop's new stored values, the seconds it took with the network loaded, and what was drawn on the crop."""


def filled_crop(case: LoadedCase, column: Column, *, device: str, cancel: CancelToken) -> Filled:
    """Fill the hole of a case, or draw a nodule of the hole's size at its place.

    Raises:
        GeneratorError: the column's role draws into no hole.
        CheckpointError: its weights do not fit, or its file has changed or gone.
        Cancelled: through ``cancel``.
    """
    _check_unchanged(column)
    if column.role is Role.RESTORE:
        return _restored(case, column, device, cancel)
    if column.role is Role.INSERT:
        return _inserted(case, column, device)
    raise GeneratorError(
        f"{column.title} draws into no hole (its role is {column.role.value})",
        remedy="Compare checkpoints that restore a hole or insert a nodule",
    )


def _check_unchanged(column: Column) -> None:
    """Refuse a file that is no longer the one of the column's key: its fills would stand under a wrong name."""
    if column.path is None:
        return
    try:
        same = checkpoint_at(column.path).sha256 == column.key
    except OSError as fault:
        raise CheckpointError(f"the file cannot be read ({fault.strerror})", file=column.path) from fault
    if not same:
        raise CheckpointError(
            "the file has changed since it was listed", file=column.path, remedy="Open the comparison again"
        )


def _restored(case: LoadedCase, column: Column, device: str, cancel: CancelToken) -> Filled:
    radiograph = case.radiograph
    patient = patient_of(radiograph.source.path or Path(case.case.image), radiograph.header)
    seed = VARIATIONS + case.case.seed
    options = FillOptions(column.generator, seed=seed, grain=case.grain, grow=0, feather=0, without=patient)
    request = InpaintRequest(1, radiograph.stored, case.mask, radiograph.grey, case.unit, radiograph.spacing, options)
    if column.path is not None:
        load(find(column.generator), choose_device(device))
    result = fill(request, device=device, cancel=cancel)
    return _patched(case, result.patches), result.seconds, case.crop_mask


def _inserted(case: LoadedCase, column: Column, device: str) -> Filled:
    radiograph = case.radiograph
    assert column.path is not None
    request = NoduleRequest(1, radiograph.stored, radiograph.grey, case.unit, placement_at(case), radiograph.spacing)
    placed = draw(request, device=device, checkpoint=checkpoint_at(column.path))
    return _patched(case, placed.result.patches), placed.seconds, placed.shape_mask(radiograph.shape)[cut(case.box)]


def placement_at(case: LoadedCase) -> Placement:
    """A nodule as wide as the hole's area makes a disc, at the hole's centre of mass."""
    y, x = np.nonzero(case.mask)
    diameter = float(np.clip(2 * np.sqrt(len(y) / np.pi), *DIAMETERS_PX))
    return Placement(
        float(y.mean()), float(x.mean()), diameter, seed=case.case.seed, generator=TEXTURE, background="drawn"
    )


def _patched(case: LoadedCase, patches: tuple[Patch, ...]) -> Stored:
    """The crop with what was drawn; what lies beyond the crop is left out."""
    stored = case.radiograph.stored[cut(case.box)].copy()
    for patch in patches:
        both = intersection(patch.box, case.box)
        to = tuple(slice(both[k] - case.box[k], both[k + 2] - case.box[k]) for k in (0, 1))
        source = tuple(slice(both[k] - patch.box[k], both[k + 2] - patch.box[k]) for k in (0, 1))
        stored[to] = patch.stored[source]
    return stored
