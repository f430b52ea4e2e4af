"""What judges see of a crop: greys and their high-pass, each on its own scale, and where the crop was drawn."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from cxr_studio.networks.compact_context_encoder import centre
from trainers.gan import View
from trainers.lowpass import high_pass

FINE_SIGMA = 1.5
"""Pixels of the high-pass that judges see beside the greys."""

CHANNELS = 3
"""Greys, their high-pass, the hole."""

LEAST_SPREAD, LEAST_DETAIL = 0.02, 0.01
"""Added to standard deviations, so that a flat crop is not blown up."""


def normalised_view(real: Tensor, drawn: Tensor, hole: Tensor, *, shrink: int = 1, side: int = 0) -> View:
    """Bring both to the mean and spread of what is known, and their high-pass to the real one's spread.

    Args:
        real: ``float32 [N, 1, S, S]``.
        drawn: The same with the hole drawn; N or a multiple of N, the same crops in the same order.
        hole: ``[N, 1, S, S]``, 1 where drawn; not everywhere.
        shrink: Factor by which a judge sees larger pixels.
        side: Side of the central square that it sees, pixels before shrinking; 0 = everything.
    """
    known = 1 - hole
    share = known.sum(dim=(1, 2, 3), keepdim=True)
    mean = (real * known).sum(dim=(1, 2, 3), keepdim=True) / share
    spread = ((real - mean).square() * known).sum(dim=(1, 2, 3), keepdim=True).div(share).sqrt() + LEAST_SPREAD
    side = side or real.shape[-1]
    greys = [centre((part - _like(mean, part)) / _like(spread, part), side) for part in (real, drawn)]
    greys, region = [F.avg_pool2d(grey, shrink) for grey in greys], F.max_pool2d(centre(hole, side), shrink)
    detail = high_pass(greys[0], FINE_SIGMA).flatten(1).std(dim=1).view(-1, 1, 1, 1) + LEAST_DETAIL
    first, second = (
        torch.cat([grey, high_pass(grey, FINE_SIGMA) / _like(detail, grey), _like(region, grey)], dim=1)
        for grey in greys
    )
    return View(first, second, region)


def _like(x: Tensor, other: Tensor) -> Tensor:
    return x if len(x) == len(other) else x.repeat(len(other) // len(x), 1, 1, 1)
