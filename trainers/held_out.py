"""What every set of held-out images answers, and how fills are measured."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from cxr_studio.arrays import Plane

GREYS = 127.5
"""Half the range of 8-bit grey: what one unit of a network's range is."""


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
