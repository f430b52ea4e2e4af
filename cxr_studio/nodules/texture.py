"""The texture generator in a radiograph: silhouette, wanted density and surroundings in, a nodule out (Shen et al.).

As in the paper the network sees nothing of what lies under the silhouette and draws lung and nodule. In the program the
lung is there, so by default ("kept") only the nodule is taken: the network answers twice, with the nodule and with
healthy lung, and the difference is added to the radiograph. Ribs, vessels and noise stay those of the patient. With
"drawn" the lung under the nodule and its soft edge is filled anew by the default restore generator first.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from math import ceil

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.errors import CheckpointError, GeneratorError
from cxr_studio.generation.devices import choose_device
from cxr_studio.generation.generators import find
from cxr_studio.generation.hashing import array_sha256
from cxr_studio.generation.request import InpaintResult, Patch, Provenance
from cxr_studio.masks.boxes import Box, Mask, clip, cut, padded
from cxr_studio.masks.morphology import grow
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.networks.registry import find_checkpoints
from cxr_studio.nodules.background import RESTORE, lung_behind
from cxr_studio.nodules.contrast import image_slope
from cxr_studio.nodules.diameter import PATCH_SIDE, diameter
from cxr_studio.nodules.patch_window import PatchWindow
from cxr_studio.nodules.placement import TEXTURE, NoduleRequest, PlacedNodule, pixel_mm
from cxr_studio.nodules.silhouette import silhouette_of
from cxr_studio.nodules.texture_network import answers
from cxr_studio.nodules.thickness import drawn_density, inflated
from cxr_studio.radiographs.radiograph import Stored
from cxr_studio.restore.field import grid_scale
from cxr_studio.version import program_version

LARGEST = 100.0
"""Largest diameter in the network's own pixels; a larger nodule is drawn at a coarser scale."""

PENUMBRA = 8
"""The network's own pixels around the silhouette in which a nodule's soft edge lies."""


def draw(request: NoduleRequest, *, device: str = "auto", checkpoint: Checkpoint | None = None) -> PlacedNodule:
    """Draw one nodule. The same request gives the same pixels on the same device.

    Args:
        request: The image and the nodule.
        device: "auto", "cpu", "cuda" or "mps".
        checkpoint: A texture generator; the registry's by default.

    Returns:
        New stored values; unchanged, bit for bit, where the nodule is not.

    Raises:
        GeneratorError: a placement that cannot be drawn, or there is no texture generator.
        CheckpointError: its weights do not fit.
    """
    started = time.perf_counter()
    placement, shape = request.placement, (request.stored.shape[0], request.stored.shape[1])
    placement.check(shape)
    network, where = chosen(checkpoint), choose_device(device)
    scale = max(grid_scale(network.card, shape, request.spacing), placement.diameter / LARGEST)
    window = PatchWindow.around(placement.y, placement.x, scale=scale, side=PATCH_SIDE)
    full, place = _placed(request, shape)
    box = padded(place, ceil(PENUMBRA * scale), shape)
    silhouette = _on(full, place, box)
    seen = _seen(request, window, full, place=place)
    drawn = answers(network, where, patch=seen[0], hole=seen[1], contrast=seen[2])
    under = request.stored
    if placement.background == "drawn":
        under = lung_behind(request, _region(silhouette, box, shape, scale=scale), device=device)
    pixels = _added(request, under, window, box=box, drawn=drawn)
    before = request.stored[cut(box)]
    after = before.copy()
    touched = pixels != request.grey.decode(before)
    after[touched] = request.grey.encode(pixels[touched], after.dtype)
    seconds = time.perf_counter() - started
    result = InpaintResult(request.number, (Patch(box, after),), seconds, where, _provenance(request, network, where))
    return PlacedNodule(result, box, after != before, silhouette, diameter(full))


def chosen(checkpoint: Checkpoint | None = None) -> Checkpoint:
    """The texture generator to draw with: the one given, or the registry's.

    Raises:
        GeneratorError: there is none.
        CheckpointError: the one given draws no nodules.
    """
    found = checkpoint or find_checkpoints().get(TEXTURE)
    if found is None:
        raise GeneratorError(
            "there is no texture generator here", remedy="Train one from resources/recipes/texture-compact.toml"
        )
    if found.card.role is not Role.INSERT:
        raise CheckpointError("the checkpoint draws no nodule", file=found.path, remedy="Choose another one")
    return found


def _placed(request: NoduleRequest, shape: tuple[int, int]) -> tuple[Mask, Box]:
    """The silhouette, and its rectangle: its centre of mass lies at the placement's point."""
    full = silhouette_of(request.placement, pixel_mm(request.spacing, shape))
    y, x = np.nonzero(full)
    top, left = round(request.placement.y - float(y.mean())), round(request.placement.x - float(x.mean()))
    return full, (top, left, top + full.shape[0], left + full.shape[1])


def _on(full: Mask, place: Box, box: Box) -> Mask:
    """The part of a placed silhouette that lies in a box."""
    part = np.zeros((box[2] - box[0], box[3] - box[1]), bool)
    both = clip((place[0] - box[0], place[1] - box[1], place[2] - box[0], place[3] - box[1]), part.shape)
    down, across = place[0] - box[0], place[1] - box[1]
    part[cut(both)] = full[both[0] - down : both[2] - down, both[1] - across : both[3] - across]
    return part


def _seen(request: NoduleRequest, window: PatchWindow, full: Mask, *, place: Box) -> tuple[Plane, Mask, Plane]:
    """What the network is given: patch in -1 to 1, silhouette, and the grey that the wanted density would add."""
    shape = request.stored.shape[0], request.stored.shape[1]
    around = window.box(shape)
    low, high = request.unit
    unit = (request.grey.decode(request.stored[cut(around)]) - np.float32(low)) * np.float32(2 / (high - low)) - 1
    patch = window.sees(unit.astype(np.float32), around)
    hole = window.sees(_on(full, place, around).astype(np.float32), around, mirrored=False) > 0.5
    placement, millimetres = request.placement, pixel_mm(request.spacing, shape)
    density = placement.subtlety * drawn_density(placement.profile, placement.seed)
    per_pixel = image_slope(request, millimetres) * millimetres * window.scale * 2 / (high - low)
    return patch, hole, inflated(hole) * np.float32(density * per_pixel)


def _region(silhouette: Mask, box: Box, shape: tuple[int, int], *, scale: float) -> Mask:
    """The silhouette and its soft edge on the whole image."""
    region = np.zeros(shape, bool)
    region[cut(box)] = grow(silhouette, PENUMBRA * scale)
    return region


def _added(
    request: NoduleRequest, under: Stored, window: PatchWindow, *, box: Box, drawn: tuple[Plane, Plane]
) -> Plane:
    """The stored image ``under`` with the difference of both answers added."""
    low, high = request.unit
    nodule = window.back(drawn[1] - drawn[0], box) * np.float32((high - low) / 2)
    return np.asarray(request.grey.decode(under[cut(box)]) + nodule)


def _behind(request: NoduleRequest) -> dict[str, object]:
    """What filled the lung behind it, where that is drawn."""
    if request.placement.background == "kept":
        return {}
    filler = find(RESTORE).checkpoint
    return {"lung_behind": {"generator": RESTORE, "checkpoint_sha256": filler.sha256 if filler else ""}}


def _provenance(request: NoduleRequest, checkpoint: Checkpoint, device: str) -> Provenance:
    return Provenance(
        input_sha256=array_sha256(request.stored),
        mask_sha256="",
        generator=TEXTURE,
        checkpoint_sha256=checkpoint.sha256,
        card={**json.loads(checkpoint.card.to_json()), **_behind(request)},
        options=asdict(request.placement),
        unit=request.unit,
        device=device,
        version=program_version(),
    )
