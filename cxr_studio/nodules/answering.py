"""Drawing one nodule; the same as ``cxr_studio.roles.answer`` where the role is known."""

from __future__ import annotations

from cxr_studio.generation.answering import answer
from cxr_studio.generation.offering import find
from cxr_studio.generation.result import Result
from cxr_studio.nodules.placement import NoduleRequest
from cxr_studio.nodules.rules import INSERT


def draw_nodule(request: NoduleRequest, *, device: str = "auto") -> Result:
    """Draw a nodule with the generator that its placement names; see ``generation.answering.answer``."""
    return answer(request, INSERT, device=device)


def checkpoint_sha256(generator: str) -> str:
    """Hash of the checkpoint that a nodule generator draws with; "" for one that needs none.

    Raises:
        GeneratorError: there is no such generator.
    """
    checkpoint = find(generator, INSERT).checkpoint
    return "" if checkpoint is None else checkpoint.sha256
