"""pix2pix's generator of surroundings: Algorithm 1 of Xing et al. (Pix2Pix, and Pix2Pix-N with healthy radiographs)."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.compact_pix2pix import CompactPix2Pix, enlarged
from trainers.boxed_images import load_boxed, load_healthy
from trainers.gan import GanTask, Judge, Term, View, Weight, built
from trainers.held_out_boxes import HeldOutBoxes
from trainers.recipe import Part
from trainers.schedule import GENERATOR
from trainers.surround_batches import Surround, SurroundBatches, SurroundRecipe
from trainers.surround_views import CHANNELS, PAIR_CHANNELS, pair_view, scaled_view
from trainers.task import Material

PAPER = "paper"
"""Judge that sees source and image, as in pix2pix."""

CHEST_COPIES = 4
"""Augmented copies of each radiograph from which smooth chests are learned."""

FORM = 16
"""Side of the squares in pixels whose means are a radiograph's large forms."""


class SurroundLoss(Part):
    """Weights of the generator's losses beside the judges'.

    Attributes:
        l1: Mean absolute error of the image, the box pasted back (λ of pix2pix).
        draft: How far the large forms leave those of the smooth chest that a generator drew first.
    """

    l1: Weight = 100.0
    draft: Weight = 0.0


class Pix2PixRecipe(SurroundRecipe):
    """Everything that decides the training of a generator of surroundings.

    Attributes:
        judges: Discriminators by name. "paper" sees source and image, as in pix2pix. The others see greys, high-pass
            and box in squares of 64 of their pixels: "wide" the whole, shrunk; "middle" a random square at half the
            resolution, "fine" one at full resolution.
    """

    loss: SurroundLoss = SurroundLoss()
    judges: dict[Literal["paper", "wide", "middle", "fine"], Judge]


class Scene(NamedTuple):
    """A batch, and the smooth chests that a generator begins with, ``[2 N, 1, s, s]``."""

    batch: Surround
    drafts: Tensor | None


class Pix2PixTask(GanTask[Pix2PixRecipe, Surround, Scene]):
    """Generator and judges; the input keeps the box's pixels alone, and what is drawn gets them back before judging."""

    role = Role.SURROUND

    def material(self) -> Material:
        """Boxed and healthy radiographs, and those of held-out patients."""
        recipe, side = self.recipe, self.recipe.generator.input_side
        train, val = load_boxed(recipe.boxed, side)
        healthy, healthy_val = (load_healthy(folder, side) for folder in (recipe.healthy.train, recipe.healthy.val))
        self.samples = SurroundBatches(train, healthy, recipe, share=self.share)
        return Material(self.samples, HeldOutBoxes(val, healthy_val, recipe))

    def geometry(self, card: Card) -> Card:
        """Another seed draws other surroundings."""
        return replace(card, stochastic=True)

    def make_judges(self) -> dict[str, tuple[nn.Module, Judge]]:
        """The recipe's."""
        paper = {name: judge for name, judge in self.recipe.judges.items() if name == PAPER}
        others = {name: judge for name, judge in self.recipe.judges.items() if name != PAPER}
        return built(paper, PAIR_CHANNELS) | built(others, CHANNELS)

    def build_networks(self) -> dict[str, nn.Module]:
        """As in every task; smooth chests are learned here, once, from all radiographs."""
        networks = super().build_networks()
        generator = networks[GENERATOR]
        self.chest = generator.chest if isinstance(generator, CompactPix2Pix) else None
        if self.chest is not None:
            self.chest.fit(self.samples.everyone(CHEST_COPIES))
        return networks

    def prepare(self, batch: Surround) -> Scene:
        """The batch, and for a generator that begins with one, the smooth chests of two draws of each box."""
        if self.chest is None:
            return Scene(batch, None)
        own = self.chest.draft(batch.real, torch.ones_like(batch.box))
        return Scene(batch, torch.cat([own, self.chest.draft(batch.real, batch.box)]))

    def draw(self, scene: Scene) -> Tensor:
        """Draw around every box and paste its pixels back, ``[N, 1, S, S]``.

        With smooth chests ``[2 N, 1, S, S]``: the true radiograph's own first, then another that agrees with the box.
        """
        batch = scene.batch
        if scene.drafts is None:
            drawn: Tensor = self.networks[GENERATOR](batch.seen, batch.box)
        else:
            seen, box = (part.repeat(2, 1, 1, 1) for part in (batch.seen, batch.box))
            drawn = self.networks[GENERATOR](seen, box, draft=scene.drafts)
        return batch.pasted(drawn.float())

    def view(self, name: str, scene: Scene, drawn: Tensor) -> View:
        """Source and image for "paper", a scale of its own for the others."""
        return pair_view(scene.batch, drawn) if name == PAPER else scaled_view(name, scene.batch, drawn)

    def losses(self, scene: Scene, drawn: Tensor) -> dict[str, Term]:
        """Absolute error of the draws whose truth is known; how far the others leave their smooth chests."""
        weights, batch = self.recipe.loss, scene.batch
        count = len(batch.real)
        terms = {"l1": Term(weights.l1, (drawn[:count] - batch.real).abs().mean())}
        if weights.draft and scene.drafts is not None:
            smooth = batch.pasted(enlarged(scene.drafts, drawn.shape[-1] // scene.drafts.shape[-1]))
            left = F.avg_pool2d((drawn - smooth)[count:], FORM)
            terms["draft"] = Term(weights.draft, left.abs().mean())
        return terms

    def example(self) -> tuple[Tensor, ...]:
        """A source and its box."""
        side = self.recipe.generator.input_side
        return -torch.ones(1, 1, side, side), torch.zeros(1, 1, side, side)


RECIPE, TASK = Pix2PixRecipe, Pix2PixTask
