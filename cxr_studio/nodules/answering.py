"""Drawing a nodule with the generator that a placement names."""

from __future__ import annotations

from cxr_studio.errors import GeneratorError
from cxr_studio.nodules import ct_superposition, texture
from cxr_studio.nodules.placement import SOURCES, SUPERPOSITION, TEXTURE, NoduleRequest, PlacedNodule


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
