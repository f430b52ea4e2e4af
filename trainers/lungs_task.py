"""Training of the lung segmentation (FC-DenseNet, Jégou et al. 2017)."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.card import Role
from cxr_studio.networks.registry import build
from cxr_studio.nodules.lungs import asked_twice, two_lungs
from trainers.cards import blank_card
from trainers.lung_pairs import Batch, Pair, PairBatches, load_pairs, unit
from trainers.lungs_recipe import LungsRecipe
from trainers.task import Task

TRUE_COLOUR, FOUND_COLOUR = (0, 200, 0), (0, 200, 255)
"""Outlines on the sample sheet in blue, green, red: the mask's green, the network's yellow."""

COLUMNS = 5
"""Radiographs in a row of the sample sheet."""


class LungsTask(Task[Batch]):
    """One network, Dice and cross-entropy.

    Args:
        recipe: The recipe.
        text: Its TOML text, for the card.
        rank: This process among ``world``.
        world: Number of processes.
    """

    def __init__(self, recipe: LungsRecipe, text: str, *, rank: int = 0, world: int = 1) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        learned, self.held_out = load_pairs(recipe.images, recipe.network.input_side)
        batches = PairBatches(learned, recipe, rank=rank, world=world)
        blank = blank_card(recipe, text, recipe.network, role=Role.SEGMENT)
        network = build(blank).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        for layer in network.modules():
            if isinstance(layer, nn.Dropout):
                layer.p = recipe.dropout
        super().__init__(recipe, blank, batches, networks={"network": network})

    def step(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """Learn from one batch."""
        self.set_rates(step)
        logits = self.networks["network"](batch.image)
        loss, parts = segment_loss(logits, batch.lungs, recipe=self.recipe)
        self.learn("network", loss)
        return parts

    def scores(self) -> dict[str, float]:
        """Dice of the held-out radiographs at the network's size, as lung_mask finds them: mean, least, number."""
        found = self._found(self.held_out)
        each = [dice(mask, pair.lungs > 127) for mask, pair in zip(found, self.held_out, strict=True)]
        return {"val_dice": float(np.mean(each)), "val_dice_least": min(each), "val_radiographs": float(len(each))}

    def sheet(self) -> NDArray[np.uint8]:
        """Draw held-out radiographs with the true outline and the network's."""
        pairs = self.held_out[: self.recipe.run.sheet]
        tiles = [_outlined(pair, mask) for pair, mask in zip(pairs, self._found(pairs), strict=True)]
        tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % COLUMNS)
        return np.vstack([np.hstack(tiles[k : k + COLUMNS]) for k in range(0, len(tiles), COLUMNS)])

    def example(self) -> tuple[Tensor, ...]:
        """One radiograph."""
        side = self.recipe.network.input_side
        return (torch.zeros(1, 1, side, side),)

    def _found(self, pairs: list[Pair]) -> list[NDArray[np.bool_]]:
        network, device = self.shipped(), self.fabric.device
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
