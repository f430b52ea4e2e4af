"""The recipe of a texture generator."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from trainers import gan
from trainers.distances import Scale
from trainers.ranges import Range
from trainers.recipe import Fraction, Network, Part, Positive, Recipe, Run

Weight = Annotated[float, Field(ge=0)]


class Pairs(Part):
    """Where pairs come from.

    Attributes:
        train: Folder of healthy training radiographs.
        val: Folder of held-out radiographs of other patients.
        nodules: Library of CT nodules (.npz); the series that ``ct_library.held_out`` names are only scored.
        views: Random sides from which each CT nodule is seen.
        diameters: Range of the silhouette's diameter, pixels; the logarithm is uniform.
        subtleties: Range of the contrast over the physical one; the logarithm is uniform.
        healthy: Share of the pairs without a nodule under the mask.
        patches_per_image: Patches that a radiograph gives an epoch.
        surroundings: What a network sees around the mask: "healthy" lung, as when a nodule is placed, or the "real"
            patch with the nodule's soft edge, as in the paper.
    """

    train: str
    val: str
    nodules: str
    views: Positive = 3
    diameters: Range = (8.0, 90.0)
    subtleties: Range = (1.0, 1.0)
    healthy: Fraction = 0.0
    patches_per_image: Positive = 8
    surroundings: Literal["healthy", "real"] = "real"


class TextureLoss(Part):
    """Weights; all 1 in the paper.

    Attributes:
        l1: Mean absolute error of both stages' patches.
        region: Mean absolute error under the silhouette and its soft edge, each patch counting the same.
        perceptual: Mean absolute difference of features.
        adversarial: LSGAN.
        features: safetensors file of VGG-16 or VGG-19 (torchvision's names) or of a context encoder trained here.
        taps: Names of its feature maps, e.g. "pool1"; none = the usual three.
        scale: What the features' differences are divided by: "none" and summed as in the paper, or the real features'
            "spread" or "size" and averaged.
    """

    l1: Weight = 1.0
    region: Weight = 0.0
    perceptual: Weight = 1.0
    adversarial: Weight = 1.0
    features: str = ""
    taps: tuple[str, ...] = ()
    scale: Scale = "none"

    @model_validator(mode="after")
    def _features_named(self) -> TextureLoss:
        if self.perceptual and not self.features:
            raise ValueError("a perceptual weight above 0 needs loss.features, a weights file")
        return self


class Judge(Part):
    """The PatchGAN discriminator.

    Attributes:
        width: Channels of its first convolution.
        rate_share: Its learning rate as a share of the generator's.
    """

    width: Positive = 64
    rate_share: Annotated[float, Field(gt=0)] = 0.1


class TextureRun(Run):
    """How it runs.

    Attributes:
        val_pairs: Held-out pairs scored at each snapshot.
    """

    val_pairs: Positive = 96


class TextureRecipe(Recipe):
    """Everything that decides the training of a texture generator.

    Attributes:
        epochs: Passes over the radiographs.
        judges: Discriminators that see greys, high-pass and the nodule's region on scales of their own, as those of the
            inpainting network do; "wide" at half the resolution. Beside the paper's own, or with its weight 0 instead.
        second_rate: Learning rate from ``second_from`` on; 0 keeps the optimiser's own.
        second_from: Share of the training after which it holds.
    """

    task: Literal["texture"]
    epochs: Annotated[float, Field(gt=0)]
    pairs: Pairs
    generator: Network
    loss: TextureLoss
    judge: Judge = Judge()
    judges: dict[Literal["fine", "wide"], gan.Judge] = Field(default_factory=dict)
    run: TextureRun = TextureRun()
    second_rate: Annotated[float, Field(ge=0)] = 0.0
    second_from: Fraction = 0.5
