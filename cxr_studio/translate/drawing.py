"""Translating a radiograph with a whole-image network.

Where a network repairs a region that was blanked for it (the card's base is "blank", and a mask was given), nothing of
what stood there comes back. Without a mask it is not told where: what is black may be a region to repair, or air.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import CheckpointError, GeneratorError
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.result import Patch, area_of
from cxr_studio.generation.roles import Drawing, Run
from cxr_studio.generation.whole_image import BLACK, ask_whole, square_of
from cxr_studio.masks.boxes import Mask, bounding_box, cut, padded, relative
from cxr_studio.masks.regions import regions
from cxr_studio.networks.card import Card
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.networks.geometry import SquareGeometry
from cxr_studio.restore.classical import CLASSICAL
from cxr_studio.restore.grain import RING, match_grain
from cxr_studio.restore.paste import feathered
from cxr_studio.translate.options import TranslateRequest
from cxr_studio.translate.sight import Sight


def drawn(request: TranslateRequest, generator: GeneratorFacts, run: Run) -> Drawing:
    """Translate a prepared request's radiograph, within its mask where it has one.

    Raises:
        GeneratorError: a label that the generator does not have, or a broken answer.
        CheckpointError: the weights do not fit.
    """
    image, checkpoint = request.image, _checkpoint(generator)
    given = labels_given(checkpoint.card, request.options.labels)
    mask = _allowed(request)
    unit = image.unit_values()
    sight = _sight(request, mask, unit, checkpoint.card)
    run.cancel.raise_if_cancelled()
    answer = ask_whole(checkpoint, run.device, sight.seen, given, seed=request.options.seed)
    run.cancel.raise_if_cancelled()
    box = bounding_box(mask) or (0, 0, 1, 1)
    own, wanted = unit[cut(box)], _wanted(unit, sight, _finished(sight, answer), seed=request.options.seed)[cut(box)]
    share = feathered(mask, request.options.feather)[cut(box)] if request.region is not None else np.float32(1)
    low, high = image.unit
    pixels = low + (own + share * (wanted - own)) * np.float32(high - low)
    stored = image.stored[cut(box)].copy()
    stored[mask[cut(box)]] = image.grey.encode(pixels[mask[cut(box)]], stored.dtype)
    return Drawing((Patch(box, stored),), area_of(mask))


def labels_given(card: Card, wanted: tuple[str, ...]) -> NDArray[np.float32] | None:
    """The vector ``[1, c]`` of the wanted labels; None for a network without labels.

    Raises:
        GeneratorError: the generator does not have one of them.
    """
    for label in wanted:
        if label not in card.labels:
            there = f"it has {', '.join(card.labels)}" if card.labels else "it takes no labels"
            raise GeneratorError(f"{card.title} cannot draw {label!r}; {there}", remedy="Choose another label")
    if not card.labels:
        return None
    return np.array([[label in wanted for label in card.labels]], np.float32)


def rehearse(generator: GeneratorFacts, device: str) -> None:
    """Load the network and let it translate nothing once."""
    checkpoint = _checkpoint(generator)
    blank = np.full((checkpoint.card.input_side,) * 2, BLACK, np.float32)
    ask_whole(checkpoint, device, blank, labels_given(checkpoint.card, ()), seed=0)


def _sight(request: TranslateRequest, mask: Mask, unit: NDArray[np.float32], card: Card) -> Sight:
    square = square_of(request.image, card.input_side)
    if card.labels:
        return Sight.plain(square)
    if request.region is not None and SquareGeometry.of(card).blanked:
        return Sight.blanked(square, mask)
    return Sight.blind(square, unit)


def _finished(sight: Sight, answer: NDArray[np.float32]) -> NDArray[np.float32]:
    """The answer with what it left of a region that it nearly repaired filled from around."""
    left, one, two = sight.left(answer), np.float32(1), np.float32(2)
    return CLASSICAL["telea"]((answer + one) / two, left) * two - one if left.any() else answer


def _wanted(unit: NDArray[np.float32], sight: Sight, answer: NDArray[np.float32], *, seed: int) -> NDArray[np.float32]:
    """Unit values ``[H, W]`` with the change, and with the repair, which gets the grain of what lies around it."""
    repaired, wanted = sight.repaired(answer), unit + sight.change(answer)
    if repaired.any():
        wanted[repaired] = sight.repair(answer)[repaired]
    for region in regions(repaired):
        around = padded(region.box, RING, unit.shape)
        hole = np.zeros_like(repaired[cut(around)])
        hole[cut(relative(region.box, around))] = region.mask
        unknown = repaired[cut(around)] | sight.black[cut(around)]
        wanted[cut(around)] = match_grain(wanted[cut(around)], hole, unknown, seed=seed)
    return wanted


def _allowed(request: TranslateRequest) -> Mask:
    """The pixels that may change: the mask, or everything; never padding.

    Raises:
        GeneratorError: the mask lies in the padding.
    """
    image = request.image
    mask = np.ones(image.shape, bool) if request.region is None else request.mask.copy()
    if image.grey.padding is not None:
        mask &= ~image.grey.is_padding(image.stored)
    if not mask.any():
        raise GeneratorError("the mask lies in the padding outside the image", remedy="Draw it on the image")
    return mask


def _checkpoint(generator: GeneratorFacts) -> Checkpoint:
    if generator.checkpoint is None:
        raise CheckpointError(f"{generator.title} has no checkpoint", remedy="Choose another generator")
    return generator.checkpoint
