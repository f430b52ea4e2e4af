"""Patch discriminators: what they see, how large they are, and their norms."""

import pytest
import torch

from trainers.discriminators import FIELDS, PatchDiscriminator, SpectralPatchDiscriminator


def weights(network: torch.nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


@pytest.mark.parametrize("field", FIELDS)
def test_a_score_sees_its_receptive_field_and_nothing_else(field: int) -> None:
    judge = PatchDiscriminator(channels=1, field=field, width=2, norm="none").double()
    for parameter in judge.parameters():
        torch.nn.init.constant_(parameter, 0.1)
    side = 2 * field + 2 ** FIELDS[field]
    image = torch.ones(1, 1, side, side, dtype=torch.float64, requires_grad=True)
    scores = judge(image).score
    middle = scores.shape[-1] // 2
    (gradient,) = torch.autograd.grad(scores[0, 0, middle, middle], image)
    seen = torch.nonzero(gradient[0, 0])
    extent = seen.max(dim=0).values - seen.min(dim=0).values + 1
    assert extent.tolist() == [field, field]
    assert len(seen) == field * field


@pytest.mark.parametrize(("field", "millions", "side"), [(70, 2.77, 30), (286, 11.2, 6)])
def test_pix2pix_discriminators_have_their_weights_and_scores(field: int, millions: float, side: int) -> None:
    judge = PatchDiscriminator(channels=2, field=field).eval()
    assert weights(judge) / 1e6 == pytest.approx(millions, rel=0.005)
    with torch.inference_mode():
        judgement = judge(torch.zeros(1, 2, 256, 256))
    assert judgement.score.shape == (1, 1, side, side)
    assert len(judgement.features) == FIELDS[field] + 1


def test_another_field_is_refused() -> None:
    with pytest.raises(ValueError, match="16, 34, 70, 142, 286, not 64"):
        PatchDiscriminator(channels=1, field=64)


@pytest.mark.parametrize(
    ("norm", "kind"), [("batch", "BatchNorm2d"), ("instance", "InstanceNorm2d"), ("group", "GroupNorm")]
)
def test_the_first_and_the_last_layer_have_no_norm(norm, kind: str) -> None:
    judge = PatchDiscriminator(channels=1, field=34, width=8, norm=norm)
    names = [[type(part).__name__ for part in layer] for layer in judge.layers]
    assert names == [["Conv2d", "LeakyReLU"], ["Conv2d", kind, "LeakyReLU"], ["Conv2d", kind, "LeakyReLU"]]


def test_spectral_norm_holds_every_weight() -> None:
    torch.manual_seed(0)
    judge = PatchDiscriminator(channels=2, field=34, width=8, norm="spectral")
    for _ in range(30):
        judge(torch.rand(1, 2, 64, 64))
    for layer in [*(part[0] for part in judge.layers), judge.score]:
        assert torch.linalg.svdvals(layer.weight.detach().flatten(1))[0] == pytest.approx(1, abs=0.05)


def test_the_papers_discriminator_scores_at_a_32nd_of_the_side_with_six_layers_of_spectral_norm() -> None:
    judge = SpectralPatchDiscriminator(channels=2, width=4)
    judgement = judge(torch.rand(2, 2, 256, 256))
    assert judgement.score.shape == (2, 1, 8, 8)
    assert [tap.shape[1:] for tap in judgement.features] == [
        (4, 128, 128),
        (8, 64, 64),
        (16, 32, 32),
        (16, 16, 16),
        (16, 8, 8),
    ]
    for _ in range(30):
        judge(torch.rand(1, 2, 128, 128))
    layers = [*judge.layers, judge.score]
    assert len(layers) == 6
    for layer in layers:
        assert torch.linalg.svdvals(layer.weight.detach().flatten(1))[0] == pytest.approx(1, abs=0.05)


def test_the_papers_discriminator_has_its_widths() -> None:
    judge = SpectralPatchDiscriminator(channels=2)
    widths = [layer.weight.shape[0] for layer in [*judge.layers, judge.score]]
    assert widths == [64, 128, 256, 256, 256, 1]
