"""What the engine does with a request: fill a mask, or draw a nodule."""

from __future__ import annotations

from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.inpainting.fill import fill
from cxr_studio.inpainting.request import InpaintRequest, InpaintResult
from cxr_studio.nodules.ct_superposition import superpose
from cxr_studio.nodules.placement import NoduleRequest, PlacedNodule


def answer(
    request: InpaintRequest | NoduleRequest,
    *,
    device: str = "auto",
    cancel: CancelToken | None = None,
    progress: Progress = silent,
) -> InpaintResult | PlacedNodule:
    """Answer either kind of request; see ``fill`` and ``superpose``."""
    if isinstance(request, NoduleRequest):
        return superpose(request)
    return fill(request, device=device, cancel=cancel, progress=progress)
