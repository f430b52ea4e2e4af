"""Generators made ready to fill the central squares of crops, whatever they are: trained, classical, or stochastic."""

from __future__ import annotations

import numpy as np

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.request import ImageView
from cxr_studio.masks.boxes import cut
from cxr_studio.networks.biharmonic import fill_squares
from cxr_studio.networks.card import Card, Role
from cxr_studio.quality.highlighting.options import SAMPLES
from cxr_studio.quality.highlighting.windows import SquareFill
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing, SpacingOrigin
from cxr_studio.restore.classical import CLASSICAL, Unit
from cxr_studio.restore.drawn_fill import LoadedInpainter
from cxr_studio.restore.fill import fill
from cxr_studio.restore.network_fill import LoadedNetwork
from cxr_studio.restore.options import FillOptions, FillRequest
from cxr_studio.restore.trained_fill import load

CLASSICAL_CARD = Card("classical", "Classical", Role.RESTORE, "", {}, 128, 64, "biharmonic", 0.2, 1024)
"""Geometry at which a classical fill, which has no card, slides: that of the shipped context encoder."""

DEEP = 65_535
"""Grey levels at which a crop is handed to a generator that takes whole requests."""


def square_fill(facts: GeneratorFacts, device: str, *, like: Card = CLASSICAL_CARD, samples: int = 0) -> SquareFill:
    """Prepare a generator for sliding.

    Args:
        facts: A generator whose role is to restore.
        device: torch's name of the device; a classical fill always runs on the processor.
        like: Geometry at which a fill that has no card slides.
        samples: Fills of every hole; 0 as in HighlightOptions.

    Raises:
        CheckpointError: the weights do not fit.
    """
    name, count = facts.name, samples or (SAMPLES if facts.stochastic else 1)
    if facts.checkpoint is None and name in CLASSICAL:
        return SquareFill(like, lambda crops, _: _classical(name, crops, like.hole_side), "cpu")
    if facts.checkpoint is not None and not facts.donors:
        network = load(facts, device)
        return SquareFill(network.card, lambda crops, seed: _trained(network, crops, seed), device, count)
    card = facts.card if facts.card is not None and facts.card.hole_side else like

    def answer(crops: Unit, seed: int) -> Unit:
        return np.stack([_requested(crop, FillOptions(name, seed, "off", 0, 0), card, device) for crop in crops])

    return SquareFill(card, answer, device, count)


def _requested(crop: Unit, options: FillOptions, card: Card, device: str) -> Unit:
    """Ask a generator as the window does, with the crop for a radiograph."""
    margin = (crop.shape[0] - card.hole_side) // 2
    centre = slice(margin, margin + card.hole_side)
    hole = np.zeros(crop.shape, bool)
    hole[centre, centre] = True
    stored = np.round(np.clip(crop, 0, 1) * DEEP).astype(np.uint16)
    grey = linear_greyscale(stored.dtype, bits=16)
    pitch = card.mm_per_pixel or None
    spacing = Spacing(pitch, pitch, SpacingOrigin.AT_DETECTOR) if pitch else UNKNOWN_SPACING
    request = FillRequest(0, ImageView(stored, grey, (0.0, float(DEEP)), spacing), options, hole)
    filled = stored.copy()
    for patch in fill(request, device=device).patches:
        filled[cut(patch.box)] = patch.stored
    return np.asarray(filled[centre, centre] / np.float32(DEEP), np.float32)


def _trained(network: LoadedNetwork | LoadedInpainter, crops: Unit, seed: int) -> Unit:
    """Answers of a network to crops whose central squares are unknown."""
    card = network.card
    margin = (card.input_side - card.hole_side) // 2
    centre = slice(margin, margin + card.hole_side)
    holes = np.zeros(crops.shape, bool)
    holes[:, centre, centre] = True
    blank = card.base == "blank"
    based = np.where(holes, np.float32(0.5), crops) if blank else fill_squares(crops, card.hole_side)
    if isinstance(network, LoadedInpainter):
        return network.predict(based, holes, seed)
    return network.predict(based, holes)


def _classical(name: str, crops: Unit, hole: int) -> Unit:
    side = crops.shape[1]
    margin = (side - hole) // 2
    centre = slice(margin, margin + hole)
    if name == "biharmonic":
        return fill_squares(crops, hole)[:, centre, centre]
    mask = np.zeros((side, side), bool)
    mask[centre, centre] = True
    return np.stack([CLASSICAL[name](crop, mask)[centre, centre] for crop in crops])
