"""A case drawn by a column's generator: its hole filled, or a nodule of its size at its place."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cxr_studio.datasets.patients import patient_of
from cxr_studio.generation.devices import choose_device
from cxr_studio.generation.request import view_of
from cxr_studio.generation.result import Patch
from cxr_studio.masks.boxes import cut, intersection
from cxr_studio.networks.card import Role
from cxr_studio.nodules.answering import draw_nodule
from cxr_studio.nodules.placement import DIAMETERS_PX, NoduleRequest, Placement
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.loading import LoadedCase
from cxr_studio.quality.judging import Drawn, Run
from cxr_studio.radiographs.radiograph import Stored
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import VARIATIONS, FillOptions, FillRequest
from cxr_studio.restore.trained_fill import load
from cxr_studio.roles import find


def restored(case: LoadedCase, column: Column, run: Run) -> Drawn:
    """Fill the hole of a case.

    Raises:
        CheckpointError: the weights do not fit.
        Cancelled: through ``run``.
    """
    radiograph = case.radiograph
    patient = patient_of(radiograph.source.path or Path(case.case.image), radiograph.header)
    seed = VARIATIONS + case.case.seed
    options = FillOptions(column.generator, seed=seed, grain=case.grain, grow=0, feather=0, without=patient)
    request = FillRequest(1, view_of(radiograph, unit=case.unit), options, case.mask)
    if column.path is not None:
        load(find(column.generator, Role.RESTORE), choose_device(run.device))
    result = fill(request, device=run.device, cancel=run.cancel)
    return Drawn(patched(case, result.patches), result.seconds, case.crop_mask, truth=True)


def inserted(case: LoadedCase, column: Column, run: Run) -> Drawn:
    """Draw a nodule of the hole's size at its place.

    Raises:
        CheckpointError: the weights do not fit.
    """
    radiograph = case.radiograph
    request = NoduleRequest(1, view_of(radiograph, unit=case.unit), placement_at(case, column.generator))
    placed = draw_nodule(request, device=run.device)
    shape = placed.drawn.whole(radiograph.shape)[cut(case.box)]
    return Drawn(patched(case, placed.patches), placed.seconds, shape)


def placement_at(case: LoadedCase, generator: str) -> Placement:
    """A nodule as wide as the hole's area makes a disc, at the hole's centre of mass."""
    y, x = np.nonzero(case.mask)
    diameter = float(np.clip(2 * np.sqrt(len(y) / np.pi), *DIAMETERS_PX))
    return Placement(
        float(y.mean()), float(x.mean()), diameter, seed=case.case.seed, generator=generator, background="drawn"
    )


def patched(case: LoadedCase, patches: tuple[Patch, ...]) -> Stored:
    """The crop with what was drawn; what lies beyond the crop is left out."""
    stored = case.radiograph.stored[cut(case.box)].copy()
    for patch in patches:
        both = intersection(patch.box, case.box)
        to = tuple(slice(both[k] - case.box[k], both[k + 2] - case.box[k]) for k in (0, 1))
        source = tuple(slice(both[k] - patch.box[k], both[k + 2] - patch.box[k]) for k in (0, 1))
        stored[to] = patch.stored[source]
    return stored
