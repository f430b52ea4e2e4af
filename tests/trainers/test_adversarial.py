"""Adversarial losses and penalties against figures worked out by hand."""

from math import exp, log, log1p, sqrt

import pytest
import torch
from torch import nn

from trainers.adversarial import draw_loss, gradient_penalty, interpolated_penalty, judge_loss, mean

REAL, FAKE = torch.tensor([2.0, -1.0]), torch.tensor([0.5, 1.0])


def softplus(x: float) -> float:
    return log1p(exp(x))


JUDGE = {
    "non-saturating": (softplus(-2) + softplus(1) + softplus(0.5) + softplus(1)) / 2,
    "least-squares": 0.5 * (1 + 4 + 0.25 + 1) / 2,
    "hinge": (0 + 2 + 1.5 + 2) / 2,
    "relativistic": (softplus(0.5 - 2) + softplus(1 + 1)) / 2,
    "wasserstein": (0.5 - 2 + 1 + 1) / 2,
}
DRAW = {
    "non-saturating": (softplus(-0.5) + softplus(-1)) / 2,
    "least-squares": 0.5 * (0.25 + 0) / 2,
    "hinge": -0.75,
    "relativistic": (softplus(2 - 0.5) + softplus(-1 - 1)) / 2,
    "wasserstein": -0.75,
}


@pytest.mark.parametrize("kind", JUDGE)
def test_losses_by_hand(kind) -> None:
    assert judge_loss(kind, REAL, FAKE).item() == pytest.approx(JUDGE[kind])
    assert draw_loss(kind, REAL, FAKE).item() == pytest.approx(DRAW[kind])


@pytest.mark.parametrize("kind", JUDGE)
def test_a_score_of_weight_0_does_not_count(kind) -> None:
    weight = torch.tensor([1.0, 0.0])
    first = judge_loss(kind, REAL[:1], FAKE[:1]).item()
    assert judge_loss(kind, REAL, FAKE, weight).item() == pytest.approx(first, rel=1e-4)
    assert draw_loss(kind, REAL, FAKE, weight).item() == pytest.approx(draw_loss(kind, REAL[:1], FAKE[:1]).item(), 1e-4)


@pytest.mark.parametrize("kind", JUDGE)
def test_judge_and_generator_pull_in_opposite_directions(kind) -> None:
    """Of a fake's score, both losses' slopes have opposite signs (where neither is flat)."""
    fake = torch.tensor([0.3], requires_grad=True)
    slopes = [torch.autograd.grad(loss(kind, torch.tensor([0.4]), fake), fake)[0] for loss in (judge_loss, draw_loss)]
    assert (slopes[0] > 0).all()
    assert (slopes[1] < 0).all()


def test_the_weighted_mean() -> None:
    assert mean(torch.tensor([1.0, 5.0])).item() == 3
    assert mean(torch.tensor([1.0, 5.0]), torch.tensor([3.0, 1.0])).item() == pytest.approx(2, abs=1e-5)


def test_r1_of_a_linear_judge_is_half_its_squared_weight_norm() -> None:
    judge = nn.Linear(12, 1)
    penalty = gradient_penalty(lambda x: judge(x.flatten(1))[:, 0], torch.rand(5, 1, 3, 4))
    assert penalty.item() == pytest.approx(0.5 * judge.weight.square().sum().item(), rel=1e-5)
    penalty.backward()
    torch.testing.assert_close(judge.weight.grad, judge.weight.detach())


def test_r1_does_not_grow_with_the_number_of_patches_and_heeds_their_weights() -> None:
    """Scores that are the pixels themselves: the mean's gradient is 1 / n everywhere, so its square sums to 1 / n."""
    image = torch.rand(2, 1, 4, 4)
    assert gradient_penalty(lambda x: x, image).item() == pytest.approx(0.5 / 16, rel=1e-4)
    half = torch.zeros(2, 1, 4, 4)
    half[..., :2] = 1
    assert gradient_penalty(lambda x: x, image, half).item() == pytest.approx(0.5 / 8, rel=1e-4)


def test_the_interpolated_penalty_of_a_linear_judge_is_its_norms_distance_from_1() -> None:
    judge = nn.Linear(6, 1, bias=False)
    nn.init.constant_(judge.weight, 0.5)
    real, fake = torch.rand(3, 6), torch.rand(3, 6)
    penalty = interpolated_penalty(judge, real, fake=fake, between=torch.rand(3))
    assert penalty.item() == pytest.approx((sqrt(6 * 0.25) - 1) ** 2, rel=1e-3)


def test_the_interpolated_penalty_looks_between_real_and_fake_where_it_is_told() -> None:
    """D(x) = x²: its slope is 2x."""
    real, fake, between = torch.full((3, 1), 1.0), torch.full((3, 1), 3.0), torch.tensor([0.0, 0.25, 1.0])
    penalty = interpolated_penalty(lambda x: x.square(), real, fake=fake, between=between)
    slopes = [2 * x - 1 for x in (3.0, 2.5, 1.0)]
    assert penalty.item() == pytest.approx(sum(s * s for s in slopes) / 3, rel=1e-5)


def test_an_undecided_pair_is_at_log_2() -> None:
    assert judge_loss("relativistic", torch.zeros(3), torch.zeros(3)).item() == pytest.approx(log(2))
