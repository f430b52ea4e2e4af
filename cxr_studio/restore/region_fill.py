"""Filling one region of a request: its surroundings in unit values, a generator, grain."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cxr_studio.events import CancelToken
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.masks.boxes import Box, cut, padded, relative
from cxr_studio.masks.regions import Region
from cxr_studio.restore.built_in import EXEMPLAR
from cxr_studio.restore.classical import CLASSICAL, Mask, Unit
from cxr_studio.restore.exemplar_fill import exemplar_fill
from cxr_studio.restore.grain import match_grain
from cxr_studio.restore.grain_spectrum import match_spectrum
from cxr_studio.restore.options import FillOptions, FillRequest
from cxr_studio.restore.trained_fill import load, trained_fill

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
    request: FillRequest, facts: GeneratorFacts, device: str, *, region: Region, cancel: CancelToken
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
        hint = exemplar_fill(request, region, cancel=cancel) if facts.donors else None
        drawn = trained_fill(request, region, load(facts, device), hint=hint, cancel=cancel)
        box, filled, donor = drawn.box, drawn.unit, hint.donor if hint else None
        if facts.stochastic and options.grain != "off":  # it draws its own grain, in its own pixels
            options = replace(options, grain="spectrum" if drawn.soft else "off")
    inner = relative(region.box, box)
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


def _classical(request: FillRequest, region: Region, name: str) -> tuple[Box, Unit]:
    box = padded(region.box, CONTEXT, request.mask.shape)
    return box, CLASSICAL[name](request.image.unit_values(box), request.mask[cut(box)])
