"""Feature and style distances by hand."""

import pytest
import torch

from trainers.distances import feature_distance, gram, gram_distance


def taps(*values: float) -> list[torch.Tensor]:
    return [torch.full((2, 3, 4, 4), value) for value in values]


def test_feature_distances_by_hand() -> None:
    drawn, real = taps(1.0, 5.0), taps(2.0, 3.0)
    assert feature_distance(drawn, real, scale="none").item() == pytest.approx(1 + 2)
    assert feature_distance(drawn, real, scale="size").item() == pytest.approx((1 / 2 + 2 / 3) / 2, rel=1e-4)


def test_the_spread_is_that_of_the_wanted_features() -> None:
    real = torch.tensor([[[[0.0, 2.0]]]])
    assert feature_distance([real + 3], [real], scale="spread").item() == pytest.approx(3 / 2**0.5, rel=1e-4)


def test_nothing_is_learned_through_what_is_wanted() -> None:
    real = [tap.requires_grad_(True) for tap in taps(1.0)]
    drawn = [tap.requires_grad_(True) for tap in taps(2.0)]
    (feature_distance(drawn, real) + gram_distance(drawn, real)).backward()
    assert real[0].grad is None
    assert drawn[0].grad is not None


def test_taps_are_counted() -> None:
    with pytest.raises(ValueError, match="argument"):
        feature_distance(taps(1.0), taps(1.0, 2.0))


def test_the_gram_matrix_by_hand() -> None:
    features = torch.tensor([[[[1.0, 2.0]], [[3.0, 4.0]]]])  # two channels of 1 × 2 pixels
    plain = torch.tensor([[[5.0, 11.0], [11.0, 25.0]]])
    torch.testing.assert_close(gram(features, divided=False), plain)
    torch.testing.assert_close(gram(features), plain / 4)


def test_style_distances_by_hand() -> None:
    """Differences of the plain Gram matrices: 5, 11, 11 and 25."""
    real = torch.tensor([[[[1.0, 2.0]], [[3.0, 4.0]]]])
    drawn = torch.zeros_like(real)
    assert gram_distance([drawn], [real], style="undivided").item() == pytest.approx(52 / 4)
    assert gram_distance([drawn], [real]).item() == pytest.approx(52 / 4 / 4)
    squares = (25 + 121 + 121 + 625) / 16
    assert gram_distance([drawn], [real], style="squared").item() == pytest.approx(squares / (4 * 2**2))


def test_style_does_not_heed_places() -> None:
    torch.manual_seed(0)
    real = torch.rand(1, 4, 6, 6)
    moved = real.roll(3, dims=-1)
    assert gram_distance([moved], [real]).item() == pytest.approx(0, abs=1e-6)
    assert feature_distance([moved], [real]).item() > 0.1
