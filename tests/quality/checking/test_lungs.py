"""Checks of lung networks: an untrained one fails, the bundled one passes."""

from pathlib import Path

import pytest
import torch

from cxr_studio.generation.generators import facts_of
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import read_checkpoint, save_checkpoint
from cxr_studio.networks.registry import build
from cxr_studio.nodules.lungs import LUNGS
from cxr_studio.quality.checking.check import check
from cxr_studio.roles import known

CARD = Card("lungs", "Tiny", Role.SEGMENT, "fc-densenet", {"stem": 2, "growth": 1, "layers": [1, 1]}, input_side=64)


def test_an_untrained_lung_network_fails_only_on_the_lungs(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = build(CARD)
    torch.nn.init.constant_(network.head.bias, -50.0)
    save_checkpoint(tmp_path / "lungs.safetensors", network, CARD)
    findings = check(facts_of("lungs", read_checkpoint(tmp_path / "lungs.safetensors")), device="cpu")
    assert {f.name for f in findings if f.passed} >= {"loads and answers", "finite", "repeatable", "memory"}
    assert [f.name for f in findings if not f.passed] == ["lungs of healthy-1.png", "lungs of healthy-2.png"]
    assert all("No plausible lung" in f.words for f in findings if not f.passed)


def test_the_bundled_lung_network_passes() -> None:
    bundled = [facts for facts in known() if facts.name == LUNGS]
    if not bundled:
        pytest.skip("no lung network is bundled")
    assert all(finding.passed for finding in check(bundled[0], device="cpu"))
