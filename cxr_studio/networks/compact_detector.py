"""The compact detector: a heatmap of findings' centres with their sizes, on blocks of 4 × 4 pixels.

After Zhou et al. 2019 ("Objects as points"): every cell says how likely the centre of a nodule lies in it, where in it,
and how high and wide the nodule is. A small U-Net, so that a cell sees ribs and vessels around it. Each of several
findings has a heatmap; they share the rest.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.datasets.entries import NODULE
from cxr_studio.networks.compact_context_encoder import ResidualBlock
from cxr_studio.networks.detector_network import DetectorNetwork, Found

STRIDE = 4
"""Pixels of a cell's side."""

SIZED = 4
"""Channels behind the heatmaps: two logarithms of sides, two coordinates of the centre."""

UNIT_SIDE = 16.0
"""Side of a box in pixels whose logarithm is taken for 0."""

LOG_SIDES = (-3.0, 4.0)
"""Range of that logarithm: sides from 0.8 to 873 pixels."""

PRIOR = -4.6
"""Logit of a cell before learning: a score of 0.01, so that the many empty cells do not swamp the first steps."""

LEAST_SPREAD = 0.05
"""Added to an image's standard deviation (range -1 to 1)."""


class Maps(NamedTuple):
    """What the network says of every cell.

    Attributes:
        heat: Logit that the centre of each finding lies in it, ``[N, K, h, w]``.
        sides: Logarithm of height and width over ``UNIT_SIDE``, ``[N, 2, h, w]``.
        place: Where the centre lies from the cell's middle, in cells, y and x, ``[N, 2, h, w]``.
    """

    heat: Tensor
    sides: Tensor
    place: Tensor


class CompactDetector(DetectorNetwork):
    """A U-Net of residual blocks with one head.

    Args:
        widths: Channels at 1/4, 1/8, 1/16 and 1/32 of the resolution.
        head: Channels of the head.
        labels: What it finds, a heatmap each.
        input_side: Side of the square, a multiple of 32.
    """

    def __init__(
        self,
        *,
        widths: tuple[int, ...] = (24, 48, 80, 104),
        head: int = 32,
        labels: tuple[str, ...] = (NODULE,),
        input_side: int = 512,
    ) -> None:
        super().__init__(input_side=input_side, labels=labels)
        if input_side % (STRIDE << (len(widths) - 1)):
            raise ValueError(f"input_side must be a multiple of {STRIDE << (len(widths) - 1)}")
        self.stem = nn.Conv2d(STRIDE * STRIDE, widths[0], 3, padding=1)
        self.encoder = nn.ModuleList(ResidualBlock(width) for width in widths)
        self.down = nn.ModuleList(nn.Conv2d(a, b, 2, stride=2) for a, b in pairwise(widths))
        self.up = nn.ModuleList(nn.Conv2d(b, a, 1) for a, b in pairwise(widths))
        self.decoder = nn.ModuleList(ResidualBlock(width) for width in widths[:-1])
        self.hidden = nn.Conv2d(widths[0], head, 3, padding=1)
        self.answer = nn.Conv2d(head, len(labels) + SIZED, 1)
        nn.init.normal_(self.answer.weight, 0.0, 0.01)
        nn.init.zeros_(self.answer.bias)  # type: ignore[arg-type]
        with torch.no_grad():
            self.answer.bias[: len(labels)] = PRIOR  # type: ignore[index]

    def forward(self, image: Tensor) -> Tensor:
        """Answer ``[N, K + 4, S/4, S/4]`` to images ``[N, 1, S, S]``, grey -1 to 1; see ``maps``.

        Brightness and contrast of each image are taken out first.
        """
        mean, spread = image.mean(dim=(2, 3), keepdim=True), image.std(dim=(2, 3), keepdim=True)
        x = self.stem(F.pixel_unshuffle((image - mean) / (spread + LEAST_SPREAD), STRIDE))
        kept = []
        for level, block in enumerate(self.encoder):
            x = block(x)
            if level < len(self.down):
                kept.append(x)
                x = self.down[level](F.leaky_relu(x, 0.1))
        for level in reversed(range(len(self.up))):
            wider = F.interpolate(self.up[level](x), scale_factor=2, mode="bilinear", align_corners=False)
            x = self.decoder[level](kept[level] + wider)
        answer: Tensor = self.answer(F.leaky_relu(self.hidden(F.leaky_relu(x, 0.1)), 0.1))
        return answer

    def found(self, image: Tensor, *, least: float, most: int) -> list[Found]:
        """See ``DetectorNetwork``: cells that are the highest of their neighbours."""
        heat, sides, place = maps(self(image))
        score = heat.sigmoid()
        highest = F.max_pool2d(score, 3, stride=1, padding=1) == score
        answers = []
        for k, own in enumerate(score):
            kind, y, x = torch.nonzero(highest[k] & (own >= least), as_tuple=True)
            order = own[kind, y, x].argsort(descending=True, stable=True)[:most]
            kind, y, x = kind[order], y[order], x[order]
            centre = (torch.stack([y, x], 1) + 0.5 + place[k][:, y, x].T) * STRIDE
            half = sides[k][:, y, x].T.clamp(*LOG_SIDES).exp() * (UNIT_SIDE / 2)
            answers.append(Found(torch.cat([centre - half, centre + half], 1), own[kind, y, x], kind))
        return answers


def maps(answer: Tensor) -> Maps:
    """The parts of an answer ``[N, K + 4, h, w]``."""
    return Maps(answer[:, :-SIZED], answer[:, -SIZED:-2], answer[:, -2:])


NETWORK = CompactDetector
