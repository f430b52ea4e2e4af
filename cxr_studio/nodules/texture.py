"""The texture generator in a radiograph: silhouette, wanted density and surroundings in, a nodule out (Shen et al.).

As in the paper the network sees nothing of what lies under the silhouette and draws lung and nodule. In the program the
lung is there, so by default ("kept") only the nodule is taken: the network answers twice, with the nodule and with
healthy lung, and the difference is added to the radiograph. Ribs, vessels and noise stay those of the patient. With
"drawn" the lung under the nodule and its soft edge is filled anew by the default restore generator first.
"""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.generation.request import ImageView
from cxr_studio.generation.result import Area, Patch, Silhouette
from cxr_studio.generation.roles import Drawing
from cxr_studio.masks.boxes import Box, Mask, clip, cut, padded
from cxr_studio.masks.morphology import grow
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.nodules.background import lung_behind
from cxr_studio.nodules.bone import under_bone
from cxr_studio.nodules.contrast import image_slope
from cxr_studio.nodules.ct_library import Profile
from cxr_studio.nodules.densities import hazy, strand_density, wanted_thickness
from cxr_studio.nodules.diameter import PATCH_SIDE, diameter
from cxr_studio.nodules.margin import Margin
from cxr_studio.nodules.patch_window import PatchWindow
from cxr_studio.nodules.placement import NoduleRequest, pixel_mm
from cxr_studio.nodules.silhouette import outline_of_shape, silhouette_of
from cxr_studio.nodules.spiculated import parted
from cxr_studio.nodules.texture_network import answers
from cxr_studio.nodules.wanted_margin import stated
from cxr_studio.radiographs.radiograph import Stored
from cxr_studio.restore.field import grid_scale

LARGEST = 100.0
"""Largest diameter in the network's own pixels; a larger nodule is drawn at a coarser scale."""

PENUMBRA = 8
"""The network's own pixels around the silhouette in which a nodule's soft edge lies."""


def draw(request: NoduleRequest, checkpoint: Checkpoint, device: str) -> Drawing:
    """Draw one nodule. The same request gives the same pixels on the same device.

    Args:
        request: The image and the nodule.
        checkpoint: A texture generator.
        device: torch's name of the device.

    Returns:
        New stored values; unchanged, bit for bit, where the nodule is not.

    Raises:
        GeneratorError: the lung behind it cannot be drawn.
        CheckpointError: the checkpoint draws no nodule, or its weights do not fit.
    """
    placement, image = request.options, request.image
    scale = max(grid_scale(checkpoint.card, image.shape, image.spacing), placement.diameter / LARGEST)
    window = PatchWindow.around(placement.y, placement.x, scale=scale, side=PATCH_SIDE)
    full, place = _placed(request)
    box = padded(place, ceil(PENUMBRA * scale), image.shape)
    silhouette = _on(full, place, box)
    body, strands = parted(full) if placement.margin is Margin.SPICULATED else (full, None)
    seen = _seen(request, window, body, place=place)
    healthy, nodule = answers(checkpoint, device, patch=seen[0], hole=seen[1], contrast=seen[2])
    added = nodule - healthy
    if placement.profile is Profile.GROUND_GLASS:
        added = hazy(added, placement.diameter / window.scale)
    under, parts = image.stored, {}
    if placement.background == "drawn":
        lung = lung_behind(request, _region(silhouette, box, image.shape, scale=scale), device=device)
        under, parts = lung.stored, {"lung_behind": lung.made}
    before = image.stored[cut(box)]
    ground = image.grey.decode(before)
    bright = _added(image, under, window, box=box, added=added)
    if strands is not None:
        grey = _grey_per_pixel(request) * strand_density(placement.profile)
        bright = np.asarray(bright + _on(strands, place, box) * np.float32(grey), np.float32)
    pixels = under_bone(image, ground, bright, calcified=placement.profile is Profile.CALCIFIED)
    after = before.copy()
    touched = pixels != ground
    after[touched] = image.grey.encode(pixels[touched], after.dtype)
    outline, missed = outline_of_shape(placement, pixel_mm(image.spacing, image.shape))
    return Drawing(
        (Patch(box, after),),
        Area(box, after != before),
        parts,
        silhouette=Silhouette(box, silhouette, diameter(full)),
        message=missed,
        measured={**stated(outline), "density": str(placement.profile or "")},
    )


def _placed(request: NoduleRequest) -> tuple[Mask, Box]:
    """The silhouette, and its rectangle: its centre of mass lies at the placement's point."""
    placement, image = request.options, request.image
    full = silhouette_of(placement, pixel_mm(image.spacing, image.shape))
    y, x = np.nonzero(full)
    top, left = round(placement.y - float(y.mean())), round(placement.x - float(x.mean()))
    return full, (top, left, top + full.shape[0], left + full.shape[1])


def _grey_per_pixel(request: NoduleRequest) -> float:
    """Pixel values that a pixel's thickness of water adds at the contrast that was asked for."""
    millimetres = pixel_mm(request.image.spacing, request.image.shape)
    return request.options.contrast * image_slope(request.image, millimetres) * millimetres


def _on(full: NDArray[Any], place: Box, box: Box) -> NDArray[Any]:
    """The part of a placed silhouette, or of a plane of its size, that lies in a box."""
    part = np.zeros((box[2] - box[0], box[3] - box[1]), full.dtype)
    both = clip((place[0] - box[0], place[1] - box[1], place[2] - box[0], place[3] - box[1]), part.shape)
    down, across = place[0] - box[0], place[1] - box[1]
    part[cut(both)] = full[both[0] - down : both[2] - down, both[1] - across : both[3] - across]
    return part


def _seen(request: NoduleRequest, window: PatchWindow, full: Mask, *, place: Box) -> tuple[Plane, Mask, Plane]:
    """What the network is given: patch in -1 to 1, silhouette, and the grey that the wanted density would add."""
    placement, image = request.options, request.image
    around = window.box(image.shape)
    low, high = image.unit
    unit = (image.grey.decode(image.stored[cut(around)]) - np.float32(low)) * np.float32(2 / (high - low)) - 1
    patch = window.sees(unit.astype(np.float32), around)
    hole = window.sees(_on(full, place, around).astype(np.float32), around, mirrored=False) > 0.5
    per_pixel = _grey_per_pixel(request) * window.scale * 2 / (high - low)
    return patch, hole, wanted_thickness(hole, placement.profile, placement.seed) * np.float32(per_pixel)


def _region(silhouette: Mask, box: Box, shape: tuple[int, int], *, scale: float) -> Mask:
    """The silhouette and its soft edge on the whole image."""
    region = np.zeros(shape, bool)
    region[cut(box)] = grow(silhouette, PENUMBRA * scale)
    return region


def _added(image: ImageView, under: Stored, window: PatchWindow, *, box: Box, added: Plane) -> Plane:
    """The stored image ``under`` with the difference of both answers added."""
    low, high = image.unit
    nodule = window.back(added, box) * np.float32((high - low) / 2)
    return np.asarray(image.grey.decode(under[cut(box)]) + nodule)
