"""The checks of a detector."""

from __future__ import annotations

from pathlib import Path

import torch

from cxr_studio.generation.generators import facts_of
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import read_checkpoint, save_checkpoint
from cxr_studio.networks.compact_detector import CompactDetector
from cxr_studio.networks.registry import build
from cxr_studio.quality.checking.check import check

PARAMETERS = {"widths": [4, 6], "head": 4}
CARD = Card("tiny-detector", "Tiny", Role.DETECT, "compact-detector", PARAMETERS, input_side=64)


def saved(folder: Path, network: torch.nn.Module) -> Path:
    path = folder / "tiny-detector.safetensors"
    save_checkpoint(path, network, CARD)
    return path


def test_an_untrained_detector_works_and_is_sure_of_nothing(tmp_path: Path) -> None:
    findings = check(facts_of("tiny-detector", read_checkpoint(saved(tmp_path, build(CARD)))), device="cpu")
    assert [one.name for one in findings if not one.passed] == []
    assert len(findings) == 5


def test_a_detector_that_is_sure_of_noise_is_found_out(tmp_path: Path) -> None:
    network = build(CARD)
    assert isinstance(network, CompactDetector)
    with torch.no_grad():
        network.answer.bias[0] = 5.0
    findings = check(facts_of("tiny-detector", read_checkpoint(saved(tmp_path, network))), device="cpu")
    assert [one.name for one in findings if not one.passed] == ["no sure nodule without anatomy"]
