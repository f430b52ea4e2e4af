"""The adversarial inpainting network: draws ribs, vessels and grain into a hole that is filled smoothly already.

A U-Net that works on 4 × 4 pixel blocks where it only has to understand the surroundings, and on 2 × 2 blocks where it
draws. Noise enters every level of the way up, so that another seed draws other anatomy. It is convolutional throughout:
a large hole is one large field, not many windows.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.compact_context_encoder import LEAST_CONTRAST, MARGIN, ResidualBlock

PLANES = 8
"""Noise planes at half the resolution: four for the finest level, one for each coarser level, one to spare."""

FINE_PLANES = 4
FLAGS = 3
"""What is said of a field beside its pixels: guided, with a donor, and how often its pixels were halved."""

MULTIPLE = 16
"""Sides of a field are multiples of this."""


Sides = tuple[int, int]
"""Height and width."""


class NoisyBlock(nn.Module):
    """A residual block to whose input noise is added, by a learned amount a channel."""

    def __init__(self, width: int, planes: int) -> None:
        super().__init__()
        self.amount = nn.Conv2d(planes, width, 1, bias=False)
        nn.init.normal_(self.amount.weight, 0.0, 0.1)
        self.block = ResidualBlock(width)

    def forward(self, x: Tensor, noise: Tensor) -> Tensor:
        """``x [N, C, h, w]``, ``noise [N, planes, h, w]``."""
        changed: Tensor = self.block(x + self.amount(noise))
        return changed


class Inpainter(nn.Module):
    """Draws into a hole what belongs there.

    Args:
        widths: Channels at 1/2, 1/4, 1/8 and 1/16 of the resolution.
        blocks: Residual blocks on the way down at 1/4, 1/8 and 1/16.
        input_side: Side of the usual field, a multiple of 16.
        hole_side: Side of the central square that one usual request fills, a multiple of 16.
    """

    def __init__(
        self,
        *,
        widths: tuple[int, ...] = (56, 88, 176, 288),
        blocks: tuple[int, ...] = (1, 1, 2),
        input_side: int = 192,
        hole_side: int = 64,
    ) -> None:
        super().__init__()
        self.input_side = input_side
        self.hole_side = hole_side
        fine, quarter, eighth, deep = widths
        self.stem = nn.Conv2d(48, quarter, 3, padding=1)
        self.flags = nn.Linear(FLAGS, quarter)
        self.fine = nn.Conv2d(12, fine, 3, padding=1)
        self.encoder = nn.ModuleList(
            nn.Sequential(*(ResidualBlock(w) for _ in range(n))) for w, n in zip(widths[1:], blocks, strict=True)
        )
        self.down = nn.ModuleList([nn.Conv2d(quarter, eighth, 2, stride=2), nn.Conv2d(eighth, deep, 2, stride=2)])
        self.bottom = NoisyBlock(deep, 1)
        self.up = nn.ModuleList(nn.Conv2d(b, 4 * a, 1) for a, b in pairwise(widths))
        self.merge = nn.ModuleList(nn.Conv2d(2 * w, w, 1) for w in widths[:-1])
        self.decoder = nn.ModuleList([NoisyBlock(fine, FINE_PLANES), NoisyBlock(quarter, 1), NoisyBlock(eighth, 1)])
        self.last = ResidualBlock(fine)
        self.head = nn.Conv2d(fine, 4, 3, padding=1)
        nn.init.normal_(self.head.weight, 0.0, 0.01)
        nn.init.zeros_(self.head.bias)  # type: ignore[arg-type]

    def forward(self, field: Tensor, flags: Tensor, noise: Tensor, inner: int | Sides | None = None) -> Tensor:
        """Fill the hole.

        Args:
            field: ``float32 [N, 3, H, W]``: the image, -1 to 1, a smooth or coarse fill standing in the hole; the hole,
                1 where the value is unknown; the hint, which is the image with a donor in the hole, or the image again.
            flags: ``float32 [N, 3]``: 1 where the hole holds a trusted coarse fill (guided), 1 where the hint is a
                donor, halvings of the pixel since the network's own grid (0, 1, 2).
            noise: ``float32 [N, 8, H / 2, W / 2]``, standard normal.
            inner: Side of the central square to compute, or height and width of a rectangle, even; 0 = everything,
                None = ``hole_side``. From four pixels inside on it is what everything would have there.

        Returns:
            ``float32 [N, 1, inner, inner]`` or ``[N, 1, H, W]``, about -1 to 1.
        """
        sides = _sides(self.hole_side if inner is None else inner, field)
        image, hole, hint = field[:, :1], field[:, 1:2], field[:, 2:]
        mean = image.mean(dim=(1, 2, 3), keepdim=True)
        contrast = image.std(dim=(1, 2, 3), keepdim=True) + LEAST_CONTRAST
        stacked = torch.cat([(image - mean) / contrast, hole, (hint - mean) / contrast], dim=1)
        filled: Tensor = _central(image, sides) + self._residual(stacked, flags, noise, sides) * contrast
        return filled

    def _residual(self, stacked: Tensor, flags: Tensor, noise: Tensor, sides: Sides) -> Tensor:
        skips = self._encode(stacked, flags)
        levels = _noise_levels(noise)
        x = self.bottom(skips.pop(), levels[3])
        for level in (2, 1, 0):
            x = F.pixel_shuffle(self.up[level](x), 2)
            kept = _kept(sides, level, x)
            if level:
                skip = skips[level - 1]
            else:
                skip = self.fine(F.pixel_unshuffle(_central(stacked, (2 * kept[0], 2 * kept[1])), 2))
            parts = [_central(part, kept) for part in (x, skip, levels[level])]
            x = self.decoder[level](self.merge[level](torch.cat(parts[:2], dim=1)), parts[2])
        drawn = F.pixel_shuffle(self.head(self.last(x)), 2)
        return _central(drawn, sides)

    def _encode(self, stacked: Tensor, flags: Tensor) -> list[Tensor]:
        x = self.stem(F.pixel_unshuffle(stacked, 4)) + self.flags(flags)[:, :, None, None]
        found = []
        for level, blocks in enumerate(self.encoder):
            x = blocks(x)
            found.append(x)
            if level < len(self.down):
                x = self.down[level](x)
        return found


def seeded_noise(field: Tensor, seed: int) -> Tensor:
    """Noise for fields ``[N, 3, H, W]``: the same for the same seed, size and device."""
    n, _, height, width = field.shape
    generator = torch.Generator(device=field.device).manual_seed(seed)
    return torch.randn(n, PLANES, height // 2, width // 2, generator=generator, device=field.device)


def _noise_levels(noise: Tensor) -> list[Tensor]:
    """Planes for 1/2, 1/4, 1/8 and 1/16, each standard normal; a mean over n × n values has 1 / n of the spread."""
    coarse = [F.avg_pool2d(noise[:, 3 + k : 4 + k], 2**k) * 2**k for k in (1, 2, 3)]
    return [noise[:, :FINE_PLANES], *coarse]


def _sides(inner: int | Sides, field: Tensor) -> Sides:
    """Height and width to compute."""
    if isinstance(inner, tuple):
        return inner
    return (inner, inner) if inner else (field.shape[-2], field.shape[-1])


def _kept(sides: Sides, level: int, whole: Tensor) -> Sides:
    """Cells that a level computes for a central part: it with a margin, at the same distance from both edges."""
    lengths = whole.shape[-2:]
    wanted = (-(-side // 2 ** (level + 1)) + 2 * MARGIN for side in sides)
    rows, columns = (min(n, side + (n - side) % 2) for side, n in zip(wanted, lengths, strict=True))
    return rows, columns


def _central(x: Tensor, sides: Sides) -> Tensor:
    top, left = (x.shape[-2] - sides[0]) // 2, (x.shape[-1] - sides[1]) // 2
    return x[..., top : top + sides[0], left : left + sides[1]]


NETWORK = Inpainter
