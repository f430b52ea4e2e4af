"""Faster R-CNN and RetinaNet of torchvision, on radiographs with boxed findings (Shen et al., Xing et al.)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from cxr_studio.arrays import Plane
from cxr_studio.errors import RecipeError
from cxr_studio.files import file_sha256
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.torchvision_detector import TorchvisionDetector
from trainers.batches import ALONE, Batch, Sample, Samples, Share
from trainers.held_out_scenes import HeldOutScenes
from trainers.listed_radiographs import Boxed, Real, load_listed
from trainers.recipe import Fraction, Network, Part, Recipe
from trainers.task import Material, Task

MOST = 64
"""Boxes of a radiograph at most."""

LEAST_SIDE = 2.0
"""Side in pixels below which a box that was shifted over the edge is left out."""

CLASSIFIER = ("fc.weight", "fc.bias")
"""Weights of ResNet-50 that a detector has no use for."""


class Backbone(Part):
    """Where the ResNet-50 starts from.

    Attributes:
        weights: Safetensors file of ImageNet's weights by torchvision's names; "" to learn from scratch.
    """

    weights: str = ""


class Shifts(Part):
    """Changes of a radiograph, each with a chance of one half (Shen et al.).

    Attributes:
        shift: Largest shift along either axis, share of the side; the paper does not say how far.
        flip: Mirror.
    """

    shift: Fraction = 0.1
    flip: bool = True


class RegionRecipe(Recipe):
    """Everything that decides the training.

    Attributes:
        epochs: Passes over the radiographs.
        real: Radiographs that are learned from, and those that are held out.
        added: More to learn from, synthetic ones say; held-out patients are left out.
    """

    epochs: Annotated[float, Field(gt=0)]
    real: Real
    added: Real = Real()
    augmentation: Shifts = Shifts()
    network: Network
    backbone: Backbone = Backbone()


@dataclass(frozen=True)
class Regions(Batch):
    """One step's radiographs.

    Attributes:
        image: Grey -1 to 1, ``float32 [N, 1, S, S]``.
        boxes: ``y0, x0, y1, x1`` and the finding's place in the labels, NaN where there is no box,
            ``float32 [N, 1, MOST, 5]``.
    """

    image: Tensor
    boxes: Tensor

    @property
    def truth(self) -> tuple[list[Tensor], list[Tensor]]:
        """Boxes and kinds of every radiograph, as ``TorchvisionDetector`` takes them."""
        own = [rows[torch.isfinite(rows[:, 0])] for rows in self.boxes[:, 0]]
        return [rows[:, :4] for rows in own], [rows[:, 4].long() for rows in own]


class RegionTask(Task[RegionRecipe, Regions]):
    """One network, torchvision's own losses."""

    role = Role.DETECT
    section = "network"

    def material(self) -> Material:
        """Real radiographs, held out by patient, and added ones of other patients.

        Raises:
            RecipeError: there is nothing to learn from or nothing is held out.
        """
        recipe, side = self.recipe, self.recipe.network.input_side
        learned, kept = load_listed(recipe.real, recipe.added, side)
        batches = RegionBatches(learned, recipe, share=self.share)
        return Material(batches, HeldOutScenes((), kept, recipe.run.sheet))

    def geometry(self, card: Card) -> Card:
        """Findings, and where the ResNet starts from."""
        path, labels = self.recipe.backbone.weights, self.recipe.real.labels
        own = {"labels": list(labels), "pretrained": bool(path)}
        words = f"from {Path(path).name} (SHA-256 {file_sha256(_file(path))})" if path else "from random weights"
        return replace(
            card,
            parameters={**card.parameters, **own},
            changes=(*card.changes, f"ResNet-50 starts {words}."),
        )

    def build_networks(self) -> dict[str, nn.Module]:
        """The network, with ImageNet's weights where the recipe names them."""
        network = self.shipping()
        path = self.recipe.backbone.weights
        if path and isinstance(network, TorchvisionDetector):
            _load(network.resnet, Path(path))
        return {self.section: network}

    def step(self, batch: Regions, step: int) -> dict[str, Tensor]:
        """Learn from one batch."""
        self.set_rates(step)
        losses: dict[str, Tensor] = self.networks["network"](batch.image, *batch.truth)
        self.learn("network", torch.stack(list(losses.values())).sum())
        return {name.removeprefix("loss_"): value.detach() for name, value in losses.items()}

    def example(self) -> tuple[Tensor, ...]:
        """One radiograph."""
        side = self.recipe.network.input_side
        return (torch.zeros(1, 1, side, side),)


class RegionBatches(Samples[Regions]):
    """Batches of radiographs with their boxes.

    Args:
        images: What is learned from.
        recipe: Changes, labels, batch size and seed.
        share: This process's of every batch.
    """

    kind = Regions

    def __init__(self, images: list[Boxed], recipe: RegionRecipe, *, share: Share = ALONE) -> None:
        super().__init__(recipe, share, each_epoch=len(images), epochs=recipe.epochs)
        self.images, self.labels, self.changes = images, recipe.real.labels, recipe.augmentation

    def sample(self, rng: np.random.Generator, place: tuple[int, int]) -> Sample:
        """A radiograph, perhaps shifted and mirrored."""
        _, number = self.shuffled(place, len(self.images))
        boxed = self.images[number]
        rows = [(*finding.box, self.labels.index(finding.label)) for finding in boxed.findings]
        grey, boxes = shifted(rng, boxed.image, np.array(rows, np.float32), self.changes)
        padded = np.full((MOST, 5), np.nan, np.float32)
        padded[: len(boxes[:MOST])] = boxes[:MOST]
        return grey / np.float32(127.5) - 1, padded


def shifted(rng: np.random.Generator, image: NDArray[np.uint8], rows: Plane, changes: Shifts) -> tuple[Plane, Plane]:
    """Shift and mirror, each with a chance of one half; what comes in is black, boxes are cut to the image.

    Args:
        rng: The only source of chance.
        image: ``uint8 [S, S]``.
        rows: Boxes and kinds ``float32 [k, 5]``.
        changes: How far.

    Returns:
        Grey 0 to 255 ``float32 [S, S]``, and the boxes that are left.
    """
    side, moved = len(image), rows.copy()
    far = rng.integers(-round(changes.shift * side), round(changes.shift * side) + 1, size=2)
    down, right = far if rng.random() < 0.5 else (0, 0)
    grey = np.zeros((side, side), np.float32)
    grey[max(0, down) : side + min(0, down), max(0, right) : side + min(0, right)] = image[
        max(0, -down) : side + min(0, -down), max(0, -right) : side + min(0, -right)
    ]
    moved[:, :4] += np.array([down, right, down, right], np.float32)
    if changes.flip and rng.random() < 0.5:
        grey = grey[:, ::-1]
        moved[:, [1, 3]] = side - moved[:, [3, 1]]
    moved[:, :4] = moved[:, :4].clip(0, side)
    left = (moved[:, 2] - moved[:, 0] >= LEAST_SIDE) & (moved[:, 3] - moved[:, 1] >= LEAST_SIDE)
    return np.ascontiguousarray(grey), moved[left]


def _load(resnet: nn.Module, path: Path) -> None:
    """Give the ResNet ImageNet's weights.

    Raises:
        RecipeError: the file holds none.
    """
    try:
        tensors = {name: value.float() for name, value in load_file(path).items() if name not in CLASSIFIER}
        missing = resnet.load_state_dict(tensors, strict=False)
        if missing.unexpected_keys or any("num_batches" not in name for name in missing.missing_keys):
            raise ValueError("other names than torchvision's")
    except (OSError, SafetensorError, RuntimeError, ValueError) as fault:
        what = f"backbone.weights: the file holds no weights of ResNet-50 ({str(fault).splitlines()[0]})"
        raise RecipeError(what, file=path, remedy="Save torchvision's resnet50 as safetensors") from fault


def _file(path: str) -> Path:
    if not Path(path).is_file():
        remedy = 'Save torchvision\'s resnet50 there as safetensors, or set backbone.weights = "" to learn from scratch'
        raise RecipeError("backbone.weights: there is no such file", file=path, remedy=remedy)
    return Path(path)


RECIPE, TASK = RegionRecipe, RegionTask
