"""The recipe of a context encoder: images, holes, losses and stages."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from trainers.ranges import Range, Zoom
from trainers.recipe import Fraction, Network, Part, Positive, Recipe, Run, Stage

JUDGED_SIDE = 64
"""Least side in pixels of the square that the discriminator judges: its convolutions leave nothing of a smaller one."""


class Images(Part):
    """Where patches come from.

    Attributes:
        train: Folder of training radiographs (healthy ones).
        val: Folder of held-out radiographs of other patients.
        mode: "lungs" cuts patches centred on random points in two lung boxes, "whole" shrinks the
            image to one patch.
        anywhere_share: Share of the "lungs" patches that are centred anywhere in the image instead.
        patches_per_image: Patches an image gives an epoch (the paper takes 20).
        zoom: Range of random magnification of a patch; 1.0 to 1.0 is none.
        zoom_share: Share of the patches that are magnified.
        flip: Mirror half of the patches left to right.
        gamma: Range of a random exponent on grey 0 to 1; 1.0 to 1.0 is none.
        keep_back: How many training radiographs, the last in name order, are not looked at, so that the finished
            network's differences in healthy lungs can be learned from them.
    """

    train: str
    val: str
    keep_back: Annotated[int, Field(ge=0)] = 0
    mode: Literal["lungs", "whole"] = "lungs"
    anywhere_share: Fraction = 0.0
    patches_per_image: Positive = 20
    zoom: Zoom = (1.0, 1.0)
    zoom_share: Fraction = 0.5
    flip: bool = False
    gamma: Range = (1.0, 1.0)

    @property
    def usual_zoom(self) -> float:
        """Magnification that the network is made for: the middle of ``zoom`` where every patch is magnified."""
        return float((self.zoom[0] * self.zoom[1]) ** 0.5) if self.zoom_share == 1 else 1.0


class HoleFiller(Network):
    """A generator that fills the central square of a crop."""

    input_side: Positive = 128
    hole_side: Positive = 64
    base: Literal["blank", "biharmonic"] = "blank"

    @model_validator(mode="after")
    def _hole_inside(self) -> HoleFiller:
        if self.hole_side >= self.input_side:
            raise ValueError(f"a hole_side of {self.hole_side} leaves nothing of an input_side of {self.input_side}")
        return self


class Holes(Part):
    """Shapes of the holes: a share of plain squares, the rest from a bank of drawn shapes of this size."""

    square_share: Fraction = 1.0
    bank: Annotated[int, Field(ge=0, le=512)] = 0

    @model_validator(mode="after")
    def _bank_needed(self) -> Holes:
        if self.square_share < 1 and self.bank == 0:
            raise ValueError("a square_share below 1 needs a bank of at least 1 shape")
        return self


class Loss(Part):
    """Reconstruction and adversarial terms.

    Attributes:
        kind: "l2" as in the paper; "rms", the mean over patches of the root-mean-square error; or "log-l2",
            the mean over patches of the log mean-squared error (each counts the same in decibels).
        reconstruction: Weight of the reconstruction (0.998 in the paper).
        adversarial: Weight of the adversarial term (0.002 in the paper).
        border: Width in pixels of the hole's border that counts more (4 in the paper).
        border_weight: How much more (10 in the paper).
    """

    kind: Literal["l2", "rms", "log-l2"] = "l2"
    reconstruction: Annotated[float, Field(ge=0)] = 0.998
    adversarial: Annotated[float, Field(ge=0)] = 0.002
    border: Annotated[int, Field(ge=0, le=32)] = 4
    border_weight: Annotated[float, Field(ge=1)] = 10.0


class HoleRun(Run):
    """How it runs.

    Attributes:
        val_holes: Held-out holes scored at each snapshot.
    """

    val_holes: Positive = 240


class ContextEncoderRecipe(Recipe):
    """Everything that decides the training of a context encoder.

    Attributes:
        discriminator_width: Channels of the discriminator's first convolution.
    """

    task: Literal["context-encoder"]
    discriminator_width: Positive = 64
    images: Images
    generator: HoleFiller
    holes: Holes = Holes()
    loss: Loss = Loss()
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    run: HoleRun = HoleRun()

    @model_validator(mode="after")
    def _large_enough_to_judge(self) -> ContextEncoderRecipe:
        judged = any("discriminator" in s.train or (s.adversarial and self.loss.adversarial) for s in self.stages)
        if judged and self.generator.hole_side < JUDGED_SIDE:
            raise ValueError(f"the discriminator needs a generator.hole_side of at least {JUDGED_SIDE}")
        return self
