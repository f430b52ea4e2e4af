"""The recipe of a lung segmentation."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from trainers.ranges import Range, Zoom
from trainers.recipe import Fraction, Network, Part, Positive, Recipe

Width = Annotated[float, Field(ge=0)]


class Pairs(Part):
    """Radiographs and their lung masks.

    Attributes:
        images: Folder of radiographs.
        masks: Folder of masks of the same file names, lung = not 0.
        held_out: File names without ending that are scored and never learned from. Radiographs of one patient
            belong on one side.
        left_out: File names without ending that are neither learned from nor scored, because their mask is wrong.
    """

    images: str
    masks: str
    held_out: Annotated[tuple[str, ...], Field(min_length=1)]
    left_out: tuple[str, ...] = ()


class Augmentation(Part):
    """How far a pair is changed at random; every share is of the samples.

    Attributes:
        flip: Share that is mirrored left to right.
        rotation: Largest angle, degrees.
        scale: Range of the magnification.
        stretch: Largest ratio by which width and height are changed against each other.
        shear: Largest shear.
        shift: Largest shift, share of the side.
        elastic: Standard deviation of a smooth displacement, share of the side.
        gamma: Range of an exponent on grey 0 to 1.
        contrast: Range of a factor on grey around its mean.
        brightness: Largest offset of grey.
        shading: Largest amplitude of a smooth brightening or darkening.
        noise: Largest standard deviation of white noise on grey.
        occlusion: Share that gets bright or dark patches, as of devices, labels and consolidations.
    """

    flip: Fraction = 0.0
    rotation: Width = 0.0
    scale: Zoom = (1.0, 1.0)
    stretch: Annotated[float, Field(ge=1)] = 1.0
    shear: Width = 0.0
    shift: Width = 0.0
    elastic: Width = 0.0
    gamma: Range = (1.0, 1.0)
    contrast: Range = (1.0, 1.0)
    brightness: Width = 0.0
    shading: Width = 0.0
    noise: Width = 0.0
    occlusion: Fraction = 0.0


class SegmentLoss(Part):
    """Weights of the two terms: soft Dice per image, and binary cross-entropy per pixel."""

    dice: Width = 1.0
    cross_entropy: Width = 1.0


class LungsRecipe(Recipe):
    """Everything that decides the training of a lung segmentation.

    Attributes:
        epochs: Passes over the training pairs.
        dropout: Share of the activations that are dropped while learning (0.2 in the paper).
    """

    task: Literal["lungs"]
    images: Pairs
    network: Network
    augmentation: Augmentation = Augmentation()
    loss: SegmentLoss = SegmentLoss()
    epochs: Positive
    dropout: Fraction = 0.2
