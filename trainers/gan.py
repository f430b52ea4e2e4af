"""Adversarial training for any system: one generator, any number of judges by name, each with its own loss."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, Generic, NamedTuple, TypeVar, cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from trainers.adversarial import Adversarial, draw_loss, gradient_penalty, judge_loss
from trainers.batches import B
from trainers.discriminators import Judgement, Norm, PatchDiscriminator
from trainers.distances import Scale, feature_distance
from trainers.recipe import Optimiser, Part, Positive
from trainers.schedule import GENERATOR, Turn
from trainers.task import R, Task

Weight = Annotated[float, Field(ge=0)]

NOTHING: Mapping[str, Any] = {}

S = TypeVar("S")
"""What a system makes of a batch on the device before it draws."""


class Judge(Part):
    """A discriminator and what it is for.

    Attributes:
        field: Receptive field of a patch discriminator, pixels of what it sees: 16, 34, 70, 142 or 286.
        width: Channels of its first convolution.
        norm: Its normalisation.
        loss: Adversarial loss.
        weight: Weight of that loss for the generator.
        features: Weight of feature matching on its taps.
        scale: What the taps' differences are divided by; "none" sums them.
        r1: Weight of the gradient penalty on real images.
        r2: Likewise on generated ones.
        penalty_every: Steps between penalties, which are multiplied by it.
        optimiser: Its own optimiser; the recipe's where left out.
    """

    field: int = 70
    width: Positive = 64
    norm: Norm = "group"
    loss: Adversarial = "relativistic"
    weight: Weight = 1.0
    features: Weight = 0.0
    scale: Scale = "size"
    r1: Weight = 0.0
    r2: Weight = 0.0
    penalty_every: Positive = 1
    optimiser: Optimiser | None = None

    def build(self, channels: int) -> PatchDiscriminator:
        """Make the network for inputs of ``channels`` channels."""
        return PatchDiscriminator(channels=channels, field=self.field, width=self.width, norm=self.norm)


class View(NamedTuple):
    """What a judge sees of a step.

    Attributes:
        real: Its input made of real images, ``[N, C, h, w]``.
        drawn: The same made of generated ones; N or a multiple of N, the same sources in the same order.
        region: ``[N, 1, h, w]``, 1 where the two can differ; scores elsewhere do not count. None = everywhere.
        matched: How many of the generated ones, the first, feature matching holds to the real ones: N or a multiple of
            N. None = all.
    """

    real: Tensor
    drawn: Tensor
    region: Tensor | None = None
    matched: int | None = None


class Term(NamedTuple):
    """One of the generator's losses: a weight of at least 0, and a 0-dimensional value."""

    weight: float
    value: Tensor


class GanTask(Task[R, B], Generic[R, B, S]):
    """A task whose generator is judged.

    A system says who judges (``make_judges``), how it draws (``draw``), what each judge sees (``view``) and which
    other losses there are (``losses``); where judges see more than the batch, it makes that of it (``prepare``). The
    steps, the freezing, the penalties and the figures are here.

    Attributes:
        judges: Settings of the discriminators by name.
    """

    @abstractmethod
    def make_judges(self) -> dict[str, tuple[nn.Module, Judge]]:
        """Make the discriminators with their settings, by name; they give a Judgement, or scores alone."""

    def build_networks(self) -> dict[str, nn.Module]:
        """The generator, then the judges."""
        generator, judges = self.shipping(), self.make_judges()
        self.judges = {name: settings for name, (_, settings) in judges.items()}
        return {GENERATOR: generator, **{name: network for name, (network, _) in judges.items()}}

    def settings(self) -> dict[str, Optimiser]:
        """Of the judges that have their own."""
        return {name: judge.optimiser for name, judge in self.judges.items() if judge.optimiser}

    def turn(self, step: int) -> Turn:
        """Who learns in a step, and whether the generator is judged; by the recipe's stages, where it has some, else
        everyone, unless a system says otherwise."""
        return self.staged(step)

    def stage(self, step: int) -> int:
        """Index of the stage that a step belongs to."""
        return self.turn(step).stage

    def prepare(self, batch: B) -> S:
        """Make of a batch what the generator and the judges are shown; the batch itself, unless a system says
        otherwise."""
        return cast(S, batch)

    @abstractmethod
    def draw(self, scene: S) -> Tensor:
        """Let the generator draw."""

    @abstractmethod
    def view(self, name: str, scene: S, drawn: Tensor) -> View:
        """What a judge sees of a scene and what was drawn for it."""

    @abstractmethod
    def losses(self, scene: S, drawn: Tensor) -> dict[str, Term]:
        """The generator's other losses by name."""

    def lessons(self, name: str, scene: S, view: View) -> dict[str, Term]:  # noqa: ARG002
        """A judge's other losses by name; none, unless a system says otherwise."""
        return {}

    def monitors(self, name: str, real: Tensor, fake: Tensor, loss: Tensor) -> dict[str, Tensor]:
        """Figures of a judge for the journal, from its scores and its loss."""
        return {f"{name}_loss": loss, f"{name}_real": real.mean(), f"{name}_fake": fake.mean()}

    def step(self, batch: B, step: int) -> dict[str, Tensor]:
        """Learn from one batch: the judges, then the generator, as far as it is their turn."""
        self.set_rates(step)
        now, scene = self.turn(step), self.prepare(batch)
        with torch.set_grad_enabled(GENERATOR in now.learns):
            drawn = self.draw(scene)
        figures: dict[str, Tensor] = {}
        for name in self.judges:
            if name in now.learns:
                view = self.view(name, scene, drawn.detach())
                figures |= self._teach(name, view, step, lessons=self.lessons(name, scene, view))
        if GENERATOR in now.learns:
            figures |= self._improve(scene, drawn, judged=now.adversarial)
        return figures

    def _improve(self, scene: S, drawn: Tensor, *, judged: bool) -> dict[str, Tensor]:
        terms = self.losses(scene, drawn)
        for name, judge in self.judges.items() if judged else ():
            if judge.weight or judge.features:
                terms |= self._answer(name, self.view(name, scene, drawn))
        self.learn(GENERATOR, torch.stack([weight * value for weight, value in terms.values()]).sum())
        return {name: value.detach() for name, (_, value) in terms.items()}

    def _teach(self, name: str, view: View, step: int, *, lessons: Mapping[str, Term] = NOTHING) -> dict[str, Tensor]:
        network, judge = self.networks[name], self.judges[name]
        real, fake, weight = _compared(network(view.real), network(view.drawn), view.region)
        loss = judge_loss(judge.loss, real, fake, weight)
        figures = self.monitors(name, real.detach(), fake.detach(), loss.detach())
        if step % judge.penalty_every == 0 and (judge.r1 or judge.r2):
            penalty = self._penalty(name, view, weight)
            figures[f"{name}_penalty"] = penalty.detach()
            loss = loss + judge.penalty_every * penalty
        for lesson, (share, value) in lessons.items():
            figures[f"{name}_{lesson}"] = value.detach()
            loss = loss + share * value
        self.learn(name, loss)
        return figures

    def bare(self, name: str) -> nn.Module:
        """A network without Fabric's autocast: for penalties on gradients, which are in full precision."""
        network: nn.Module = getattr(self.networks[name], "module", self.networks[name])
        return network

    def _penalty(self, name: str, view: View, weight: Tensor | None) -> Tensor:
        """R1 and R2 in full precision, whatever the training's."""
        network, judge = self.bare(name), self.judges[name]
        count = len(view.real)
        shares = None if weight is None else weight[:count]
        total = view.real.new_zeros(())
        for share, image in ((judge.r1, view.real), (judge.r2, view.drawn[:count])):
            if share:
                total = total + share * gradient_penalty(lambda x: _judgement(network(x)).score, image, shares)
        return total

    def _answer(self, name: str, view: View) -> dict[str, Term]:
        network, judge = self.networks[name], self.judges[name]
        prefix = f"{name}_" if len(self.judges) > 1 else ""
        with frozen(network):
            drawn = _judgement(network(view.drawn))
            real = drawn
            if judge.features or judge.loss == "relativistic":
                with torch.no_grad():
                    real = _judgement(network(view.real))
            scores, fakes, weight = _compared(real, drawn, view.region)
            terms = {f"{prefix}adversarial": Term(judge.weight, draw_loss(judge.loss, scores, fakes, weight))}
            if judge.features:
                count = view.matched or len(view.drawn)
                wanted = [_repeated(tap, count) for tap in real.features]
                found = [tap[:count] for tap in drawn.features]
                terms[f"{prefix}features"] = Term(judge.features, feature_distance(found, wanted, scale=judge.scale))
        return terms


def built(judges: Mapping[Any, Judge], channels: int) -> dict[str, tuple[nn.Module, Judge]]:
    """Make patch discriminators by a recipe's judges, all of them for inputs of ``channels`` channels."""
    return {str(name): (judge.build(channels), judge) for name, judge in judges.items()}


@contextmanager
def frozen(network: nn.Module) -> Iterator[None]:
    """Let gradients pass through a network, but reach none of its weights."""
    network.requires_grad_(False)
    try:
        yield
    finally:
        network.requires_grad_(True)


def _compared(
    real: Judgement | Tensor, drawn: Judgement | Tensor, region: Tensor | None
) -> tuple[Tensor, Tensor, Tensor | None]:
    """Scores of both in equal number, and their weights."""
    fakes = _judgement(drawn).score.float()
    scores = _repeated(_judgement(real).score.float(), len(fakes))
    if region is None:
        return scores, fakes, None
    weight = F.adaptive_max_pool2d(region, list(fakes.shape[-2:]))
    return scores, fakes, _repeated(weight, len(fakes))


def _judgement(found: Judgement | Tensor) -> Judgement:
    return found if isinstance(found, Judgement) else Judgement(found, [])


def _repeated(x: Tensor, count: int) -> Tensor:
    return x if len(x) == count else x.repeat(count // len(x), *[1] * (x.dim() - 1))
