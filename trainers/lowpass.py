"""Gaussian low-pass and high-pass of batches, differentiable."""

from __future__ import annotations

from functools import lru_cache
from math import ceil

import torch
from torch import Tensor
from torch.nn import functional as F


def low_pass(image: Tensor, sigma: float) -> Tensor:
    """Blur ``[N, 1, H, W]`` by a Gaussian of ``sigma`` pixels, mirrored at the edges."""
    kernel = _kernel(sigma, image.device)
    reach = min(len(kernel) // 2, image.shape[-1] - 1, image.shape[-2] - 1)
    kernel = kernel[len(kernel) // 2 - reach : len(kernel) // 2 + reach + 1]
    kernel = kernel / kernel.sum()
    padded = F.pad(image, [reach] * 4, mode="reflect")
    return F.conv2d(F.conv2d(padded, kernel.view(1, 1, 1, -1)), kernel.view(1, 1, -1, 1))


def high_pass(image: Tensor, sigma: float) -> Tensor:
    """What ``low_pass`` takes away."""
    return image - low_pass(image, sigma)


@lru_cache(maxsize=32)
def _kernel(sigma: float, device: torch.device) -> Tensor:
    reach = ceil(3 * sigma)
    x = torch.arange(-reach, reach + 1, dtype=torch.float32, device=device)
    kernel = torch.exp(-0.5 * (x / sigma).square())
    return kernel / kernel.sum()
