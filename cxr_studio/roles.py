"""The roles: which room answers a request. The engine, the command line and every test ask here."""

from __future__ import annotations

from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.generation.request import InpaintRequest, InpaintResult
from cxr_studio.nodules.answering import draw_nodule
from cxr_studio.nodules.placement import NoduleRequest, PlacedNodule
from cxr_studio.restore import fill as restoring
from cxr_studio.restore.rehearsal import rehearse


def answer(
    request: InpaintRequest | NoduleRequest,
    *,
    device: str = "auto",
    cancel: CancelToken | None = None,
    progress: Progress = silent,
) -> InpaintResult | PlacedNodule:
    """Answer either kind of request; see ``fill`` and ``draw_nodule``."""
    if isinstance(request, NoduleRequest):
        return draw_nodule(request, device=device)
    return restoring.fill(request, device=device, cancel=cancel, progress=progress)


def preview(
    request: InpaintRequest | NoduleRequest, *, device: str = "auto", cancel: CancelToken | None = None
) -> InpaintResult | None:
    """Answer smoothly and at once what takes a while to draw; see ``restore.fill.preview``."""
    if isinstance(request, NoduleRequest):
        return None
    return restoring.preview(request, device=device, cancel=cancel)


def warm_up(generator: str, *, device: str = "auto") -> str:
    """Load a generator and run it once; returns the device's title.

    Raises:
        GeneratorError: there is none of that name.
        CheckpointError: its weights do not fit.
    """
    return rehearse(generator, device)
