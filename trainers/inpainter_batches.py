"""What is drawn at random for a step of the inpainting network: places, holes and modes, no pixels yet."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from trainers.batches import Batches
from trainers.inpainter_recipe import InpainterRecipe

Mode = Literal["smooth", "donor", "guided"]

DONOR_REACH = 40
"""Pixels at full resolution by which a donor's place may differ from the hole's, once mirrored to its side."""


@dataclass(frozen=True)
class Draws:
    """One step's random choices for N fields.

    Attributes:
        mode: What stands in the holes of all fields of the step.
        level: ``[N]`` halvings of the pixel.
        image: ``[N]`` which radiograph of the level.
        place: ``[N, 2]`` y, x of the hole's centre as fractions of the image.
        flip: ``[N]`` mirrored left to right.
        gamma: ``[N]`` exponent.
        shape: ``[N]`` which hole of the bank.
        shrink: Factor of the coarse picture in guided holes.
        donor_image: ``[N, K]`` offsets of the radiograph index, at least 1.
        donor_shift: ``[N, K, 2]`` pixels at full resolution by which a donor's place differs.
        donor_flip: ``[N, K]`` the donor is taken from the other lung, mirrored.
        noise_seed: Of the generator's noise.
    """

    mode: Mode
    level: Tensor
    image: Tensor
    place: Tensor
    flip: Tensor
    gamma: Tensor
    shape: Tensor
    shrink: int
    donor_image: Tensor
    donor_shift: Tensor
    donor_flip: Tensor
    noise_seed: int

    def to(self, device: torch.device) -> Draws:
        """Move to a device."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        moved: dict[str, Any] = {name: v.to(device) for name, v in values.items() if isinstance(v, Tensor)}
        return replace(self, **moved)


class DrawnSteps(Batches[Draws]):
    """Item k is what is drawn for step k.

    Args:
        recipe: The recipe.
        counts: Radiographs at each level.
        shapes: Number of small holes, the plain square first.
        rank: This process among ``world``, each of which takes an equal share of the batch.
        world: Number of processes.
    """

    def __init__(
        self, recipe: InpainterRecipe, *, counts: tuple[int, ...], shapes: int, rank: int = 0, world: int = 1
    ) -> None:
        self.recipe = recipe
        self.counts = counts
        self.shapes = shapes
        self.share = len(range(rank, recipe.run.batch, world))
        self.rank = rank

    @property
    def steps_per_epoch(self) -> int:
        """Steps in which every radiograph gives twenty fields on average, as in the context encoder's training."""
        return max(1, self.counts[0] * 20 // self.recipe.run.batch)

    def __len__(self) -> int:
        """Steps of the whole training."""
        return self.recipe.steps

    def __getitem__(self, step: int) -> Draws:
        """Draw for one step."""
        rng = np.random.default_rng([self.recipe.seed, step, self.rank])
        holes, images, n = self.recipe.holes, self.recipe.images, self.share
        shares = [1 - holes.donors - holes.guided, holes.donors, holes.guided]
        mode: Mode = ("smooth", "donor", "guided")[int(rng.choice(3, p=shares))]
        level = rng.choice(3, n, p=images.levels)
        y0, x0, y1, x1 = images.area
        plain = rng.random(n) < holes.square_share
        k = holes.candidates if mode == "donor" else 0
        counts = np.asarray(self.counts)[level]
        arrays = {
            "level": level,
            "image": rng.integers(0, counts),
            "place": np.stack([rng.uniform(y0, y1, n), rng.uniform(x0, x1, n)], axis=1).astype(np.float32),
            "flip": rng.random(n) < 0.5,
            "gamma": rng.uniform(*images.gamma, n).astype(np.float32),
            "shape": np.where(plain, 0, rng.integers(1, self.shapes, n)),
            "donor_image": rng.integers(1, np.maximum(2, counts)[:, None], (n, k)),
            "donor_shift": rng.integers(-DONOR_REACH, DONOR_REACH + 1, (n, k, 2)),
            "donor_flip": rng.random((n, k)) < 0.5,
        }
        shrink = int(rng.choice([2, 4]))
        return Draws(
            mode=mode,
            shrink=shrink,
            noise_seed=int(rng.integers(2**62)),
            **{name: torch.from_numpy(np.asarray(values)) for name, values in arrays.items()},
        )
