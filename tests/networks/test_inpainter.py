"""The adversarial inpainting network: what it computes, and how it depends on noise, hints and flags."""

import pytest
import torch

from cxr_studio.networks.inpainter import FLAGS, PLANES, Inpainter, seeded_noise

SIDE, INNER = 128, 32


@pytest.fixture(scope="module")
def network() -> Inpainter:
    torch.manual_seed(0)
    made = Inpainter(widths=(6, 8, 8, 12), input_side=SIDE, hole_side=INNER).double()
    for parameter in made.parameters():
        torch.nn.init.normal_(parameter, std=0.15)
    return made.eval().requires_grad_(False)


def field(seed: int = 1, n: int = 1, side: int = SIDE) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    image = torch.rand(n, 1, side, side, generator=generator, dtype=torch.float64) - 0.5
    hole = torch.zeros_like(image)
    start = (side - INNER) // 2
    hole[..., start : start + INNER, start : start + INNER] = 1
    return torch.cat([image, hole, image], dim=1)


def noise(seen: torch.Tensor, seed: int = 3) -> torch.Tensor:
    return seeded_noise(seen.float(), seed).double()


def centre(x: torch.Tensor, side: int = INNER) -> torch.Tensor:
    start = (x.shape[-1] - side) // 2
    return x[..., start : start + side, start : start + side]


FLAT = torch.zeros(1, FLAGS, dtype=torch.float64)


def test_the_central_square_alone_is_what_the_whole_field_has_there(network: Inpainter) -> None:
    """Exactly from four pixels inside on; nearer to the border the finest convolutions see the cut."""
    seen = field()
    square, whole = network(seen, FLAT, noise(seen)), network(seen, FLAT, noise(seen), 0)
    assert square.shape == (1, 1, INNER, INNER)
    assert whole.shape == (1, 1, SIDE, SIDE)
    torch.testing.assert_close(centre(square, INNER - 8), centre(whole, INNER - 8), rtol=0, atol=1e-9)


def test_a_larger_square_than_usual_can_be_asked_for(network: Inpainter) -> None:
    seen = field()
    whole = network(seen, FLAT, noise(seen), 0)
    square = network(seen, FLAT, noise(seen), 64)
    torch.testing.assert_close(centre(square, 56), centre(whole, 56), rtol=0, atol=1e-9)


def test_a_seed_is_repeatable_and_another_one_draws_something_else(network: Inpainter) -> None:
    seen = field()
    one, again, other = (network(seen, FLAT, noise(seen, seed)) for seed in (3, 3, 4))
    assert torch.equal(one, again)
    assert (one - other).abs().mean() > 1e-3


def test_noise_has_its_planes_and_takes_nothing_from_torchs_stream() -> None:
    before = torch.get_rng_state()
    drawn = seeded_noise(torch.zeros(2, 3, 32, 64), 7)
    assert drawn.shape == (2, PLANES, 16, 32)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("plane", range(PLANES - 1))
def test_every_noise_plane_but_the_spare_one_changes_the_fill(network: Inpainter, plane: int) -> None:
    seen = field()
    given = noise(seen)
    changed = given.clone()
    changed[:, plane] = changed[:, plane].flip(-1)
    assert (network(seen, FLAT, given) - network(seen, FLAT, changed)).abs().max() > 1e-6


@pytest.mark.parametrize("flag", range(FLAGS))
def test_every_flag_changes_the_fill(network: Inpainter, flag: int) -> None:
    seen, flags = field(), FLAT.clone()
    flags[0, flag] = 1
    assert (network(seen, FLAT, noise(seen)) - network(seen, flags, noise(seen))).abs().max() > 1e-6


def test_the_hint_is_looked_at(network: Inpainter) -> None:
    seen = field()
    hinted = seen.clone()
    hinted[:, 2:] = torch.where(seen[:, 1:2] > 0, 0.4, seen[:, 2:])
    assert (network(seen, FLAT, noise(seen)) - network(hinted, FLAT, noise(seen))).abs().max() > 1e-6


def test_brightness_is_taken_out_and_put_back(network: Inpainter) -> None:
    """A field that is brighter by a constant is filled brighter by it."""
    seen = field()
    brighter = seen + torch.tensor([0.3, 0.0, 0.3], dtype=torch.float64).view(1, 3, 1, 1)
    torch.testing.assert_close(network(brighter, FLAT, noise(seen)), network(seen, FLAT, noise(seen)) + 0.3)


def test_fields_that_are_no_squares(network: Inpainter) -> None:
    seen = torch.cat([field(), field(2)], dim=3)
    assert network(seen, FLAT, noise(seen), 0).shape == (1, 1, SIDE, 2 * SIDE)
