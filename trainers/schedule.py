"""Which stage a step belongs to, who learns in it, and at what rate."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi

from trainers.recipe import Optimiser, Side, Stage


@dataclass(frozen=True)
class Turn:
    """What happens in one step.

    Attributes:
        stage: Index of the stage.
        learns: Sides whose weights change.
        adversarial: Whether the generator's loss holds the adversarial term.
    """

    stage: int
    learns: frozenset[Side]
    adversarial: bool


def turn(step: int, stages: tuple[Stage, ...], steps_per_epoch: int) -> Turn:
    """Look up a step, counted from 0 over all stages; a step past the end belongs to the last stage."""
    start = 0
    for index, stage in enumerate(stages):
        length = round(stage.epochs * steps_per_epoch)
        if step < start + length or index == len(stages) - 1:
            return Turn(index, _learners(stage, step - start, steps_per_epoch), stage.adversarial)
        start += length
    raise ValueError("a recipe has at least one stage")


def _learners(stage: Stage, step: int, steps_per_epoch: int) -> frozenset[Side]:
    unit = step if stage.unit == "steps" else step // steps_per_epoch
    every = {"generator": stage.generator_every, "discriminator": stage.discriminator_every}
    return frozenset(side for side in stage.train if unit % every[side] == 0)


def rate(step: int, total: int, optimiser: Optimiser) -> float:
    """Learning rate of a step of ``total``."""
    warm = min(1.0, (step + 1) / optimiser.warmup) if optimiser.warmup else 1.0
    if optimiser.schedule == "constant":
        return optimiser.rate * warm
    share = min(1.0, max(0.0, (step - optimiser.warmup) / max(1, total - optimiser.warmup)))
    return optimiser.rate * warm * 0.5 * (1.0 + cos(pi * share))
