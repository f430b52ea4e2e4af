"""MedGAN and its kin: ip-MedGAN, ipA-MedGAN, and pix2pix in their comparisons; the recipes say which is which.

Each is given a whole image with a blank region and draws the whole image; nothing is pasted (Armanious et al.).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.card import Card, Role
from trainers.adversarial import mean
from trainers.boxed_images import load_healthy
from trainers.distances import gram_distance
from trainers.gan import GanTask, Judge, Term, View, Weight, built
from trainers.held_out_regions import HeldOutRegions
from trainers.perceptual import FeatureLoss, both, load_features
from trainers.recipe import Positive
from trainers.region_batches import RegionBatches, Regioned, RegionRecipe
from trainers.schedule import GENERATOR, Turn
from trainers.task import Material

CHANNELS = 2
"""Source and image, which every judge sees."""

LOCAL = "local"
"""Judge that sees a square around the region (ip-MedGAN)."""


class MedGanLoss(FeatureLoss):
    """Weights of the generator's losses beside the judges'; a judge's ``features`` is its perceptual weight.

    Attributes:
        l1: Mean absolute error of the whole image: the perceptual loss of the raw inputs.
        hole: The same in the region alone.
        style: Of Gram matrices of features, as in MedGAN.
        style_taps: Whose; none = the usual three.
        content: Mean squared difference of features, summed over the taps.
        content_taps: Whose; none = the usual three.
    """

    weighted = ("style", "content")
    l1: Weight = 20.0
    hole: Weight = 0.0
    style: Weight = 0.0
    style_taps: tuple[str, ...] = ()
    content: Weight = 0.0
    content_taps: tuple[str, ...] = ()


class MedGanRecipe(RegionRecipe):
    """Everything that decides the training.

    Attributes:
        generator_every: The judges learn so many times as often as the generator.
        judged_from: Epochs before the judges join; until then the generator learns by errors and style alone.
        local_side: Side of the square that the judge "local" sees, pixels.
        judges: Discriminators by name: "global" and "patch" see the whole image, "local" a square around the region.
    """

    loss: MedGanLoss = MedGanLoss()
    normal_start: bool = True
    generator_every: Positive = 1
    judged_from: Weight = 0.0
    local_side: Positive = 64
    judges: dict[Literal["global", "patch", "local"], Judge]


class MedGanTask(GanTask[MedGanRecipe, Regioned, Regioned]):
    """Generator and judges, which all see source and image."""

    role = Role.TRANSLATE

    def geometry(self, card: Card) -> Card:
        """A region that is given is blanked."""
        return replace(card, base="blank")

    def material(self) -> Material:
        """Whole radiographs with regions, and held-out ones with others."""
        recipe, side = self.recipe, self.recipe.generator.input_side
        loss = recipe.loss
        self.style = load_features(loss.features, loss.style_taps) if loss.style else None
        self.content = load_features(loss.features, loss.content_taps) if loss.content else None
        train, val = (load_healthy(folder, side) for folder in (recipe.images.train, recipe.images.val))
        return Material(RegionBatches(train, recipe, share=self.share), HeldOutRegions(val, recipe))

    def make_judges(self) -> dict[str, tuple[nn.Module, Judge]]:
        """The recipe's."""
        return built(self.recipe.judges, CHANNELS)

    def turn(self, step: int) -> Turn:
        """The generator alone at first; then the judges in every step, the generator in every so many."""
        if step < self.recipe.judged_from * self.stretch * self.steps_per_epoch:
            return Turn(0, frozenset({GENERATOR}), adversarial=False)
        names = set(self.networks)
        if step % self.recipe.generator_every:
            names.discard(GENERATOR)
        return Turn(0, frozenset(names), adversarial=True)

    def draw(self, scene: Regioned) -> Tensor:
        """Whole images ``[N, 1, S, S]``."""
        drawn: Tensor = self.networks[GENERATOR](scene.seen)
        return drawn.float()

    def view(self, name: str, scene: Regioned, drawn: Tensor) -> View:
        """Source and image, whole or around the region."""
        real, fake = (torch.cat([scene.seen, image], dim=1) for image in (scene.real, drawn))
        if name == LOCAL:
            side = min(self.recipe.local_side, real.shape[-1])
            return View(_around(real, scene.hole, side), _around(fake, scene.hole, side))
        return View(real, fake)

    def losses(self, scene: Regioned, drawn: Tensor) -> dict[str, Term]:
        """Absolute errors, style and content."""
        weights, error = self.recipe.loss, (drawn - scene.real).abs()
        terms = {"l1": Term(weights.l1, error.mean())}
        if weights.hole:
            terms["hole"] = Term(weights.hole, mean(error, scene.hole))
        if self.style is not None:
            found, wanted = both(self.style, drawn, scene.real)
            terms["style"] = Term(weights.style, gram_distance(found, wanted, style="squared"))
        if self.content is not None:
            pairs = zip(*both(self.content, drawn, scene.real), strict=True)
            terms["content"] = Term(weights.content, torch.stack([F.mse_loss(a, b) for a, b in pairs]).sum())
        return terms

    def example(self) -> tuple[Tensor, ...]:
        """An image."""
        side = self.recipe.generator.input_side
        return (torch.zeros(1, 1, side, side),)


def _around(image: Tensor, hole: Tensor, side: int) -> Tensor:
    """Squares ``[N, C, side, side]`` around the middle of each region."""
    found = []
    for one, mask in zip(image, hole[:, 0], strict=True):
        places = mask.nonzero()
        middle = (places.amin(dim=0) + places.amax(dim=0) + 1) // 2
        top, left = (int(at) for at in (middle - side // 2).clamp(0, one.shape[-1] - side))
        found.append(one[:, top : top + side, left : left + side])
    return torch.stack(found)


RECIPE, TASK = MedGanRecipe, MedGanTask
