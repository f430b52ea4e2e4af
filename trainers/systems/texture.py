"""The texture generator (Shen et al.) and its compact variant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.dilation import dilated
from cxr_studio.networks.gated import boxed
from cxr_studio.nodules import projection
from cxr_studio.nodules.ct_library import held_out, read_library
from cxr_studio.nodules.simulation import Simulator, views
from trainers.cards import NIH_MM_PER_PIXEL, NIH_SIDE
from trainers.discriminators import SpectralPatchDiscriminator
from trainers.distances import Scale
from trainers.gan import GanTask, Judge, Term, View, Weight, built
from trainers.held_out_pairs import HeldOutPairs
from trainers.image_store import load_images
from trainers.nodule_pairs import NodulePair, NodulePairRecipe, NodulePairs
from trainers.perceptual import FeatureLoss, load_features, perceptual_loss
from trainers.recipe import Part, Positive
from trainers.schedule import GENERATOR
from trainers.task import Material
from trainers.views import CHANNELS, normalised_view

EDGE = 8
"""Pixels around a silhouette that count as its region: the nodule's soft edge."""


class TextureLoss(FeatureLoss):
    """Weights; all 1 in the paper.

    Attributes:
        l1: Mean absolute error of both stages' patches.
        region: Mean absolute error under the silhouette and its soft edge, each patch counting the same.
        perceptual: Mean absolute difference of features.
        adversarial: LSGAN.
        taps: Names of its feature maps, e.g. "pool1"; none = the usual three.
        scale: What the features' differences are divided by: "none" and summed as in the paper, or the real features'
            "spread" or "size" and averaged.
    """

    weighted = ("perceptual",)
    l1: Weight = 1.0
    region: Weight = 0.0
    perceptual: Weight = 1.0
    adversarial: Weight = 1.0
    taps: tuple[str, ...] = ()
    scale: Scale = "none"


class PaperJudge(Part):
    """The PatchGAN discriminator.

    Attributes:
        width: Channels of its first convolution.
        rate_share: Its learning rate as a share of the generator's.
    """

    width: Positive = 64
    rate_share: Annotated[float, Field(gt=0)] = 0.1


class TextureRecipe(NodulePairRecipe):
    """Everything that decides the training of a texture generator.

    Attributes:
        judges: Discriminators that see greys, high-pass and the nodule's region on scales of their own, as those of the
            inpainting network do; "wide" at half the resolution. Beside the paper's own, or with its weight 0 instead.
    """

    loss: TextureLoss
    judge: PaperJudge = PaperJudge()
    judges: dict[Literal["fine", "wide"], Judge] = Field(default_factory=dict)


class TextureTask(GanTask[TextureRecipe, NodulePair, NodulePair]):
    """Generator, the paper's PatchGAN, and judges beside it."""

    role = Role.INSERT

    def material(self) -> Material:
        """Simulated pairs, and others of held-out patients and CT series; the features to compare by."""
        recipe = self.recipe
        self.features = load_features(recipe.loss.features, recipe.loss.taps) if recipe.loss.perceptual else None
        pairs, side = recipe.pairs, recipe.generator.input_side
        nodules = read_library(Path(pairs.nodules))
        learned = [nodule for nodule in nodules if not held_out(nodule.series)]
        tested = [nodule for nodule in nodules if held_out(nodule.series)] or learned
        seen = _simulator(pairs.train, views(learned, each=pairs.views, seed=recipe.seed), side)
        unseen = _simulator(pairs.val, views(tested, each=1, seed=0), side)
        return Material(NodulePairs(seen, recipe, share=self.share), HeldOutPairs(unseen, recipe))

    def geometry(self, card: Card) -> Card:
        """Pixel size, and the features that it was compared by."""
        data = f"{card.data} {self.features.words}" if self.features else card.data
        return replace(card, mm_per_pixel=NIH_MM_PER_PIXEL, reference_side=NIH_SIDE, data=data)

    @property
    def stages(self) -> int:
        """How many patches the generator draws of each, coarse and fine."""
        return int(self.recipe.generator.parameters.get("stages", 2))

    def make_judges(self) -> dict[str, tuple[nn.Module, Judge]]:
        """The paper's where it has a weight, and the recipe's others."""
        recipe, judges = self.recipe, dict[str, tuple[nn.Module, Judge]]()
        if recipe.loss.adversarial:
            optimiser = recipe.optimiser.at(recipe.optimiser.rate * recipe.judge.rate_share)
            judge = Judge(loss="least-squares", weight=recipe.loss.adversarial, optimiser=optimiser)
            judges["discriminator"] = (SpectralPatchDiscriminator(channels=2, width=recipe.judge.width), judge)
        return judges | built(recipe.judges, CHANNELS)

    def draw(self, scene: NodulePair) -> Tensor:
        """Patches of both stages in a row of channels, ``[N, stages, S, S]``; one where they are the same."""
        around = scene.real if self.recipe.pairs.surroundings == "real" else scene.healthy
        stages = self.networks[GENERATOR](around, scene.mask, scene.contrast)
        return torch.cat(stages[-self.stages :], dim=1)

    def view(self, name: str, scene: NodulePair, drawn: Tensor) -> View:
        """The last stage's patches beside what the generator knows of the place: the silhouette, or its box."""
        if name in self.recipe.judges:
            return normalised_view(scene.real, drawn[:, -1:], _near(scene.mask), shrink=2 if name == "wide" else 1)
        mask = scene.mask
        if self.recipe.generator.parameters.get("box"):
            mask, _ = boxed(mask, scene.contrast)
        real, fake = (torch.cat([mask, patch], dim=1) for patch in (scene.real, drawn[:, -1:]))
        return View(real, fake)

    def losses(self, scene: NodulePair, drawn: Tensor) -> dict[str, Term]:
        """Absolute errors of every stage, whole and under the silhouette, and the last one's features."""
        weights = self.recipe.loss
        errors = [(stage - scene.real).abs() for stage in drawn.split(1, dim=1)]  # type: ignore[no-untyped-call]
        terms = {"l1": Term(weights.l1, torch.stack([error.mean() for error in errors]).sum())}
        if weights.region:
            region = _near(scene.mask)
            each = [(error * region).sum(dim=(1, 2, 3)) / region.sum(dim=(1, 2, 3)) for error in errors]
            terms["region"] = Term(weights.region, torch.stack([one.mean() for one in each]).sum())
        if self.features is not None:
            value = perceptual_loss(self.features, drawn[:, -1:], scene.real, scale=weights.scale)
            terms["perceptual"] = Term(weights.perceptual, value)
        return terms

    def example(self) -> tuple[Tensor, ...]:
        """A patch, its silhouette and contrast."""
        side = self.recipe.generator.input_side
        mask = torch.zeros(1, 1, side, side)
        mask[..., side // 2, side // 2] = 1
        return torch.zeros(1, 1, side, side), mask, torch.zeros(1, 1, side, side)


def _near(mask: Tensor) -> Tensor:
    """The silhouette and its soft edge."""
    return dilated(mask, EDGE)


def _simulator(folder: str, seen: list[projection.View], side: int) -> Simulator:
    return Simulator(load_images(folder), seen, side=side, mm_per_pixel=NIH_MM_PER_PIXEL)


RECIPE, TASK = TextureRecipe, TextureTask
