"""Stages, freezing and learning rates."""

import pytest

from trainers.recipe import Optimiser, Stage
from trainers.schedule import rate, turn

STAGES = (
    Stage(train=("generator",), epochs=2, adversarial=False),
    Stage(train=("discriminator",), epochs=1),
    Stage(train=("generator", "discriminator"), epochs=3, generator_every=3),
)


def test_stages_follow_each_other() -> None:
    per_epoch = 10
    assert [turn(s, STAGES, per_epoch).stage for s in (0, 19, 20, 29, 30, 59, 999)] == [0, 0, 1, 1, 2, 2, 2]
    assert turn(0, STAGES, per_epoch).learns == {"generator"}
    assert not turn(0, STAGES, per_epoch).adversarial
    assert turn(25, STAGES, per_epoch).learns == {"discriminator"}


def test_freezing_by_steps() -> None:
    both = [turn(30 + k, STAGES, 10).learns for k in range(4)]
    assert both == [
        {"generator", "discriminator"},
        {"discriminator"},
        {"discriminator"},
        {"generator", "discriminator"},
    ]


def test_freezing_by_epochs() -> None:
    stages = (Stage(train=("generator", "discriminator"), epochs=4, discriminator_every=2, unit="epochs"),)
    learns = [turn(step, stages, 5).learns for step in (0, 4, 5, 9, 10)]
    assert ["discriminator" in side for side in learns] == [True, True, False, False, True]


def test_cosine_with_warm_up() -> None:
    optimiser = Optimiser(rate=1.0, schedule="cosine", warmup=10)
    assert rate(0, 110, optimiser) == pytest.approx(0.1)
    assert rate(10, 110, optimiser) == pytest.approx(1.0)
    assert rate(60, 110, optimiser) == pytest.approx(0.5)
    assert rate(110, 110, optimiser) == pytest.approx(0.0)
    assert rate(70, 110, Optimiser(rate=0.3)) == 0.3


def test_half_linear_is_constant_and_then_falls_to_zero() -> None:
    optimiser = Optimiser(rate=1.0, schedule="half-linear")
    assert [rate(step, 100, optimiser) for step in (0, 50, 75, 100)] == [1.0, 1.0, 0.5, 0.0]
