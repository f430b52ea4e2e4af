"""What judges see of a radiograph that was drawn around a box: greys and their high-pass at some scale, and the box."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from trainers.gan import View
from trainers.lowpass import high_pass
from trainers.surround_batches import Surround
from trainers.views import FINE_SIGMA, LEAST_DETAIL

GREY_SCALE = 2.0
"""Brings greys of a whole radiograph in -1 to 1 to a spread of about 1."""

LOOK = 64
"""Side of the square that a judge sees, in its own pixels."""

SHRINK = {"middle": 2, "fine": 1}
"""Judge → factor by which its pixels are larger; "wide" sees the whole image."""

CHANNELS, PAIR_CHANNELS = 3, 2


def pair_view(batch: Surround, pasted: Tensor) -> View:
    """Source and image, as in pix2pix: 2 channels."""
    times = len(pasted) // len(batch.real)
    seen = batch.seen
    real = torch.cat([seen, batch.real], dim=1)
    return View(real, torch.cat([seen.repeat(times, 1, 1, 1), pasted], dim=1))


def scaled_view(name: str, batch: Surround, pasted: Tensor) -> View:
    """Greys, high-pass on the real one's scale, and box: 3 channels; of the first draws the truth is known."""
    whole = batch.real.shape[-1]
    shrink = SHRINK.get(name, max(1, whole // LOOK))
    side = min(whole, LOOK * shrink)
    top, left = (int(value) for value in torch.randint(whole - side + 1, (2,)))
    parts = [x[..., top : top + side, left : left + side] for x in (batch.real, pasted, batch.box)]
    if shrink > 1:
        parts = [F.avg_pool2d(part, shrink) for part in parts]
    real, drawn, box = parts
    detail = high_pass(real, FINE_SIGMA).flatten(1).std(dim=1).view(-1, 1, 1, 1) + LEAST_DETAIL
    return View(_planes(real, detail, box), _planes(drawn, detail, box), matched=len(real))


def _planes(image: Tensor, detail: Tensor, box: Tensor) -> Tensor:
    times = len(image) // len(box)
    detail, box = detail.repeat(times, 1, 1, 1), box.repeat(times, 1, 1, 1)
    return torch.cat([GREY_SCALE * image, high_pass(image, FINE_SIGMA) / detail, box], dim=1)
