"""Adversarial training for any system: one generator, any number of judges by name, each with its own loss."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Generic, NamedTuple

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.card import Card
from trainers.adversarial import Adversarial, draw_loss, feature_distance, gradient_penalty, judge_loss
from trainers.batches import B, Batches
from trainers.discriminators import Judgement, Norm, PatchDiscriminator
from trainers.recipe import Optimiser, Part, Positive, Recipe
from trainers.task import Task

Weight = Annotated[float, Field(ge=0)]
GENERATOR = "generator"


class Judge(Part):
    """A discriminator and what it is for.

    Attributes:
        field: Receptive field of a patch discriminator, pixels of what it sees: 16, 34, 70, 142 or 286.
        width: Channels of its first convolution.
        norm: Its normalisation.
        loss: Adversarial loss.
        weight: Weight of that loss for the generator.
        features: Weight of feature matching on its taps.
        r1: Weight of the gradient penalty on real images.
        r2: Likewise on generated ones.
        penalty_every: Steps between penalties, which then count as often more.
        optimiser: Its own optimiser; the recipe's where left out.
    """

    field: int = 70
    width: Positive = 64
    norm: Norm = "group"
    loss: Adversarial = "relativistic"
    weight: Weight = 1.0
    features: Weight = 0.0
    r1: Weight = 0.0
    r2: Weight = 0.0
    penalty_every: Positive = 1
    optimiser: Optimiser | None = None

    def build(self, channels: int) -> PatchDiscriminator:
        """Make the network for inputs of so many channels."""
        return PatchDiscriminator(channels=channels, field=self.field, width=self.width, norm=self.norm)


class View(NamedTuple):
    """What a judge sees of a step.

    Attributes:
        real: Its input made of real images, ``[N, C, h, w]``.
        drawn: The same made of generated ones; N or a multiple of N, the same sources in the same order.
        region: ``[N, 1, h, w]``, 1 where the two can differ; scores elsewhere do not count. None = everywhere.
    """

    real: Tensor
    drawn: Tensor
    region: Tensor | None = None


class GanTask(Task[B], Generic[B]):
    """A task whose generator is judged.

    A system says how it draws (``draw``), what each judge sees (``view``) and which other losses there are
    (``losses``); the steps, the freezing, the penalties and the figures are here.

    Args:
        recipe: Its recipe.
        blank: Card of the generator, before learning.
        batches: What it learns from.
        generator: The network that ships.
        judges: Discriminators with their settings, by name.
    """

    def __init__(
        self,
        recipe: Recipe,
        blank: Card,
        batches: Batches[B],
        *,
        generator: nn.Module,
        judges: dict[str, tuple[nn.Module, Judge]],
    ) -> None:
        self.judges = {name: settings for name, (_, settings) in judges.items()}
        super().__init__(
            recipe,
            blank,
            batches,
            networks={GENERATOR: generator, **{name: network for name, (network, _) in judges.items()}},
            optimisers={name: judge.optimiser for name, judge in self.judges.items() if judge.optimiser},
        )

    @abstractmethod
    def draw(self, batch: B) -> Tensor:
        """Let the generator draw."""

    @abstractmethod
    def view(self, name: str, batch: B, drawn: Tensor) -> View:
        """What a judge sees of a batch and what was drawn for it."""

    @abstractmethod
    def losses(self, batch: B, drawn: Tensor) -> dict[str, Tensor]:
        """The generator's other losses by name, weighted."""

    def step(self, batch: B, step: int) -> dict[str, Tensor]:
        """Learn from one batch: every judge, then the generator."""
        self.set_rates(step)
        drawn = self.draw(batch)
        figures: dict[str, Tensor] = {}
        for name in self.judges:
            figures |= self._teach(name, self.view(name, batch, drawn.detach()), step)
        parts = self.losses(batch, drawn)
        for name in self.judges:
            parts |= self._answer(name, self.view(name, batch, drawn))
        self.learn(GENERATOR, torch.stack(list(parts.values())).sum())
        return figures | {name: part.detach() for name, part in parts.items()}

    def _teach(self, name: str, view: View, step: int) -> dict[str, Tensor]:
        network, judge = self.networks[name], self.judges[name]
        real, fake, weight = _compared(network(view.real), network(view.drawn), view.region)
        loss = judge_loss(judge.loss, real, fake, weight)
        figures = {f"{name}_loss": loss.detach(), f"{name}_gap": (real - fake).detach().mean()}
        if step % judge.penalty_every == 0 and (judge.r1 or judge.r2):
            penalty = self._penalty(name, view)
            figures[f"{name}_penalty"] = penalty.detach()
            loss = loss + judge.penalty_every * penalty
        self.learn(name, loss)
        return figures

    def _penalty(self, name: str, view: View) -> Tensor:
        """R1 and R2 in full precision, whatever the training's."""
        network, judge = getattr(self.networks[name], "module", self.networks[name]), self.judges[name]
        total = view.real.new_zeros(())
        for share, image in ((judge.r1, view.real), (judge.r2, view.drawn[: len(view.real)])):
            if share:
                total = total + share * gradient_penalty(lambda x: _scores(network(x)), image, _over(view, network))
        return total

    def _answer(self, name: str, view: View) -> dict[str, Tensor]:
        network, judge = self.networks[name], self.judges[name]
        with _frozen(network):
            drawn = network(view.drawn)
            with torch.no_grad():
                real = network(view.real)
            scores, fakes, weight = _compared(real, drawn, view.region)
            parts = {f"{name}_adversarial": judge.weight * draw_loss(judge.loss, scores, fakes, weight)}
            if judge.features:
                wanted = [_repeated(tap, len(view.drawn)) for tap in real.features]
                parts[f"{name}_features"] = judge.features * feature_distance(drawn.features, wanted)
        return parts


def _compared(real: Judgement, drawn: Judgement, region: Tensor | None) -> tuple[Tensor, Tensor, Tensor | None]:
    """Scores of both in equal number, and their weights."""
    fakes = _scores(drawn)
    scores = _repeated(_scores(real), len(fakes))
    weight = None if region is None else _repeated(_pooled(region, fakes), len(fakes))
    return scores, fakes, weight


def _scores(judgement: Judgement) -> Tensor:
    return judgement.score.float()


def _over(view: View, network: nn.Module) -> Tensor | None:
    if view.region is None:
        return None
    with torch.no_grad():
        return _pooled(view.region, network(view.real[:1]).score)


def _pooled(region: Tensor, scores: Tensor) -> Tensor:
    return F.adaptive_max_pool2d(region, list(scores.shape[-2:]))


def _repeated(x: Tensor, count: int) -> Tensor:
    return x if len(x) == count else x.repeat(count // len(x), *[1] * (x.dim() - 1))


@contextmanager
def _frozen(network: nn.Module) -> Iterator[None]:
    network.requires_grad_(False)
    try:
        yield
    finally:
        network.requires_grad_(True)
