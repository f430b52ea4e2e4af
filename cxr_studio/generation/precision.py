"""In which precision networks run on the processor: full, or bfloat16 for batch work on a processor that has it.

On a GPU they run in mixed precision in any case. The precision decides the pixels, so provenance and plans state it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from cxr_studio.errors import GeneratorError

Precision = Literal["full", "bf16"]

CHOICES = ("auto", "full", "bf16")

_chosen: list[Precision] = ["full"]
"""What networks run in now, in this process; the last one counts."""


def settled(choice: str) -> Precision:
    """The precision to use; "auto" takes bfloat16 where the processor computes in it, elsewhere it would be slower.

    Raises:
        GeneratorError: there is no such precision.
    """
    if choice == "full":
        return "full"
    if choice == "bf16":
        return "bf16"
    if choice != "auto":
        raise GeneratorError(f"there is no precision {choice!r}", remedy=f"Choose one of {', '.join(CHOICES)}")
    import torch

    asked = (getattr(torch.cpu, name, None) for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"))
    return "bf16" if any(there is not None and there() for there in asked) else "full"


@contextmanager
def running_in(precision: Precision) -> Iterator[None]:
    """Networks of this process run in a precision inside, on every thread: for commands, not for the window."""
    _chosen.append(precision)
    try:
        yield
    finally:
        _chosen.pop()


def precision_on(device: str) -> str:
    """What a network on a device runs in beside the usual: "bf16" or ""."""
    return "bf16" if device == "cpu" and _chosen[-1] == "bf16" else ""


@contextmanager
def inference(device: str) -> Iterator[None]:
    """Run a generator's network inside: no gradients, and the device's precision."""
    import torch

    kind = device.split(":")[0]
    if kind == "cuda":
        mixed = torch.autocast(kind)
    else:
        mixed = torch.autocast("cpu", torch.bfloat16, enabled=bool(precision_on(device)))
    with torch.inference_mode(), mixed:
        yield
