"""StarGAN (Choi et al. 2018), Xing's baseline: radiographs get or lose findings."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.errors import RecipeError
from cxr_studio.networks.card import Card, Role
from trainers.adversarial import interpolated_penalty
from trainers.boxed_images import Augmentation
from trainers.gan import GanTask, Judge, Term, View, Weight, frozen
from trainers.held_out_labels import HeldOutLabels
from trainers.labelled_images import Labelled, LabelledBatches, Translated, load_labelled
from trainers.recipe import Network, Part, Positive, Recipe, Run
from trainers.region_batches import Wholes
from trainers.schedule import GENERATOR, Turn
from trainers.stargan_judge import StarGanJudge
from trainers.task import Material

JUDGE = "discriminator"


class StarGanLoss(Part):
    """Weights; the defaults are the paper's.

    Attributes:
        penalty: Of the gradient's norm between real and drawn images (WGAN-GP).
        classes: Of the labels' cross-entropy, for judge and generator.
        cycle: Mean absolute error of a change there and back.
    """

    penalty: Weight = 10.0
    classes: Weight = 1.0
    cycle: Weight = 10.0


class PaperJudge(Part):
    """The discriminator: channels of its first convolution, and strided convolutions."""

    width: Positive = 64
    layers: Positive = 6


class LabelRun(Run):
    """How it runs.

    Attributes:
        val_images: Most held-out radiographs of each kind scored at each snapshot.
    """

    val_images: Positive = 60


class StarGanRecipe(Recipe):
    """Everything that decides the training.

    Attributes:
        epochs: Passes over the radiographs.
        healthy: Radiographs without a label.
        labelled: Those with labels, and the labels' names.
        generator_every: The judge learns so many times as often as the generator.
    """

    epochs: Annotated[float, Field(gt=0)]
    healthy: Wholes
    labelled: Labelled
    augmentation: Augmentation = Augmentation(turn=0, zoom=(1, 1), flip=True)
    generator: Network
    judge: PaperJudge = PaperJudge()
    loss: StarGanLoss = StarGanLoss()
    generator_every: Positive = 5
    run: LabelRun = LabelRun()


class StarGanTask(GanTask[StarGanRecipe, Translated, Translated]):
    """Generator and a judge with two heads."""

    role = Role.TRANSLATE

    def geometry(self, card: Card) -> Card:
        """The labels by name, in the order in which the network is given them."""
        return replace(card, labels=self.recipe.labelled.labels)

    def material(self) -> Material:
        """Healthy and labelled radiographs, and held-out ones."""
        recipe = self.recipe
        labels = len(recipe.labelled.labels)
        if recipe.generator.parameters.get("labels", 1) != labels:
            what = f"the generator takes other labels than the {labels} named"
            raise RecipeError(what, remedy=f"Set generator.parameters.labels = {labels}")
        train, val = load_labelled(recipe.labelled, recipe.healthy, recipe.generator.input_side)
        batches = LabelledBatches(
            train, recipe, epochs=recipe.epochs, augmentation=recipe.augmentation, share=self.share
        )
        return Material(batches, HeldOutLabels(val, count=recipe.run.val_images, sheet=recipe.run.sheet))

    def make_judges(self) -> dict[str, tuple[nn.Module, Judge]]:
        """The paper's."""
        recipe = self.recipe
        side, labels = recipe.generator.input_side, len(recipe.labelled.labels)
        network = StarGanJudge(labels=labels, side=side, width=recipe.judge.width, layers=recipe.judge.layers)
        return {JUDGE: (network, Judge(loss="wasserstein"))}

    def turn(self, step: int) -> Turn:
        """The judge in every step, the generator in every so many."""
        learns = {JUDGE} if (step + 1) % self.recipe.generator_every else {JUDGE, GENERATOR}
        return Turn(0, frozenset(learns), adversarial=True)

    def draw(self, scene: Translated) -> Tensor:
        """The images with the wanted labels."""
        drawn: Tensor = self.networks[GENERATOR](scene.real, scene.wanted)
        return drawn.float()

    def view(self, name: str, scene: Translated, drawn: Tensor) -> View:  # noqa: ARG002
        """The images."""
        return View(scene.real, drawn)

    def lessons(self, name: str, scene: Translated, view: View) -> dict[str, Term]:
        """Gradient penalty, and the real images' labels."""
        network, weights, bare = self.networks[name], self.recipe.loss, self.bare(name)

        def score(image: Tensor) -> Tensor:
            found: Tensor = bare(image).score
            return found.flatten(1).sum(dim=1)

        penalty = interpolated_penalty(score, view.real, fake=view.drawn, between=scene.between)
        return {
            "penalty": Term(weights.penalty, penalty),
            "real_classes": Term(weights.classes, _entropy(network(view.real).features[0], scene.labels)),
        }

    def losses(self, scene: Translated, drawn: Tensor) -> dict[str, Term]:
        """The wanted labels, and the way back."""
        weights, judge = self.recipe.loss, self.networks[JUDGE]
        with frozen(judge):
            classes = _entropy(judge(drawn).features[0], scene.wanted)
        back = self.networks[GENERATOR](drawn, scene.labels).float()
        return {
            "classes": Term(weights.classes, classes),
            "cycle": Term(weights.cycle, (back - scene.real).abs().mean()),
        }

    def example(self) -> tuple[Tensor, ...]:
        """An image and labels."""
        side = self.recipe.generator.input_side
        return torch.zeros(1, 1, side, side), torch.zeros(1, len(self.recipe.labelled.labels))


def _entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy of independent labels, summed over them."""
    flat = logits.flatten(1).float()
    return F.binary_cross_entropy_with_logits(flat, labels, reduction="sum") / len(flat)


RECIPE, TASK = StarGanRecipe, StarGanTask
