"""What is drawn at random for a step of the inpainting network: places, holes and modes, no pixels yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from pydantic import model_validator
from torch import Tensor

from trainers.batches import ALONE, Batch, Batches, Share
from trainers.ranges import Area, Range
from trainers.recipe import Fraction, Network, Part, Positive, Recipe, Run

Mode = Literal["smooth", "donor", "guided"]

DONOR_REACH = 40
"""Pixels at full resolution by which a donor's place may differ from the hole's, once mirrored to its side."""


class Radiographs(Part):
    """Where fields are cut.

    Attributes:
        train: Folder of healthy training radiographs, all of one size.
        val: Folder of held-out radiographs of other patients.
        half: Folder of training radiographs at half the size; made from ``train`` where left out.
        coarse: Folder of training radiographs at a quarter of the size; likewise.
        area: ``y0, x0, y1, x1`` as fractions of the image, where holes are centred.
        levels: Shares of fields at full, half and quarter resolution.
        gamma: Range of a random exponent on grey 0 to 1.
    """

    train: str
    val: str
    half: str = ""
    coarse: str = ""
    area: Area = (0.17, 0.19, 0.66, 0.81)
    levels: tuple[Fraction, Fraction, Fraction] = (0.6, 0.2, 0.2)
    gamma: Range = (0.85, 1.2)


class Holes(Part):
    """What stands in the holes.

    Attributes:
        smooth: Checkpoint of the context encoder whose smooth fill is given.
        square_share: Share of plain squares; the rest are drawn shapes.
        bank: Number of drawn shapes.
        donors: Share of the steps whose fields come with a donor.
        candidates: Windows of other radiographs, about the same place, among which a donor is chosen by its ring.
        guided: Share of the steps with large holes in which a coarse picture stands.
        large: Side of the square that such a hole lies in.
    """

    smooth: str
    square_share: Fraction = 0.4
    bank: Positive = 160
    donors: Fraction = 0.3
    candidates: Positive = 128
    guided: Fraction = 0.25
    large: Positive = 128


class FieldRun(Run):
    """How it runs.

    Attributes:
        val_holes: Held-out holes scored at each snapshot.
    """

    val_holes: Positive = 120


class FieldRecipe(Recipe):
    """What fields are made by.

    Attributes:
        steps: Length of the training.
    """

    steps: Positive
    images: Radiographs
    holes: Holes
    generator: Network
    run: FieldRun = FieldRun()

    @model_validator(mode="after")
    def _shares(self) -> FieldRecipe:
        if self.holes.donors + self.holes.guided > 1:
            raise ValueError("holes.donors and holes.guided are shares of the same steps: together at most 1")
        if abs(sum(self.images.levels) - 1) > 1e-6:
            raise ValueError("images.levels are shares: together 1")
        return self


@dataclass(frozen=True)
class Draws(Batch):
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


class DrawnSteps(Batches[Draws]):
    """Item k is what is drawn for step k.

    Args:
        recipe: The recipe.
        counts: Radiographs at each level.
        shapes: Number of small holes, the plain square first.
        share: This process's of every batch.
    """

    def __init__(self, recipe: FieldRecipe, *, counts: tuple[int, ...], shapes: int, share: Share = ALONE) -> None:
        self.recipe = recipe
        self.counts = counts
        self.shapes = shapes
        self.share = share

    @property
    def steps_per_epoch(self) -> int:
        """Steps in which every radiograph gives twenty fields on average, as in the context encoder's training."""
        return max(1, self.counts[0] * 20 // self.recipe.run.batch)

    def __len__(self) -> int:
        """Steps of the whole training."""
        return self.recipe.steps

    def __getitem__(self, step: int) -> Draws:
        """Draw for one step of all processes, and take this one's share."""
        rng = np.random.default_rng([self.recipe.seed, step, 0])
        holes, images, n = self.recipe.holes, self.recipe.images, self.recipe.run.batch
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
        shrink, own = int(rng.choice([2, 4])), list(self.share.of(n))
        return Draws(
            mode=mode,
            shrink=shrink,
            noise_seed=int(rng.integers(2**62)),
            **{name: torch.from_numpy(np.asarray(values)[own]) for name, values in arrays.items()},
        )
