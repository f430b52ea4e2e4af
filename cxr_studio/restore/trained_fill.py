"""Filling one region with a trained network: its surroundings on the network's own grid, and back."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from cxr_studio.errors import CheckpointError, GeneratorError
from cxr_studio.events import CancelToken
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.pool import POOL
from cxr_studio.masks.boxes import Box, cut, intersection, padded, relative
from cxr_studio.masks.morphology import grow
from cxr_studio.masks.regions import Region
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.networks.registry import load_network
from cxr_studio.restore.base import base_checkpoint
from cxr_studio.restore.classical import Mask, Unit
from cxr_studio.restore.drawn_fill import LoadedInpainter
from cxr_studio.restore.exemplar_fill import ExemplarFill
from cxr_studio.restore.field import Field, cut_field, grid_scale, to_image_grid
from cxr_studio.restore.grain import RING
from cxr_studio.restore.network_fill import LoadedNetwork, fast_layout
from cxr_studio.restore.options import FillRequest


@dataclass(frozen=True, eq=False)
class TrainedFill:
    """A region, filled by a network.

    Attributes:
        box: The region with a ring of what is known around it, image pixels.
        unit: Unit values ``float32`` of the box.
        soft: True where the network's pixels are larger than the radiograph's, so that the fill lacks its grain.
    """

    box: Box
    unit: Unit
    soft: bool


def load(facts: GeneratorFacts, device: str) -> LoadedNetwork | LoadedInpainter:
    """Load a generator's network, or return the one that is loaded already.

    Raises:
        GeneratorError: it is a built-in one.
        CheckpointError: the weights do not fit.
    """
    if facts.checkpoint is None:
        raise GeneratorError(f"{facts.title} has no network")
    return POOL.take(facts.checkpoint, device, _loaded)


def _loaded(checkpoint: Checkpoint, device: str) -> LoadedNetwork | LoadedInpainter:
    from cxr_studio.networks.hole_network import HoleNetwork
    from cxr_studio.networks.inpainter import Inpainter

    card, path = checkpoint.card, checkpoint.path
    network = load_network(checkpoint, device)
    if isinstance(network, HoleNetwork):
        return LoadedNetwork(card, fast_layout(network), device)
    if not isinstance(network, Inpainter):
        raise CheckpointError("the checkpoint's network fills no hole", file=path, remedy="Choose another generator")
    smooth = POOL.take(base_checkpoint(card, path), device, _loaded)
    if not isinstance(smooth, LoadedNetwork):
        raise CheckpointError(f"{card.base} gives no smooth fill", file=path, remedy="Export it again")
    return LoadedInpainter(card, fast_layout(network), smooth, device)


def trained_fill(
    request: FillRequest,
    region: Region,
    network: LoadedNetwork | LoadedInpainter,
    *,
    hint: ExemplarFill | None = None,
    cancel: CancelToken,
) -> TrainedFill:
    """Fill one region of a request.

    Args:
        request: The image, the whole mask and the options.
        region: The pixels to fill.
        network: The generator's network.
        hint: The region filled with a donor, for a network that repairs it.
        cancel: Looked at between windows.
    """
    card, shape = network.card, request.mask.shape
    scale = grid_scale(card, (shape[0], shape[1]), request.image.spacing)
    longest = max(region.box[2] - region.box[0], region.box[3] - region.box[1])
    wide = padded(region.box, ceil(card.input_side * scale + 0.5 * longest) + RING, shape)
    image, unknown = request.image.unit_values(wide), request.mask[cut(wide)]
    place = relative(region.box, wide)
    grown = _within_square(grow(unknown, request.options.grow * scale), place, card.hole_side * scale) | unknown
    field = cut_field(image, grown, place, side=card.input_side, scale=scale)
    own = _own_hole(field, place, card.hole_side, grow=request.options.grow)
    donor = None if hint is None else _on_field(request, hint, wide, field)
    filled = network.fill(field.image, own, hint=donor, seed=request.options.seed, cancel=cancel)
    image[cut(field.box)][unknown[cut(field.box)]] = to_image_grid(field, filled)[unknown[cut(field.box)]]
    ring = padded(place, RING, image.shape)
    return TrainedFill(relative(ring, (-wide[0], -wide[1], 0, 0)), image[cut(ring)], scale > 1.0)


def _on_field(request: FillRequest, hint: ExemplarFill, wide: Box, field: Field) -> Unit:
    """A region that was filled in the image, on the pixels of a field."""
    import cv2

    image = request.image.unit_values(wide)
    shared = intersection(hint.box, wide)
    image[cut(relative(shared, wide))] = hint.unit[cut(relative(shared, hint.box))]
    part = image[cut(field.box)]
    rows, columns = field.inner[2] - field.inner[0], field.inner[3] - field.inner[1]
    if part.shape != (rows, columns):
        how = cv2.INTER_AREA if rows < part.shape[0] else cv2.INTER_CUBIC
        part = np.asarray(cv2.resize(part, (columns, rows), interpolation=how))
    whole = field.image.copy()
    whole[cut(field.inner)] = part
    return whole


def _within_square(grown: Mask, place: Box, side: float) -> Mask:
    """Grow a region only as far as it still fits the network's square, if it fits by itself: one window is best."""
    spare = [int(side) - (place[k + 2] - place[k]) for k in (0, 1)]
    if min(spare) < 0:
        return grown
    inside = np.zeros_like(grown)
    before = [max(0, place[k] - spare[k] // 2) for k in (0, 1)]
    square = slice(before[0], before[0] + int(side)), slice(before[1], before[1] + int(side))
    inside[square] = grown[square]
    return inside


def _own_hole(field: Field, place: Box, square: int, *, grow: int) -> Mask:
    """Unknown pixels of the field in and next to the region: its box, widened to the square or as the mask is grown."""
    spans = []
    for k in (0, 1):
        scale = (field.inner[k + 2] - field.inner[k]) / (field.box[k + 2] - field.box[k])
        start = field.inner[k] + floor((place[k] - field.box[k]) * scale)
        spans.append((start, field.inner[k] + ceil((place[k + 2] - field.box[k]) * scale)))
    least = grow if any(end - start > square for start, end in spans) else 0
    spares = [max(0, square - (end - start), 2 * least) for start, end in spans]
    rows, columns = (
        slice(max(0, start - spare // 2), end + spare - spare // 2)
        for (start, end), spare in zip(spans, spares, strict=True)
    )
    own = np.zeros_like(field.hole)
    own[rows, columns] = field.hole[rows, columns]
    return own
