"""The lung segmentation (FC-DenseNet, Jégou et al. 2017)."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.card import Role
from cxr_studio.nodules.lungs import asked_twice, two_lungs
from trainers.lung_pairs import LungPairRecipe, LungPairs, Lungs, Pair, Width, load_pairs, unit
from trainers.recipe import Fraction, Network, Part
from trainers.sheets import tiled
from trainers.task import Material, Task

TRUE_COLOUR, FOUND_COLOUR = (0, 200, 0), (0, 200, 255)
"""Outlines on the sample sheet in blue, green, red: the mask's green, the network's yellow."""

COLUMNS = 5
"""Radiographs in a row of the sample sheet."""


class SegmentLoss(Part):
    """Weights of the two terms: soft Dice per image, and binary cross-entropy per pixel."""

    dice: Width = 1.0
    cross_entropy: Width = 1.0


class LungsRecipe(LungPairRecipe):
    """Everything that decides the training of a lung segmentation.

    Attributes:
        dropout: Share of the activations that are dropped while learning (0.2 in the paper).
    """

    network: Network
    loss: SegmentLoss = SegmentLoss()
    dropout: Fraction = 0.2


class LungsTask(Task[LungsRecipe, Lungs]):
    """One network, Dice and cross-entropy."""

    role = Role.SEGMENT
    section = "network"

    def material(self) -> Material:
        """Changed pairs, and held-out ones as they are."""
        learned, kept = load_pairs(self.recipe.images, self.recipe.network.input_side)
        return Material(LungPairs(learned, self.recipe, share=self.share), HeldOutLungs(kept, self.recipe.run.sheet))

    def shipping(self) -> nn.Module:
        """The network, with the recipe's dropout."""
        network = super().shipping()
        for layer in network.modules():
            if isinstance(layer, nn.Dropout):
                layer.p = self.recipe.dropout
        return network

    def step(self, batch: Lungs, step: int) -> dict[str, Tensor]:
        """Learn from one batch."""
        self.set_rates(step)
        logits = self.networks["network"](batch.image)
        loss, parts = segment_loss(logits, batch.lungs, recipe=self.recipe)
        self.learn("network", loss)
        return parts

    def example(self) -> tuple[Tensor, ...]:
        """One radiograph."""
        side = self.recipe.network.input_side
        return (torch.zeros(1, 1, side, side),)


class HeldOutLungs:
    """Radiographs with masks, of other patients.

    Args:
        pairs: The radiographs.
        shown: How many the sample sheet shows.
    """

    def __init__(self, pairs: list[Pair], shown: int) -> None:
        self.pairs = pairs
        self.shown = pairs[:shown]

    def scores(self, network: nn.Module, device: torch.device) -> dict[str, float]:
        """Dice at the network's size, as lung_mask finds them: mean, least, number."""
        found = _found(network, device, self.pairs)
        each = [dice(mask, pair.lungs > 127) for mask, pair in zip(found, self.pairs, strict=True)]
        return {"val_dice": float(np.mean(each)), "val_dice_least": min(each), "val_radiographs": float(len(each))}

    def sheet(self, network: nn.Module, device: torch.device) -> NDArray[np.uint8]:
        """Radiographs with the true outline and the network's."""
        found = _found(network, device, self.shown)
        return tiled([_outlined(pair, mask) for pair, mask in zip(self.shown, found, strict=True)], COLUMNS)


def _found(network: nn.Module, device: torch.device, pairs: list[Pair]) -> list[NDArray[np.bool_]]:
    images = (torch.from_numpy(unit(pair.image))[None, None].to(device) for pair in pairs)
    return [two_lungs(asked_twice(network, image))[0] > 0 for image in images]


def segment_loss(logits: Tensor, truth: Tensor, *, recipe: LungsRecipe) -> tuple[Tensor, dict[str, Tensor]]:
    """Weighted sum of 1 − soft Dice (mean over images) and binary cross-entropy, and both by name.

    Args:
        logits: ``float32 [N, 1, S, S]``.
        truth: Likewise, 0 to 1.
        recipe: Gives the weights.
    """
    share = logits.sigmoid()
    both = 2 * (share * truth).sum(dim=(1, 2, 3)) + 1
    missed = 1 - (both / (share.sum(dim=(1, 2, 3)) + truth.sum(dim=(1, 2, 3)) + 1)).mean()
    entropy = F.binary_cross_entropy_with_logits(logits, truth)
    total = recipe.loss.dice * missed + recipe.loss.cross_entropy * entropy
    return total, {"dice_loss": missed.detach(), "cross_entropy": entropy.detach()}


def dice(found: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """Twice the overlap over the sum of the areas; 1 where both are empty."""
    total = int(found.sum()) + int(truth.sum())
    return 2.0 * int((found & truth).sum()) / total if total else 1.0


def _outlined(pair: Pair, found: NDArray[np.bool_]) -> NDArray[np.uint8]:
    tile = cv2.cvtColor(pair.image, cv2.COLOR_GRAY2BGR)
    for mask, colour in ((pair.lungs > 127, TRUE_COLOUR), (found, FOUND_COLOUR)):
        contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(tile, contours, -1, colour, 1)
    return np.asarray(tile)


RECIPE, TASK = LungsRecipe, LungsTask
