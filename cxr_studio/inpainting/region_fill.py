"""Filling one region of a request: its surroundings in unit values, a generator, grain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, floor
from pathlib import Path

import numpy as np

from cxr_studio.errors import CheckpointError, GeneratorError
from cxr_studio.events import CancelToken
from cxr_studio.inpainting.classical import CLASSICAL, Mask, Unit
from cxr_studio.inpainting.exemplar_fill import exemplar_fill
from cxr_studio.inpainting.field import Field, cut_field, grid_scale, to_image_grid
from cxr_studio.inpainting.generators import EXEMPLAR, GeneratorFacts
from cxr_studio.inpainting.grain import RING, match_grain
from cxr_studio.inpainting.grain_spectrum import match_spectrum
from cxr_studio.inpainting.network_fill import LoadedNetwork, fast_layout, fill_field
from cxr_studio.inpainting.request import FillOptions, InpaintRequest, unit_values
from cxr_studio.masks.boxes import Box, cut, padded
from cxr_studio.masks.morphology import grow
from cxr_studio.masks.regions import Region
from cxr_studio.networks.checkpoint import load_network, read_checkpoint

CONTEXT = 48
"""Image pixels around a region that a classical fill is given."""


@dataclass(frozen=True, eq=False)
class RegionFill:
    """A region, filled.

    Attributes:
        unit: Unit values ``float32`` of the region's box.
        donor: Where copied pixels come from, a JSON object; None where nothing was copied.
    """

    unit: Unit
    donor: dict[str, object] | None = None


def fill_region(
    request: InpaintRequest, facts: GeneratorFacts, device: str, *, region: Region, cancel: CancelToken
) -> RegionFill:
    """Fill one region of the mask.

    Args:
        request: The image, the whole mask and the options.
        facts: The generator.
        device: torch's name of the device.
        region: The pixels to fill; all other masked pixels count as unknown.
        cancel: Looked at between windows.

    Returns:
        The region's fill, with grain.
    """
    donor, options = None, request.options
    if facts.name == EXEMPLAR:
        found = exemplar_fill(request, region, cancel=cancel)
        box, filled, donor = found.box, found.unit, found.donor
        options = replace(options, grain="spectrum") if found.soft and options.grain == "match" else options
    elif facts.checkpoint is None:
        box, filled = _classical(request, region, facts.name)
    else:
        box, filled = _trained(request, region, load(facts, device), cancel=cancel)
    inner = _relative(region.box, box)
    if options.grain != "off":
        own = np.zeros(filled.shape, bool)
        own[cut(inner)] = region.mask
        filled = _with_grain(filled, own, request.mask[cut(box)], region=region, options=options)
    return RegionFill(filled[cut(inner)], donor)


def _with_grain(filled: Unit, own: Mask, unknown: Mask, *, region: Region, options: FillOptions) -> Unit:
    seed = options.seed * 1_000_003 + region.box[0] * 20_011 + region.box[1]
    if options.grain == "spectrum":
        return match_spectrum(filled, own, unknown, seed=seed, feather=options.feather)
    return match_grain(filled, own, unknown, seed=seed)


def load(facts: GeneratorFacts, device: str) -> LoadedNetwork:
    """Load a generator's network, or return the one that is loaded already.

    Raises:
        GeneratorError: it is a built-in one.
        CheckpointError: the weights do not fit.
    """
    if facts.checkpoint is None:
        raise GeneratorError(f"{facts.title} has no network")
    return _loaded(facts.checkpoint.path, facts.checkpoint.sha256, device)


@lru_cache(maxsize=4)
def _loaded(path: Path, sha256: str, device: str) -> LoadedNetwork:  # noqa: ARG001
    from cxr_studio.networks.hole_network import HoleNetwork

    checkpoint = read_checkpoint(path)
    network = load_network(checkpoint, device)
    if not isinstance(network, HoleNetwork):
        raise CheckpointError("the checkpoint's network fills no hole", file=path, remedy="Choose another generator")
    return LoadedNetwork(checkpoint.card, fast_layout(network), device)


def _classical(request: InpaintRequest, region: Region, name: str) -> tuple[Box, Unit]:
    box = padded(region.box, CONTEXT, request.mask.shape)
    return box, CLASSICAL[name](unit_values(request, box), request.mask[cut(box)])


def _trained(
    request: InpaintRequest, region: Region, network: LoadedNetwork, *, cancel: CancelToken
) -> tuple[Box, Unit]:
    """Fill with a network; returns a box with a ring for the grain, and its unit values."""
    card, shape = network.card, request.mask.shape
    scale = grid_scale(card, (shape[0], shape[1]), request.spacing)
    longest = max(region.box[2] - region.box[0], region.box[3] - region.box[1])
    wide = padded(region.box, ceil(card.input_side * scale + 0.5 * longest) + RING, shape)
    image, unknown = unit_values(request, wide), request.mask[cut(wide)]
    place = _relative(region.box, wide)
    grown = _within_square(grow(unknown, request.options.grow * scale), place, card.hole_side * scale) | unknown
    field = cut_field(image, grown, place, side=card.input_side, scale=scale)
    own = _own_hole(field, place, card.hole_side, grow=request.options.grow)
    filled = fill_field(network, field.image, own, cancel)
    image[cut(field.box)][unknown[cut(field.box)]] = to_image_grid(field, filled)[unknown[cut(field.box)]]
    ring = padded(place, RING, image.shape)
    return _relative(ring, (-wide[0], -wide[1], 0, 0)), image[cut(ring)]


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


def _relative(box: Box, outer: Box) -> Box:
    return box[0] - outer[0], box[1] - outer[1], box[2] - outer[0], box[3] - outer[1]
