"""The recipe of an adversarial inpainting network."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from trainers.gan import Judge, Weight
from trainers.ranges import Area, Range
from trainers.recipe import Fraction, Network, Part, Positive, Recipe, Run


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


class DrawLoss(Part):
    """Weights of the generator's losses beside the judges'; errors count in standard deviations of the field.

    Attributes:
        low: Absolute error of the low-pass (``low_sigma`` pixels).
        low_sigma: Of that low-pass.
        mean: Absolute error of the mean of two draws, with the reward of their difference that makes draws spread as
            the truth does (Bendel et al. 2023, for two samples).
    """

    low: Weight = 4.0
    low_sigma: Annotated[float, Field(gt=0)] = 4.0
    mean: Weight = 1.0


class FieldRun(Run):
    """How it runs.

    Attributes:
        val_holes: Held-out holes scored at each snapshot.
    """

    val_holes: Positive = 120


class InpainterRecipe(Recipe):
    """Everything that decides the training of an adversarial inpainting network.

    Attributes:
        steps: Length of the training.
        judges: Discriminators by name: "fine" sees the hole and a ring around it, "wide" the whole field at half the
            resolution.
    """

    task: Literal["inpainter"]
    steps: Positive
    images: Radiographs
    holes: Holes
    generator: Network
    loss: DrawLoss = DrawLoss()
    judges: dict[Literal["fine", "wide"], Judge]
    run: FieldRun = FieldRun()

    @model_validator(mode="after")
    def _shares(self) -> InpainterRecipe:
        if self.holes.donors + self.holes.guided > 1:
            raise ValueError("holes.donors and holes.guided are shares of the same steps: together at most 1")
        if abs(sum(self.images.levels) - 1) > 1e-6:
            raise ValueError("images.levels are shares: together 1")
        return self
