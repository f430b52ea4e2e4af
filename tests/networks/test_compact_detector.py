"""The compact detector: what it answers, and that its maps are read as a trainer writes them."""

from __future__ import annotations

import pytest
import torch

from cxr_studio.networks.compact_detector import PRIOR, CompactDetector, maps
from trainers.detector_scenes import targets

SMALL = {"widths": (4, 6, 8), "head": 4, "input_side": 64}


class Told(CompactDetector):
    """Answers what it is told."""

    answer_is: torch.Tensor

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.answer_is.expand(len(image), -1, -1, -1)


def test_what_a_trainer_writes_is_what_is_found() -> None:
    boxes = [(10.0, 20.0, 22.0, 30.0), (40.5, 5.25, 48.0, 16.0)]
    heat, rest = targets(boxes, 64)
    network = Told(**SMALL).eval()
    network.answer_is = torch.cat([torch.from_numpy(heat) * 8 - 4, torch.from_numpy(rest)])[None]
    ((found, scores, _),) = network.found(torch.zeros(1, 1, 64, 64), least=0.9, most=10)
    assert len(scores) == 2
    assert sorted(found.tolist()) == [pytest.approx(box, abs=1e-4) for box in boxes]


def test_two_findings_of_one_place_are_told_apart() -> None:
    boxes = [(10.0, 20.0, 22.0, 30.0), (40.0, 4.0, 48.0, 16.0)]
    heat, rest = targets(boxes, 64, kinds=[1, 0], labels=2)
    assert heat.shape == (2, 16, 16)
    assert [plane.max() for plane in heat] == [1, 1]
    network = Told(**SMALL, labels=("nodule", "mass")).eval()
    assert network.answer.out_channels == 6
    network.answer_is = torch.cat([torch.from_numpy(heat) * 8 - 4, torch.from_numpy(rest)])[None]
    ((found, _, kinds),) = network.found(torch.zeros(1, 1, 64, 64), least=0.9, most=10)
    by_kind = dict(zip(kinds.tolist(), found.tolist(), strict=True))
    assert by_kind == {1: pytest.approx(boxes[0], abs=1e-4), 0: pytest.approx(boxes[1], abs=1e-4)}


def test_the_surest_are_answered_and_no_more_than_asked_for() -> None:
    network = CompactDetector(**SMALL).eval()
    torch.manual_seed(0)
    torch.nn.init.normal_(network.answer.weight, std=2.0)
    for boxes, scores, _ in network.found(torch.randn(2, 1, 64, 64), least=0.001, most=5):
        assert boxes.shape == (len(scores), 4)
        assert len(scores) == 5
        assert (scores[:-1] >= scores[1:]).all()
        assert (scores >= 0.001).all()


def test_an_untrained_network_is_sure_of_nothing() -> None:
    answer = CompactDetector(**SMALL).eval()(torch.randn(1, 1, 64, 64))
    assert answer.shape == (1, 5, 16, 16)
    assert maps(answer).heat.mean().item() == pytest.approx(PRIOR, abs=0.2)


def test_brightness_and_contrast_change_nothing() -> None:
    torch.manual_seed(1)
    network, image = CompactDetector(**SMALL).eval(), torch.randn(1, 1, 64, 64)
    assert torch.allclose(network(image), network(0.5 * image + 0.2), atol=0.02)


def test_its_size_is_the_recipes() -> None:
    with torch.device("meta"):
        network = CompactDetector()
    assert 0.55e6 < sum(p.numel() for p in network.parameters()) < 0.65e6
    with pytest.raises(ValueError, match="multiple of 32"):
        CompactDetector(input_side=500)
