"""The losses against figures worked out by hand."""

from math import log
from pathlib import Path

import pytest
import torch

from trainers.adversarial import draw_loss, judge_loss
from trainers.losses import Loss, border_weights, reconstruction
from trainers.reading import read_recipe
from trainers.systems.context_encoder import ContextEncoderTask


def test_the_border_of_four_pixels_counts_ten_times() -> None:
    weights = border_weights(torch.ones(1, 1, 64, 64), Loss())[0, 0]
    assert (weights[4:60, 4:60] == 1).all()
    assert (weights == 10).sum() == 64 * 64 - 56 * 56


def test_the_border_follows_the_holes_shape() -> None:
    hole = torch.zeros(1, 1, 64, 64)
    hole[..., 20:40, 20:40] = 1
    weights = border_weights(hole, Loss(border=2))[0, 0]
    assert weights[20, 20] == 10
    assert weights[21, 30] == 10
    assert weights[22, 30] == 1
    assert weights[19, 30] == 0


def test_l2_is_the_mean_of_weighted_squares_over_the_hole_only() -> None:
    hole = torch.zeros(1, 1, 8, 8)
    hole[..., 2:6, 2:6] = 1
    real = torch.zeros(1, 1, 8, 8)
    fill = torch.where(hole > 0, 0.5, 99.0)
    assert reconstruction(fill, real, hole, loss=Loss()).item() == pytest.approx(10 * 0.25)
    inside = fill.clone()
    inside[..., 3:5, 3:5] = 0.1
    expected = (12 * 10 * 0.25 + 4 * 0.01) / 16
    assert reconstruction(inside, real, hole, loss=Loss(border=1)).item() == pytest.approx(expected)


def test_l2_of_the_papers_square_is_not_divided_by_its_mean_weight() -> None:
    """An error of 1 everywhere costs the mean weight: 960 border pixels of 10 and 3,136 of 1, over 4,096."""
    square = torch.ones(2, 1, 64, 64)
    loss = reconstruction(square, torch.zeros_like(square), square, loss=Loss())
    assert loss.item() == pytest.approx((960 * 10 + 3136) / 4096)
    assert loss.item() == pytest.approx(3.109, abs=5e-4)


def test_log_l2_counts_every_patch_in_decibels() -> None:
    hole, real = torch.ones(2, 1, 4, 4), torch.zeros(2, 1, 4, 4)
    fill = torch.stack([torch.full((1, 4, 4), 0.1), torch.full((1, 4, 4), 1.0)])
    loss = Loss(kind="log-l2", border=0)
    assert reconstruction(fill, real, hole, loss=loss).item() == pytest.approx((log(0.01) + log(1)) / 2, abs=1e-3)


def test_an_undecided_discriminator_is_at_minus_log_4(recipe_file: Path) -> None:
    undecided = torch.zeros(5)
    total = judge_loss("non-saturating", undecided, undecided)
    assert total.item() == pytest.approx(log(4))
    task = ContextEncoderTask(*read_recipe(recipe_file))
    assert task.judges["discriminator"].loss == "non-saturating"
    parts = task.monitors("discriminator", undecided, undecided, total)
    assert parts["value"].item() == pytest.approx(-log(4))
    assert parts["d_real"].item() == parts["d_fake"].item() == 0.5


def test_fooling_the_discriminator_costs_nothing() -> None:
    real = torch.zeros(3)
    assert draw_loss("non-saturating", real, torch.full((3,), 20.0)).item() == pytest.approx(0, abs=1e-6)
    assert draw_loss("non-saturating", real, torch.full((3,), -3.0)).item() > 3
