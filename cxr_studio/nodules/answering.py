"""What the engine does with a request: fill a mask, or draw a nodule."""

from __future__ import annotations

from cxr_studio.errors import GeneratorError
from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.inpainting.fill import fill
from cxr_studio.inpainting.request import InpaintRequest, InpaintResult
from cxr_studio.nodules import ct_superposition, texture
from cxr_studio.nodules.placement import SOURCES, SUPERPOSITION, TEXTURE, NoduleRequest, PlacedNodule


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
    return fill(request, device=device, cancel=cancel, progress=progress)


def draw_nodule(request: NoduleRequest, *, device: str = "auto") -> PlacedNodule:
    """Draw a nodule with the generator that its placement names.

    Raises:
        GeneratorError: there is no such generator, or the placement cannot be drawn.
        CheckpointError: the generator's weights do not fit.
    """
    name = request.placement.generator
    if name == SUPERPOSITION:
        return ct_superposition.superpose(request)
    if name == TEXTURE:
        return texture.draw(request, device=device)
    raise GeneratorError(f"there is no nodule generator {name!r}", remedy=f"Choose one of {', '.join(SOURCES)}")


def checkpoint_sha256(generator: str) -> str:
    """Hash of the checkpoint that a nodule generator draws with; "" for one that needs none.

    Raises:
        GeneratorError: there is no such checkpoint here.
    """
    return texture.chosen().sha256 if generator == TEXTURE else ""
