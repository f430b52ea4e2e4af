"""Networks that say how real a crop looks: told where the hole is, or searching for it."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Kind = Literal["location-known", "human-like", "search"]
KINDS: tuple[Kind, ...] = ("location-known", "human-like", "search")

WIDTHS = (24, 48, 80, 80)
"""Channels at 1/2, 1/4, 1/8 and 1/8 of the crop's resolution."""

CELL = 8
"""Pixels a side that one vector of the last layer stands for."""

FLAT = 1e-3
"""Added to standard deviations of unit values, so that a flat crop is not blown up."""

SIGMA, RADIUS = 1.5, 4
"""Gaussian, pixels, whose residual is the high-pass."""


class ObserverTrunk(nn.Module):
    """Convolutions on 2 × 2 blocks of the grey values, their high-pass, the log of its local amplitude and the hole.

    Grey and high-pass are brought to mean 0 and spread 1 by what lies outside the hole, so that a fill that is too
    smooth, too rough, too dark or too bright stands out and the radiograph's own brightness and contrast do not matter.

    Args:
        widths: Channels at 1/2, 1/4, 1/8 and 1/8 of the resolution.
    """

    def __init__(self, *, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        self.stem = nn.Conv2d(13, widths[0], 3, padding=1)
        strides = (2, 2, 1)
        self.layers = nn.ModuleList(
            nn.Conv2d(a, b, 3, stride=s, padding=1) for (a, b), s in zip(pairwise(widths), strides, strict=True)
        )
        self.norms = nn.ModuleList(nn.GroupNorm(8, width) for width in widths)

    def forward(self, crops: Tensor, holes: Tensor) -> Tensor:
        """``[N, 1, S, S]`` crops and holes (1 inside, all 0 where the place is not known) to ``[N, C, S/8, S/8]``."""
        x = self.norms[0](F.leaky_relu(self.stem(_channels(crops, holes)), 0.1))
        for layer, norm in zip(self.layers, self.norms[1:], strict=True):
            x = norm(F.leaky_relu(layer(x), 0.1))
        return x  # type: ignore[no-any-return]


class KnownPlaceNetwork(nn.Module):
    """Told where the hole is: compares what is inside with what is around, and looks for the greatest responses."""

    def __init__(self, *, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        self.trunk = ObserverTrunk(widths=widths)
        self.decision = nn.Sequential(nn.Linear(3 * widths[-1], 32), nn.LeakyReLU(0.1), nn.Linear(32, 1))

    def forward(self, crops: Tensor, holes: Tensor) -> Tensor:
        """``[N, 1, S, S]`` to one score a crop ``[N]``: the higher, the more real."""
        x = self.trunk(crops, holes)
        inside = F.adaptive_avg_pool2d(holes, x.shape[-2:])
        middle, around = (_mean(x, weight) for weight in (inside, 1 - inside))
        peaks = torch.where(inside > 0, x, x.amin((2, 3), keepdim=True)).amax((2, 3))
        score: Tensor = self.decision(torch.cat((middle, around, peaks), 1))
        return score[:, 0]


class SearchNetwork(nn.Module):
    """Not told the place: gives every cell of 8 × 8 pixels the log odds that it was filled."""

    def __init__(self, *, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        self.trunk = ObserverTrunk(widths=widths)
        self.gather = nn.Conv2d(widths[-1], 48, 5, padding=2)
        self.odds = nn.Conv2d(48, 1, 3, padding=1)

    def log_odds(self, crops: Tensor) -> Tensor:
        """``[N, 1, S, S]`` to ``[N, S/8, S/8]``."""
        x = self.trunk(crops, torch.zeros_like(crops))
        found: Tensor = self.odds(F.leaky_relu(self.gather(x), 0.1))
        return found[:, 0]

    def forward(self, crops: Tensor, holes: Tensor) -> Tensor:  # noqa: ARG002
        """Score a crop ``[N]``, the higher the more real: minus the log of the mean odds, all places being equal."""
        return -log_mean_odds(self.log_odds(crops))


ObserverModule = KnownPlaceNetwork | SearchNetwork


def network_of(kind: Kind) -> ObserverModule:
    """A network of a kind with fresh weights."""
    return SearchNetwork() if kind == "search" else KnownPlaceNetwork()


def log_mean_odds(odds: Tensor) -> Tensor:
    """Log of the mean over cells of the odds, ``[N, h, w]`` log odds to ``[N]``."""
    flat = odds.flatten(1)
    return torch.logsumexp(flat, 1) - torch.log(torch.tensor(float(flat.shape[1]), device=odds.device))


def blurred(crops: Tensor, sigma: float) -> Tensor:
    """Gaussian blur of ``[N, 1, S, S]``, the edge mirrored."""
    radius = max(1, round(3 * sigma))
    steps = torch.arange(-radius, radius + 1, device=crops.device, dtype=crops.dtype)
    kernel = torch.exp(-((steps / sigma) ** 2) / 2)
    kernel = kernel / kernel.sum()
    wide = F.pad(crops, (radius,) * 4, mode="reflect")
    return F.conv2d(F.conv2d(wide, kernel[None, None, None]), kernel[None, None, :, None])


def _channels(crops: Tensor, holes: Tensor) -> Tensor:
    known = 1 - holes
    grey = _standard(crops, known)
    fine = _standard(crops - blurred(crops, SIGMA), known)
    amplitude = 0.5 * torch.log(F.avg_pool2d(F.pad(fine**2, (1, 1, 1, 1), mode="reflect"), 4, 2) + 1e-2)
    planes = F.pixel_unshuffle(torch.cat((grey, fine, holes), 1), 2)
    return torch.cat((planes, amplitude), 1)


def _standard(x: Tensor, weight: Tensor) -> Tensor:
    mean = _mean(x, weight)[..., None, None]
    spread = _mean((x - mean) ** 2, weight)[..., None, None].sqrt()
    return (x - mean) / (spread + FLAT)


def _mean(x: Tensor, weight: Tensor) -> Tensor:
    total: Tensor = (x * weight).sum((2, 3)) / weight.sum((2, 3)).clamp_min(1e-6)
    return total
