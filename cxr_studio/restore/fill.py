"""Answering one request: regions → generator → grain → paste. The engine and the command line both call this."""

from __future__ import annotations

import time
from dataclasses import asdict, replace

import numpy as np

from cxr_studio.errors import GeneratorError
from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.generation.devices import choose_device, gave_up
from cxr_studio.generation.generators import REPAIRER, GeneratorFacts, find
from cxr_studio.generation.hashing import array_sha256
from cxr_studio.generation.request import InpaintRequest, InpaintResult, Patch, Provenance
from cxr_studio.masks.boxes import bounding_box, cut
from cxr_studio.masks.regions import Region, regions
from cxr_studio.restore.field import grid_scale
from cxr_studio.restore.paste import paste
from cxr_studio.restore.region_fill import fill_region
from cxr_studio.version import program_version

LEAST_KNOWN = 0.02
"""Share of an image that must stay unpainted, so that there is something to continue."""


def fill(
    request: InpaintRequest,
    *,
    device: str = "auto",
    cancel: CancelToken | None = None,
    progress: Progress = silent,
) -> InpaintResult:
    """Fill the mask of a request. The same request on the same device gives the same pixels.

    Args:
        request: What to fill, with what.
        device: "auto", "cpu", "cuda" or "mps"; a GPU that gives up is replaced by the CPU, with a message.
        cancel: Stops the work between regions and windows.
        progress: Called after every region.

    Returns:
        One patch a region; outside the mask, and in padding, the stored values are the request's own.

    Raises:
        GeneratorError: unknown generator or device, a mask that leaves nothing to continue, or a broken answer.
        Cancelled: through ``cancel``.
    """
    started = time.perf_counter()
    cancel = cancel or CancelToken()
    facts = find(request.options.generator)
    asked, request = request, _without_padding(request)
    _check(request)
    where, message = ("cpu" if facts.checkpoint is None else choose_device(device)), ""
    try:
        patches, donors = _patches(request, facts, where, cancel=cancel, progress=progress)
    except Exception as fault:
        reason = None if where == "cpu" else gave_up(fault)
        if reason is None:
            raise
        where, message = "cpu", f"The GPU {reason}; the CPU was used instead."
        patches, donors = _patches(request, facts, where, cancel=cancel, progress=progress)
    seconds = time.perf_counter() - started
    stated = replace(provenance(asked, facts, where), donors=donors)
    return InpaintResult(request.number, patches, seconds, where, stated, message)


def preview(
    request: InpaintRequest, *, device: str = "auto", cancel: CancelToken | None = None
) -> InpaintResult | None:
    """Fill smoothly and at once what the request's own generator will take a while to draw.

    Returns:
        The answer of the network that the generator draws into, of the biharmonic surface where the hole is large; None
        where the answer itself comes as soon.

    Raises:
        As ``fill`` does.
    """
    facts = find(request.options.generator)
    sides = [max(y1 - y0, x1 - x0) for y0, x0, y1, x1 in (region.box for region in regions(request.mask))]
    if facts.card is None or not facts.stochastic or not sides:
        return None
    scale = grid_scale(facts.card, (request.mask.shape[0], request.mask.shape[1]), request.spacing)
    large = max(sides) > facts.card.hole_side * scale
    if not large and not facts.donors:
        return None
    options = replace(request.options, generator="biharmonic" if large else facts.card.base, grain="off")
    return fill(replace(request, options=options), device=device, cancel=cancel)


def provenance(request: InpaintRequest, facts: GeneratorFacts, device: str) -> Provenance:
    """State how an answer can be made again."""
    card = {} if facts.card is None else {k: v for k, v in asdict(facts.card).items() if k != "recipe"}
    return Provenance(
        input_sha256=array_sha256(request.stored),
        mask_sha256=array_sha256(request.mask),
        generator=facts.name,
        checkpoint_sha256=facts.checkpoint.sha256 if facts.checkpoint else "",
        card=card | _base(facts),
        options=asdict(request.options),
        unit=request.unit,
        device=device,
        version=program_version(),
    )


def _base(facts: GeneratorFacts) -> dict[str, object]:
    """The checkpoint that a network draws into, which decides the pixels too."""
    drawn = facts.card is not None and facts.card.architecture == REPAIRER
    base = find(facts.card.base).checkpoint if drawn and facts.card else None
    return {"base_sha256": base.sha256} if base else {}


def _without_padding(request: InpaintRequest) -> InpaintRequest:
    """Leave padding as it is: it is no part of the image.

    Raises:
        GeneratorError: the mask has no pixel of the image.
    """
    if request.grey.padding is None or request.mask.shape != request.stored.shape or not request.mask.any():
        return request
    mask = request.mask & ~request.grey.is_padding(request.stored)
    if not mask.any():
        raise GeneratorError("the mask lies in the padding outside the image", remedy="Draw it on the image")
    return replace(request, mask=mask)


def _check(request: InpaintRequest) -> None:
    if request.mask.shape != request.stored.shape:
        raise GeneratorError("the mask and the image differ in size", remedy="Draw it on this radiograph")
    if np.count_nonzero(request.mask) > (1 - LEAST_KNOWN) * request.mask.size:
        raise GeneratorError("the mask covers the whole image", remedy="Leave part of it unmasked")


def _patches(
    request: InpaintRequest, facts: GeneratorFacts, device: str, *, cancel: CancelToken, progress: Progress
) -> tuple[tuple[Patch, ...], tuple[dict[str, object], ...]]:
    """One patch a region, and where copied pixels come from."""
    found = regions(request.mask)
    patches, donors = [], []
    for done, region in enumerate(found):
        cancel.raise_if_cancelled()
        filled = fill_region(request, facts, device, region=region, cancel=cancel)
        patches.append(paste(request, region, filled.unit))
        donors += [filled.donor] if filled.donor else []
        progress((done + 1) / len(found), f"region {done + 1} of {len(found)}")
    return _agreeing(request, found, patches), tuple(donors)


def _agreeing(request: InpaintRequest, found: list[Region], patches: list[Patch]) -> tuple[Patch, ...]:
    """Give every patch the fills of all regions that reach into its box, so that none undoes another."""
    whole = bounding_box(request.mask)
    if whole is None or len(found) == 1:
        return tuple(patches)
    image = request.stored[cut(whole)].copy()
    top, left = whole[:2]
    places = [cut((b[0] - top, b[1] - left, b[2] - top, b[3] - left)) for b in (region.box for region in found)]
    for region, place, patch in zip(found, places, patches, strict=True):
        image[place][region.mask] = patch.stored[region.mask]
    return tuple(Patch(region.box, image[place].copy()) for region, place in zip(found, places, strict=True))
