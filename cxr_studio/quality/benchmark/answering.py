"""What each generator makes of a damaged radiograph, through an ordinary request of its role."""

from __future__ import annotations

from cxr_studio.generation.request import AnyRequest, Region, Request, view_of
from cxr_studio.masks.boxes import cut
from cxr_studio.networks.card import Role
from cxr_studio.quality.benchmark.methods import Method
from cxr_studio.quality.benchmark.places import Place
from cxr_studio.quality.judging import Run
from cxr_studio.quality.observers.kept_fills import FillCache
from cxr_studio.radiographs.radiograph import Stored
from cxr_studio.restore.options import VARIATIONS, FillOptions
from cxr_studio.translate.options import TranslateOptions


def request_of(method: Method, place: Place) -> AnyRequest:
    """The request that a method answers at a place: it is shown the damaged image, never the original.

    A fill is told the mask, neither grown nor feathered, and takes no donors of the same patient. A blind generator is
    told nothing, or where it is "pasted" only what may change.
    """
    radiograph = place.radiograph
    image = view_of(radiograph, place.damaged, unit=radiograph.unit_range)
    region: Region = None if method.extent == "whole" else place.mask
    options: FillOptions | TranslateOptions = TranslateOptions(method.generator, place.number, feather=0)
    if method.role is Role.RESTORE:
        seed = VARIATIONS + place.number
        options = FillOptions(method.generator, seed, method.grain, grow=0, feather=0, without=place.patient)
    return Request(1, image, options, region)


def answered(method: Method, place: Place, run: Run, cache: FillCache) -> Stored:
    """The whole image that comes back, from the cache where it was made before.

    Raises:
        StudioError: the generator cannot be used, or fails.
        Cancelled: through ``run``.
    """
    stored = place.damaged.copy()
    if method.extent == "given":
        return stored
    for patch in cache.patches(request_of(method, place), device=run.device, cancel=run.cancel):
        stored[cut(patch.box)] = patch.stored
    return stored
