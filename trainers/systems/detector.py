"""The compact detector: centres on heatmaps, with sizes (Zhou et al. 2019)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional as F

from cxr_studio.arrays import Plane
from cxr_studio.datasets.entries import NODULE, Rectangle
from cxr_studio.errors import RecipeError
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.compact_detector import maps
from cxr_studio.nodules.ct_library import CtNodule, held_out, read_library
from cxr_studio.nodules.simulation import views
from trainers.batches import ALONE, Sample, Samples, Share
from trainers.boxed_images import Augmentation
from trainers.detector_scenes import Drawing, Scene, Scenes, moved, targets
from trainers.held_out_scenes import HeldOutScenes
from trainers.listed_radiographs import Boxed, Real, load_listed, load_real
from trainers.recipe import Network, Part, Positive, Recipe, Run
from trainers.task import Material, Task

SEED = 20_210_521
"""Seed of the held-out scenes, the same whatever the recipe's seed, so that runs compare."""

UNCHANGED = Augmentation(turn=0, zoom=(1, 1), flip=False)
Weight = Annotated[float, Field(ge=0)]


class DetectorLoss(Part):
    """Weights of the terms: focal loss of the heatmap, logarithm of the sides, place of the centre (1, 0.1, 1 in the
    paper, whose sides are in pixels)."""

    heat: Weight = 1.0
    sides: Weight = 0.5
    place: Weight = 0.5


class DetectorRun(Run):
    """How it runs.

    Attributes:
        val_images: Held-out radiographs with drawn nodules, scored at each snapshot.
    """

    val_images: Positive = 60


class DetectorRecipe(Recipe):
    """Everything that decides the training of a detector.

    Attributes:
        epochs: Passes over the healthy radiographs, or over the listed ones without ``scenes``.
        scenes: Healthy radiographs that nodules are drawn into on the fly; where left out, listed ones alone.
        real: Radiographs that are learned from, and those that are held out.
        added: More to learn from without ``scenes``, synthetic ones say; held-out patients are left out.
    """

    epochs: Annotated[float, Field(gt=0)]
    scenes: Scenes | None = None
    real: Real = Real()
    added: Real = Real()
    augmentation: Augmentation = Augmentation(zoom=(1.0, 1.0))
    network: Network
    loss: DetectorLoss = DetectorLoss()
    run: DetectorRun = DetectorRun()


class DetectorTask(Task[DetectorRecipe, Scene]):
    """One network, three terms."""

    role = Role.DETECT
    section = "network"

    def material(self) -> Material:
        """Healthy radiographs with drawn nodules, and real ones, held out by patient and by CT series; or listed ones.

        Raises:
            RecipeError: there is nothing to learn from or nothing is held out, or sections do not go together.
        """
        recipe, side = self.recipe, self.recipe.network.input_side
        if recipe.scenes is None:
            learned, kept = load_listed(recipe.real, recipe.added, side)
            return Material(ListedScenes(learned, recipe, share=self.share), HeldOutScenes((), kept, recipe.run.sheet))
        if recipe.added.truth or NODULE not in recipe.real.labels:
            what = f"scenes draws nodules: it goes without added, and real.label names {NODULE}"
            raise RecipeError(what, remedy="Leave scenes out, or change the others")
        library = read_library_of(recipe.scenes)
        seen = [views(part, each=recipe.scenes.views, seed=recipe.seed) for part in library]
        learned, kept = load_real(recipe.real, side)
        patients = {one.patient for one in kept}
        drawing = Drawing(recipe.scenes.train, seen[0], recipe.scenes, side=side, without=patients)
        other = Drawing(recipe.scenes.val, seen[1], recipe.scenes, side=side)
        fixed = fixed_scenes(other, recipe.run.val_images)
        batches = DetectorScenes(drawing, learned, recipe, share=self.share)
        return Material(batches, HeldOutScenes(fixed, kept, recipe.run.sheet))

    def geometry(self, card: Card) -> Card:
        """What it finds, where that is not nodules alone."""
        labels = self.recipe.real.labels
        own = {} if labels == (NODULE,) else {"labels": list(labels)}
        return replace(card, parameters={**card.parameters, **own})

    def step(self, batch: Scene, step: int) -> dict[str, Tensor]:
        """Learn from one batch."""
        self.set_rates(step)
        total, parts = detector_loss(self.networks["network"](batch.image), batch, weights=self.recipe.loss)
        self.learn("network", total)
        return parts

    def example(self) -> tuple[Tensor, ...]:
        """One radiograph."""
        side = self.recipe.network.input_side
        return (torch.zeros(1, 1, side, side),)


class ListedScenes(Samples[Scene]):
    """Batches of listed radiographs.

    Args:
        images: What is learned from.
        recipe: Changes, labels, batch size and seed.
        share: This process's of every batch.
    """

    kind = Scene

    def __init__(self, images: list[Boxed], recipe: DetectorRecipe, *, share: Share = ALONE) -> None:
        super().__init__(recipe, share, each_epoch=len(images), epochs=recipe.epochs)
        self.images, self.recipe, self.labels = images, recipe, recipe.real.labels

    def sample(self, rng: np.random.Generator, place: tuple[int, int]) -> Sample:
        """A radiograph, changed."""
        _, number = self.shuffled(place, len(self.images))
        return self._changed(rng, self.images[number])

    def _changed(self, rng: np.random.Generator, boxed: Boxed) -> Sample:
        grey, findings, _ = moved(rng, boxed, self.recipe.augmentation)
        return self._sample(grey, [one.box for one in findings], [self.labels.index(one.label) for one in findings])

    def _sample(self, grey: Plane, boxes: list[Rectangle], kinds: list[int]) -> Sample:
        side = self.recipe.network.input_side
        return grey[None] / np.float32(127.5) - 1, *targets(boxes, side, kinds=kinds, labels=len(self.labels))


class DetectorScenes(ListedScenes):
    """Batches of radiographs with drawn nodules, and listed ones.

    Args:
        drawing: Draws nodules into healthy ones.
        real: With real nodules.
        recipe: Changes, batch size and seed.
        share: This process's of every batch.
    """

    def __init__(self, drawing: Drawing, real: list[Boxed], recipe: DetectorRecipe, *, share: Share = ALONE) -> None:
        Samples.__init__(self, recipe, share, each_epoch=len(drawing.images), epochs=recipe.epochs)
        self.drawing, self.images, self.recipe, self.labels = drawing, real, recipe, recipe.real.labels

    def sample(self, rng: np.random.Generator, place: tuple[int, int]) -> Sample:
        """A healthy radiograph with new nodules, or a real one; changed."""
        if self.images and rng.random() < self.recipe.real.share:
            return self._changed(rng, self.images[int(rng.integers(len(self.images)))])
        _, number = self.shuffled(place, len(self.drawing.images))
        grey, boxes = self.drawing.drawn(rng, number, self.recipe.augmentation)
        return self._sample(grey, boxes, [self.labels.index(NODULE)] * len(boxes))


def read_library_of(scenes: Scenes) -> tuple[list[CtNodule], list[CtNodule]]:
    """CT nodules to learn from, and those of held-out series.

    Raises:
        RecipeError: there are none of either.
    """
    library = read_library(Path(scenes.nodules))
    learned, kept = ([n for n in library if held_out(n.series) is side] for side in (False, True))
    if not learned or not kept:
        what = f"of the CT nodules no series is {'held out' if learned else 'to learn from'}"
        raise RecipeError(what, file=scenes.nodules, remedy="Give a larger library")
    return learned, kept


def fixed_scenes(drawing: Drawing, count: int) -> list[Boxed]:
    """Unchanged radiographs in turn, each with new nodules."""
    found = []
    for k in range(count):
        grey, boxes = drawing.drawn(np.random.default_rng([SEED, k]), k % len(drawing.images), UNCHANGED)
        found.append(Boxed(np.asarray(grey + 0.5, np.uint8), tuple(boxes)))
    return found


def detector_loss(answer: Tensor, truth: Scene, *, weights: DetectorLoss) -> tuple[Tensor, dict[str, Tensor]]:
    """Weighted sum of the terms over the number of nodules, and the terms by name.

    Args:
        answer: ``float32 [N, K + 4, h, w]``.
        truth: Of the same radiographs.
        weights: Of the terms.
    """
    said = maps(answer.float())
    centres = truth.heat == 1
    count = centres.sum().clamp(min=1)
    sure, score = F.logsigmoid(said.heat), said.heat.sigmoid()
    unsure = F.logsigmoid(-said.heat)
    right = ((1 - score) ** 2 * sure)[centres].sum()
    wrong = ((1 - truth.heat) ** 4 * score**2 * unsure)[~centres].sum()
    heat = -(right + wrong) / count
    anywhere = centres.any(dim=1, keepdim=True)
    gap = (torch.cat([said.sides, said.place], 1) - truth.target).abs() * anywhere
    sized = 2 * anywhere.sum().clamp(min=1)
    sides, place = gap[:, :2].sum() / sized, gap[:, 2:].sum() / sized
    total = weights.heat * heat + weights.sides * sides + weights.place * place
    return total, {"heat": heat.detach(), "sides": sides.detach(), "place": place.detach()}


RECIPE, TASK = DetectorRecipe, DetectorTask
