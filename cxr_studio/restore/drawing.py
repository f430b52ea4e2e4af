"""Filling the mask of a request: regions → generator → grain → paste."""

from __future__ import annotations

from dataclasses import replace

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.result import Patch, area_of
from cxr_studio.generation.roles import Drawing, Run
from cxr_studio.masks.boxes import bounding_box, cut
from cxr_studio.masks.regions import Region, regions
from cxr_studio.restore.base import base_of
from cxr_studio.restore.field import grid_scale
from cxr_studio.restore.options import FillRequest
from cxr_studio.restore.paste import paste
from cxr_studio.restore.region_fill import fill_region


def drawn(request: FillRequest, generator: GeneratorFacts, run: Run) -> Drawing:
    """Fill a prepared request; one patch a region."""
    patches, donors = _patches(request, generator, run)
    base = base_of(generator)
    return Drawing(patches, area_of(request.mask), {"base_sha256": base.sha256} if base else {}, donors)


def rough(request: FillRequest, generator: GeneratorFacts) -> FillRequest | None:
    """The same hole for the network that the generator draws into, or for the biharmonic surface where it is large."""
    sides = [max(y1 - y0, x1 - x0) for y0, x0, y1, x1 in (region.box for region in regions(request.mask))]
    if generator.card is None or not generator.stochastic or not sides:
        return None
    scale = grid_scale(generator.card, request.image.shape, request.image.spacing)
    large = max(sides) > generator.card.hole_side * scale
    if not large and not generator.donors:
        return None
    base = base_of(generator)
    smooth = "biharmonic" if large or base is None else base.card.name
    return replace(request, options=replace(request.options, generator=smooth, grain="off"))


def _patches(
    request: FillRequest, generator: GeneratorFacts, run: Run
) -> tuple[tuple[Patch, ...], tuple[dict[str, object], ...]]:
    """One patch a region, and where copied pixels come from."""
    found = regions(request.mask)
    patches, donors = [], []
    for done, region in enumerate(found):
        run.cancel.raise_if_cancelled()
        filled = fill_region(request, generator, run.device, region=region, cancel=run.cancel)
        patches.append(paste(request, region, filled.unit))
        donors += [filled.donor] if filled.donor else []
        run.progress((done + 1) / len(found), f"region {done + 1} of {len(found)}")
    return _agreeing(request, found, patches), tuple(donors)


def _agreeing(request: FillRequest, found: list[Region], patches: list[Patch]) -> tuple[Patch, ...]:
    """Give every patch the fills of all regions that reach into its box, so that none undoes another."""
    whole = bounding_box(request.mask)
    if whole is None or len(found) == 1:
        return tuple(patches)
    image = request.image.stored[cut(whole)].copy()
    top, left = whole[:2]
    places = [cut((b[0] - top, b[1] - left, b[2] - top, b[3] - left)) for b in (region.box for region in found)]
    for region, place, patch in zip(found, places, patches, strict=True):
        image[place][region.mask] = patch.stored[region.mask]
    return tuple(Patch(region.box, image[place].copy()) for region, place in zip(found, places, strict=True))
