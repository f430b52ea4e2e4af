"""Which stage a step belongs to, who learns in it, and at what rate."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi

from trainers.recipe import Optimiser, Stage

GENERATOR = "generator"
"""Name of the network that ships; every other name in a stage is a discriminator's."""


@dataclass(frozen=True)
class Turn:
    """What happens in one step.

    Attributes:
        stage: Index of the stage.
        learns: Names of the networks whose weights change.
        adversarial: Whether the generator's loss holds the adversarial term.
        factor: What every network's rate is multiplied by.
    """

    stage: int
    learns: frozenset[str]
    adversarial: bool
    factor: float = 1.0


def turn(step: int, stages: tuple[Stage, ...], steps_per_epoch: int) -> Turn:
    """Look up a step, counted from 0 over all stages; a step past the end belongs to the last stage."""
    start = 0
    for index, stage in enumerate(stages):
        length = round(stage.epochs * steps_per_epoch)
        if step < start + length or index == len(stages) - 1:
            return Turn(index, _learners(stage, step - start, steps_per_epoch), stage.adversarial, stage.factor)
        start += length
    raise ValueError("a recipe has at least one stage")


def _learners(stage: Stage, step: int, steps_per_epoch: int) -> frozenset[str]:
    unit = step if stage.unit == "steps" else step // steps_per_epoch
    every = {name: stage.generator_every if name == GENERATOR else stage.discriminator_every for name in stage.train}
    return frozenset(name for name in stage.train if unit % every[name] == 0)


def rate(step: int, total: int, optimiser: Optimiser) -> float:
    """Learning rate of a step of ``total``."""
    warm = min(1.0, (step + 1) / optimiser.warmup) if optimiser.warmup else 1.0
    if optimiser.schedule == "constant":
        return optimiser.rate * warm
    if optimiser.schedule == "half-linear":
        return optimiser.rate * warm * min(1.0, max(0.0, 2.0 - 2.0 * step / max(1, total)))
    share = min(1.0, max(0.0, (step - optimiser.warmup) / max(1, total - optimiser.warmup)))
    return optimiser.rate * warm * 0.5 * (1.0 + cos(pi * share))
