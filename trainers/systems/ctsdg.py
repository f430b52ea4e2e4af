"""CTSDG (Guo et al. 2021), a comparator that is given the mask: texture and structure, drawn by two streams."""

from __future__ import annotations

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.card import Card, Role
from trainers.ctsdg_judge import CtsdgJudge
from trainers.edged_patches import Edged, EdgedPatches
from trainers.gan import GanTask, Judge, Term, View, Weight, frozen
from trainers.hole_material import hole_geometry, hole_material
from trainers.patches import PatchRecipe
from trainers.perceptual import FeatureLoss, compared, load_features
from trainers.recipe import Optimiser, Part, Positive, Stage
from trainers.schedule import GENERATOR
from trainers.task import Material

JUDGE = "discriminator"


class CtsdgStage(Stage):
    """A stage.

    Attributes:
        still: Whether the statistics of batch norm on the ways down no longer move, as in the paper's fine-tuning.
    """

    still: bool = False


class CtsdgLoss(FeatureLoss):
    """Weights; the defaults are the paper's.

    Attributes:
        valid: Mean absolute error of what is known, over the whole crop.
        hole: Of the hole, likewise.
        perceptual: Of features, of the answer and of the filled crop.
        style: Of Gram matrices, likewise.
        adversarial: Of the judge's scores.
        edges: Cross-entropy of the edges that the judge finds in the answer; its own of weight 1.
        between: What each stream makes of the crop alone: absolute error of the image, cross-entropy of the edges.
    """

    valid: Weight = 10.0
    hole: Weight = 60.0
    perceptual: Weight = 0.1
    style: Weight = 250.0
    adversarial: Weight = 0.1
    edges: Weight = 0.1
    between: Weight = 1.0


class PaperJudge(Part):
    """The discriminator: channels of its first convolutions, and its optimiser."""

    width: Positive = 64
    optimiser: Optimiser


class CtsdgRecipe(PatchRecipe):
    """Everything that decides the training."""

    loss: CtsdgLoss
    judge: PaperJudge
    stages: Annotated[tuple[CtsdgStage, ...], Field(min_length=1)]


class CtsdgTask(GanTask[CtsdgRecipe, Edged, Edged]):
    """Two streams and a judge with two branches."""

    role = Role.RESTORE

    def material(self) -> Material:
        """Patches of the training radiographs with their edges, and holes of held-out ones."""
        loss = self.recipe.loss
        self.features = load_features(loss.features) if loss.perceptual or loss.style else None
        return hole_material(self.recipe, self.share, kind=EdgedPatches)

    def geometry(self, card: Card) -> Card:
        """Hole and pixel size."""
        return hole_geometry(self.recipe, card)

    def make_judges(self) -> dict[str, tuple[nn.Module, Judge]]:
        """The paper's."""
        recipe = self.recipe
        judge = Judge(loss="non-saturating", weight=recipe.loss.adversarial, optimiser=recipe.judge.optimiser)
        return {JUDGE: (CtsdgJudge(width=recipe.judge.width), judge)}

    def step(self, batch: Edged, step: int) -> dict[str, Tensor]:
        """Learn, with statistics that stand still where the stage says so."""
        still = self.recipe.stages[self.stage(step)].still
        network = self.bare(GENERATOR)
        for stream in (network.texture, network.structure):
            stream.down_norm.train(not still)  # type: ignore[union-attr]
        return super().step(batch, step)

    def draw(self, scene: Edged) -> Tensor:
        """Filled crops, and what each stream makes of them, ``[N, 3, S, S]``."""
        drawn: Tensor = self.networks[GENERATOR](scene.image, scene.hole, edges=scene.edges)
        return drawn.float()

    def view(self, name: str, scene: Edged, drawn: Tensor) -> View:  # noqa: ARG002
        """Image, true image, edges; those of what was drawn the judge finds itself."""
        ones = torch.ones_like(scene.edges)
        real = torch.cat([scene.real, scene.real, scene.edges, ones], dim=1)
        return View(real, torch.cat([drawn[:, :1], scene.real, scene.edges, 0 * ones], dim=1))

    def lessons(self, name: str, scene: Edged, view: View) -> dict[str, Term]:
        """To find edges, in both."""
        found = [_entropy(self.networks[name](seen).features[0], scene.edges) for seen in (view.real, view.drawn)]
        return {"edges": Term(1.0, torch.stack(found).sum())}

    def losses(self, scene: Edged, drawn: Tensor) -> dict[str, Term]:
        """Absolute errors, features, edges in the answer, and what each stream makes alone."""
        weights, judge = self.recipe.loss, self.networks[JUDGE]
        image, texture, edges = drawn.chunk(3, dim=1)
        error, filled = (image - scene.real).abs(), torch.where(scene.hole > 0, image, scene.real)
        with frozen(judge):
            found = judge(self.view(JUDGE, scene, drawn).drawn).features[0]
        between = (texture - scene.real).abs().mean() + _entropy(edges, scene.edges)
        terms = {
            "valid": Term(weights.valid, (error * (1 - scene.hole)).mean()),
            "hole": Term(weights.hole, (error * scene.hole).mean()),
            "edges": Term(weights.edges, _entropy(found, scene.edges)),
            "between": Term(weights.between, between),
        }
        if self.features is not None:
            perceptual, style = compared(self.features, (image, filled), scene.real)
            terms["perceptual"] = Term(weights.perceptual, perceptual)
            terms["style"] = Term(weights.style, style)
        return terms

    def example(self) -> tuple[Tensor, ...]:
        """A crop and its hole."""
        side = self.recipe.generator.input_side
        return torch.zeros(1, 1, side, side), torch.zeros(1, 1, side, side)


RECIPE, TASK = CtsdgRecipe, CtsdgTask


def _entropy(logits: Tensor, edges: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(logits.float(), edges)
