"""Fields of the inpainting network, cut on the training's device: surroundings, hole, and what stands in the hole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.errors import RecipeError
from cxr_studio.networks.compact_context_encoder import centre
from cxr_studio.networks.dilation import dilated
from cxr_studio.networks.inpainter import MULTIPLE
from trainers.hole_shapes import HoleShape
from trainers.image_store import Image
from trainers.inpainter_batches import Draws

FULL = 128
"""Side of the crop that the context encoder takes, and in which small holes have their biharmonic fill."""

RING = 24
"""Pixels around a hole by which a donor is chosen."""


class Fields(NamedTuple):
    """N fields, ``float32 [N, 1, S, S]``.

    Attributes:
        real: The truth, -1 to 1.
        hole: 1 where unknown.
        image: The truth with a smooth or coarse fill in the hole.
        hint: The truth with a donor in the hole, or ``image`` again.
        flags: ``[N, 3]``; see networks.inpainter.
        inner: Side of the central square that holds all holes.
        noise_seed: Of the noise that they are filled from.
    """

    real: Tensor
    hole: Tensor
    image: Tensor
    hint: Tensor
    flags: Tensor
    inner: int
    noise_seed: int

    @property
    def seen(self) -> Tensor:
        """What the network sees, ``[N, 3, S, S]``."""
        return torch.cat([self.image, self.hole, self.hint], dim=1)

    def completed(self, drawn: Tensor) -> Tensor:
        """Put fills ``[k N, 1, inner, inner]`` into the holes; all else is the truth, ``[k N, 1, S, S]``."""
        times = len(drawn) // len(self.real)
        real, hole = (centre(part, self.inner).repeat(times, 1, 1, 1) for part in (self.real, self.hole))
        return _pasted(self.real.repeat(times, 1, 1, 1), torch.where(hole > 0, drawn, real))


@dataclass(frozen=True, eq=False)
class Levels:
    """Radiographs at full, half and quarter resolution, ``uint8 [n, H, W]`` each, on the device."""

    stacks: tuple[Tensor, ...]

    def to(self, device: torch.device) -> Levels:
        """Move to a device."""
        return Levels(tuple(stack.to(device) for stack in self.stacks))


def levels_of(full: list[Image], half: list[Image], quarter: list[Image]) -> Levels:
    """Stack radiographs of one size a level; an empty level is made from the finer one by the mean of 2 × 2.

    Raises:
        RecipeError: radiographs of several sizes at one level.
    """
    stacks = [_stacked(full)]
    for images in (half, quarter):
        stacks.append(_stacked(images) if images else _halved(stacks[-1]))
    return Levels(tuple(stacks))


def _stacked(images: list[Image]) -> Tensor:
    if len({image.shape for image in images}) > 1:
        raise RecipeError("the radiographs of a folder are not all of one size", remedy="Bring them to one size first")
    return torch.from_numpy(np.stack(images))


def _halved(stack: Tensor) -> Tensor:
    return torch.stack([F.avg_pool2d(one[None].float(), 2)[0].round().to(torch.uint8) for one in stack])


class FieldCutter(nn.Module):
    """Cuts fields by what was drawn for a step.

    Args:
        levels: Training radiographs.
        smooth: A context encoder that takes 128 pixels with a biharmonic fill, frozen.
        small: Holes inside the central 64 × 64 of 128, the plain square first.
        large: ``bool [K, S, S]`` holes for guided steps, S the field's side.
        hole_side: Side of the central square of small holes.
    """

    def __init__(
        self, levels: Levels, smooth: nn.Module, *, small: list[HoleShape], large: NDArray[np.bool_], hole_side: int
    ) -> None:
        super().__init__()
        self.levels = levels
        self.smooth = smooth
        self.side = large.shape[-1]
        self.hole_side = hole_side
        self.large_side = _central_side(large)
        self.holes = torch.from_numpy(np.stack([shape.mask for shape in small]).astype(np.float32))
        self.maps = [tuple(torch.from_numpy(np.asarray(part)) for part in (s.hole, s.ring, s.matrix)) for s in small]
        self.large = torch.from_numpy(large.astype(np.float32))

    def place_on(self, device: torch.device) -> None:
        """Move everything to a device."""
        self.levels = self.levels.to(device)
        self.smooth.to(device)
        self.holes, self.large = self.holes.to(device), self.large.to(device)
        self.maps = [tuple(part.to(device) for part in parts) for parts in self.maps]

    @torch.no_grad()
    def cut(self, draws: Draws, *, levels: Levels | None = None) -> Fields:
        """Cut the fields of one step, from other radiographs where given; donors are always from the cutter's own."""
        real = self._real(draws, levels or self.levels)
        if draws.mode == "guided":
            return self._guided(real, draws)
        hole = F.pad(self.holes[draws.shape][:, None], [(self.side - FULL) // 2] * 4)
        image = self.filled(real, draws.shape)
        hint = self._donor(real, draws) if draws.mode == "donor" else image
        flags = _flags(draws, donor=draws.mode == "donor")
        return Fields(real, hole, image, hint, flags, self.hole_side, draws.noise_seed)

    def filled(self, real: Tensor, shape: Tensor) -> Tensor:
        """Put the context encoder's smooth fill into the holes."""
        rough = self._biharmonic(centre(real, FULL), shape)
        hole = self.holes[shape][:, None]
        fill = self.smooth(rough, hole)
        margin = (FULL - fill.shape[-1]) // 2
        return _pasted(real, torch.where(hole > 0, F.pad(fill, [margin] * 4), rough))

    def _biharmonic(self, crops: Tensor, shape: Tensor) -> Tensor:
        """``[N, 1, 128, 128]`` with each its hole filled; the fill is linear in the ring around the hole."""
        flat = crops.flatten(1).clone()
        for row, index in zip(flat, shape.tolist(), strict=True):
            hole, ring, matrix = self.maps[index]
            row[hole] = matrix @ row[ring]
        return flat.view_as(crops)

    def _guided(self, real: Tensor, draws: Draws) -> Fields:
        hole = self.large[draws.shape % len(self.large)][:, None]
        coarse = F.avg_pool2d(real, draws.shrink)
        coarse = F.interpolate(coarse, size=real.shape[-2:], mode="bicubic", align_corners=False)
        image = torch.where(hole > 0, coarse, real)
        flags = _flags(draws, guided=True)
        return Fields(real, hole, image, image, flags, self.large_side, draws.noise_seed)

    def _real(self, draws: Draws, levels: Levels) -> Tensor:
        crops = _crops(levels, draws.image, draws.place, draws.level, side=self.side)
        crops = torch.where(draws.flip[:, None, None], crops.flip(-1), crops)
        grey = (crops / 255.0) ** draws.gamma[:, None, None]
        return (grey * 2.0 - 1.0)[:, None]

    def _donor(self, real: Tensor, draws: Draws) -> Tensor:
        """The candidate whose ring differs least, its offset and slope taken out by the biharmonic surface."""
        donors = self._candidates(draws)
        hole = self.holes[draws.shape][:, None]
        ring = dilated(hole, RING) * (1 - dilated(hole, 2))
        near = F.avg_pool2d(dilated(hole, 8), 17, 1, 8) + 0.1
        cost = _ring_cost(centre(real, FULL)[:, 0], donors, (ring * near)[:, 0])
        best = donors[torch.arange(len(real), device=real.device), cost.argmin(dim=1)][:, None]
        known = centre(real, FULL)
        change = self._biharmonic((known - best) * (1 - hole), draws.shape)
        return _pasted(real, torch.where(hole > 0, best + change, known))

    def _candidates(self, draws: Draws) -> Tensor:
        """``[N, K, 128, 128]`` in -1 to 1, as dark as the field's own exponent makes them."""
        n, k = draws.donor_image.shape
        counts = torch.tensor([len(stack) for stack in self.levels.stacks], device=draws.level.device)
        image = (draws.image[:, None] + draws.donor_image) % counts[draws.level][:, None]
        sizes = torch.tensor([stack.shape[1:] for stack in self.levels.stacks], device=draws.level.device)
        shift = draws.donor_shift / sizes[0].float()
        place = draws.place[:, None] + shift
        other = torch.stack([place[..., 0], 1.0 - place[..., 1]], dim=-1)
        place = torch.where(draws.donor_flip[..., None], other, place)
        level = draws.level[:, None].expand(n, k)
        places = image.reshape(-1), place.reshape(-1, 2), level.reshape(-1)
        crops = _crops(self.levels, *places, side=FULL).view(n, k, FULL, FULL)
        mirrored = draws.donor_flip ^ draws.flip[:, None]
        crops = torch.where(mirrored[..., None, None], crops.flip(-1), crops)
        return (crops / 255.0) ** draws.gamma[:, None, None, None] * 2.0 - 1.0


def _central_side(masks: NDArray[np.bool_]) -> int:
    """Side of the central square, a multiple of the network's, that holds all masks ``[K, S, S]``."""
    middle = masks.shape[-1] // 2
    rows, columns = np.nonzero(masks.any(axis=0))
    reach = max(int(np.abs(part - middle + 0.5).max() + 0.5) for part in (rows, columns))
    side: int = masks.shape[-1]
    return min(-(-2 * reach // MULTIPLE) * MULTIPLE, side)


def _crops(levels: Levels, image: Tensor, place: Tensor, level: Tensor, *, side: int) -> Tensor:
    """``float32 [N, side, side]``, 0 to 255; what lies beyond the image is mirrored."""
    crops = torch.empty(len(image), side, side, device=image.device)
    offsets = torch.arange(side, device=image.device) - side // 2
    for number, stack in enumerate(levels.stacks):
        rows = torch.nonzero(level == number)[:, 0]
        if len(rows) == 0:
            continue
        size = torch.tensor(stack.shape[1:], device=image.device)
        corner = (place[rows] * size).long()
        y, x = (_mirrored(corner[:, k, None] + offsets, int(size[k])) for k in (0, 1))
        crops[rows] = stack[image[rows][:, None, None], y[:, :, None], x[:, None, :]].float()
    return crops


def _ring_cost(known: Tensor, donors: Tensor, weight: Tensor) -> Tensor:
    """``[N, K]``: weighted variance of the difference at half the resolution."""
    weight = F.avg_pool2d(weight[:, None], 2)
    weight = weight / weight.sum(dim=(2, 3), keepdim=True)
    difference = F.avg_pool2d(donors - known[:, None], 2)
    mean = (difference * weight).sum(dim=(2, 3))
    return (difference.square() * weight).sum(dim=(2, 3)) - mean.square()


def _flags(draws: Draws, *, donor: bool = False, guided: bool = False) -> Tensor:
    level = draws.level.float()
    return torch.stack([torch.full_like(level, guided), torch.full_like(level, donor), level], dim=1)


def _pasted(real: Tensor, part: Tensor) -> Tensor:
    whole = real.clone()
    margin = (real.shape[-1] - part.shape[-1]) // 2
    whole[..., margin : margin + part.shape[-2], margin : margin + part.shape[-1]] = part
    return whole


def _mirrored(index: Tensor, length: int) -> Tensor:
    folded = index.remainder(2 * length)
    return torch.where(folded < length, folded, 2 * length - 1 - folded)
