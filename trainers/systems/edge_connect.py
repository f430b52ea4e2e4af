"""EdgeConnect (Nazeri et al. 2019), a comparator that is given the mask: edges of the hole, then the image.

Both networks learn in every step: where the second is given the true edges, neither looks at the other, and the paper's
first two stages, one after the other there, are one here.
"""

from __future__ import annotations

from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from cxr_studio.networks.card import Card, Role
from trainers.distances import gram_distance
from trainers.edged_patches import Edged, EdgedPatches
from trainers.gan import GanTask, Judge, Term, View, Weight
from trainers.hole_material import hole_geometry, hole_material
from trainers.patches import PatchRecipe
from trainers.perceptual import FeatureLoss, both, load_features, perceptual_loss
from trainers.processes import mean_over_all
from trainers.recipe import Stage
from trainers.schedule import GENERATOR
from trainers.task import Material

EDGES = "edges"
"""Judge that sees grey and edges; the other sees the image."""


class EdgeStage(Stage):
    """A stage.

    Attributes:
        edges: Whether the second network is given the hole's true edges, or those that the first one draws.
    """

    edges: Literal["true", "drawn"] = "true"


class EdgeLoss(FeatureLoss):
    """Weights beside the judges'; the defaults are the paper's. Greys count on 0 to 1, as there.

    Attributes:
        l1: Mean absolute error of the whole crop over the hole's share of it.
        perceptual: Of features.
        perceptual_taps: Whose; none = the usual three.
        style: Of Gram matrices in the hole.
        style_taps: Whose; none = the usual three.
    """

    l1: Weight = 1.0
    perceptual: Weight = 0.1
    perceptual_taps: tuple[str, ...] = ()
    style: Weight = 250.0
    style_taps: tuple[str, ...] = ()


class EdgeRecipe(PatchRecipe):
    """Everything that decides the training.

    Attributes:
        judges: "edges" sees grey and edges, "image" the image; the paper's are of field 70 with spectral norm.
    """

    loss: EdgeLoss
    judges: dict[Literal["edges", "image"], Judge]
    stages: Annotated[tuple[EdgeStage, ...], Field(min_length=1)]


class EdgeTask(GanTask[EdgeRecipe, Edged, Edged]):
    """Two networks in one, and a judge of each.

    Attributes:
        given: Whether the second network is given the hole's true edges in the current step.
    """

    role = Role.RESTORE
    given = True

    def material(self) -> Material:
        """Patches of the training radiographs with their edges, and holes of held-out ones."""
        loss = self.recipe.loss
        self.perceptual = load_features(loss.features, loss.perceptual_taps) if loss.perceptual else None
        self.style = load_features(loss.features, loss.style_taps) if loss.style else None
        return hole_material(self.recipe, self.share, kind=EdgedPatches)

    def geometry(self, card: Card) -> Card:
        """Hole and pixel size."""
        return hole_geometry(self.recipe, card)

    def make_judges(self) -> dict[str, tuple[nn.Module, Judge]]:
        """The recipe's."""
        return {name: (judge.build(1 + (name == EDGES)), judge) for name, judge in self.recipe.judges.items()}

    def step(self, batch: Edged, step: int) -> dict[str, Tensor]:
        """Learn, with the edges that the stage names."""
        self.given = self.recipe.stages[self.stage(step)].edges == "true"
        return super().step(batch, step)

    def draw(self, scene: Edged) -> Tensor:
        """Edges and images ``[N, 2, S, S]``."""
        drawn: Tensor = self.networks[GENERATOR](scene.image, scene.hole, edges=scene.edges, given=self.given)
        return drawn.float()

    def view(self, name: str, scene: Edged, drawn: Tensor) -> View:
        """Grey and edges, or the image."""
        if name == EDGES:
            real, fake = (torch.cat([scene.real, edges], dim=1) for edges in (scene.edges, drawn[:, :1]))
            return View(real, fake)
        return View(scene.real, drawn[:, 1:])

    def losses(self, scene: Edged, drawn: Tensor) -> dict[str, Term]:
        """Absolute error, features, and style in the hole."""
        weights, image = self.recipe.loss, drawn[:, 1:]
        error = (image - scene.real).abs().mean() / 2
        terms = {"l1": Term(weights.l1, error / mean_over_all(scene.hole.mean()))}
        if self.perceptual is not None:
            distance = perceptual_loss(self.perceptual, image, scene.real, scale="none")
            terms["perceptual"] = Term(weights.perceptual, distance)
        if self.style is not None:
            found, wanted = both(self.style, image * scene.hole, scene.real * scene.hole)
            terms["style"] = Term(weights.style, gram_distance(found, wanted))
        return terms

    def example(self) -> tuple[Tensor, ...]:
        """A crop and its hole."""
        side = self.recipe.generator.input_side
        return torch.zeros(1, 1, side, side), torch.zeros(1, 1, side, side)


RECIPE, TASK = EdgeRecipe, EdgeTask
