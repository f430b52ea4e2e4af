"""Noise that a seed decides: drawn on the CPU from a given stream, or from torch's own in training."""

from __future__ import annotations

import torch
from torch import Tensor


def normal(like: Tensor, shape: tuple[int, ...], rng: torch.Generator | None) -> Tensor:
    """Standard normal values of a shape, on the device and with the type of ``like``."""
    return torch.randn(shape, generator=rng).to(like.device, like.dtype)


def drop(x: Tensor, rng: torch.Generator | None, *, share: float = 0.5) -> Tensor:
    """Dropout that stays on at test time: a share of the values becomes 0, the others grow to keep the mean."""
    kept = (torch.rand(x.shape, generator=rng) >= share).to(x.device, x.dtype)
    return x * kept / (1 - share)
