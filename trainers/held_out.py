"""What every set of held-out images answers, and how fills are measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cxr_studio.arrays import Plane

GREYS = 127.5
"""Half the range of 8-bit grey: what one unit of a network's range is."""


T = TypeVar("T")

AT_ONCE = 8
"""Samples that a network answers at once when it is measured."""


class HeldOut(Protocol):
    """Fixed images that nothing is learned from."""

    def scores(self, network: nn.Module, device: torch.device) -> dict[str, float]:
        """Measure a network in evaluation mode; figures by name, their unit in it."""

    def sheet(self, network: nn.Module, device: torch.device) -> NDArray[np.uint8]:
        """Draw a sample sheet, ``uint8 [H, W]`` or ``[H, W, 3]`` in blue, green, red."""


def masked_psnr_db(drawn: Plane, real: Plane, mask: NDArray[np.bool_]) -> float:
    """PSNR in dB under a mask, of greys in -1 to 1 (range 255)."""
    error = float(np.mean(((drawn - real)[mask] * GREYS).astype(np.float64) ** 2))
    return float(10 * np.log10(255**2 / error))


def answered(samples: Sequence[T], answer: Callable[[list[T]], Tensor]) -> list[Plane]:
    """What a network draws for many samples, some at once: planes ``[S, S]`` in -1 to 1.

    Args:
        samples: Any number.
        answer: Gives of some of them what is drawn, ``[N, 1, S, S]``; asked in order.
    """
    planes: list[Plane] = []
    with torch.inference_mode():
        for start in range(0, len(samples), AT_ONCE):
            drawn = answer(list(samples[start : start + AT_ONCE]))
            planes += list(drawn[:, 0].float().clamp(-1, 1).cpu().numpy())
    return planes
