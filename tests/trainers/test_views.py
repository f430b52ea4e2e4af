"""What judges see of a crop."""

import torch

from trainers.views import CHANNELS, normalised_view


def _crop(seed: int) -> torch.Tensor:
    return torch.randn(2, 1, 32, 32, generator=torch.Generator().manual_seed(seed)) * 0.2 + 0.4


def _hole() -> torch.Tensor:
    hole = torch.zeros(2, 1, 32, 32)
    hole[..., 8:24, 8:24] = 1
    return hole


def test_brightness_and_contrast_do_not_matter() -> None:
    real, hole = _crop(1), _hole()
    drawn = torch.where(hole > 0, _crop(2), real)
    plain, changed = normalised_view(real, drawn, hole), normalised_view(3 * real - 1, 3 * drawn - 1, hole)
    assert plain.real.shape == (2, CHANNELS, 32, 32)
    assert torch.allclose(plain.drawn[:, :1], changed.drawn[:, :1], rtol=0.08, atol=1e-3)
    assert abs(float((plain.real[:, :1] * (1 - hole)).sum() / (1 - hole).sum())) < 1e-4


def test_both_are_alike_where_nothing_was_drawn_and_the_region_says_where() -> None:
    real, hole = _crop(1), _hole()
    view = normalised_view(real, torch.where(hole > 0, _crop(2), real), hole)
    assert torch.equal(view.real[:, :1] * (1 - hole), view.drawn[:, :1] * (1 - hole))
    assert view.region is not None
    assert torch.equal(view.region, hole)


def test_two_draws_of_each_crop_are_compared_with_the_same_truth() -> None:
    real, hole = _crop(1), _hole()
    view = normalised_view(real, torch.cat([real, _crop(2)]), hole)
    assert view.drawn.shape[0] == 4
    assert torch.allclose(view.drawn[:2], view.real, atol=1e-6)


def test_a_judge_may_see_larger_pixels_or_the_middle_alone() -> None:
    real, hole = _crop(1), _hole()
    assert normalised_view(real, real, hole, shrink=2).real.shape[-1] == 16
    assert normalised_view(real, real, hole, side=20).real.shape[-1] == 20
