"""Checks of fills: odd inputs, meters, cost, and limits from a file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from cxr_studio.cli.main import main
from cxr_studio.errors import ReadError
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import save_checkpoint
from cxr_studio.networks.registry import build
from cxr_studio.quality.checking import fills
from cxr_studio.quality.checking.check import check
from cxr_studio.quality.checking.cost import cost_findings, megabytes_of
from cxr_studio.quality.checking.limits import read_limits
from cxr_studio.resources import resource
from cxr_studio.roles import find
from tests.restore.tiny_network import CARD

ODD = {"images of one grey stay so", "inverted polarity", "hole over half of the image"}


@pytest.fixture(autouse=True)
def _few_holes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fills, "SAMPLE_HOLES", 2)


def _network(folder: Path, *, lift: float) -> Path:
    """A network that answers with the base fill plus a constant grey, in the network's range of two."""
    torch.manual_seed(0)
    network = build(CARD)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
        [*network.parameters()][-1].fill_(lift)
    path = folder / "step-1.safetensors"
    save_checkpoint(path, network, CARD)
    return path


def test_a_coarse_network_that_keeps_the_base_fill_passes_all_but_the_seam(real_memory, tmp_path):
    findings = {f.name: f for f in check(find(str(_network(tmp_path, lift=0.0)), Role.RESTORE), device="cpu")}
    assert [name for name, f in findings.items() if not f.passed] == ["seam"]
    assert "the card says nothing" in findings["scores as its card says"].words
    assert "MB more" in findings["memory"].words


def test_a_network_that_brightens_fails_on_odd_inputs(tmp_path):
    findings = check(find(str(_network(tmp_path, lift=0.8)), Role.RESTORE), device="cpu")
    failed = {f.name for f in findings if not f.passed}
    assert failed >= {*ODD, "seam"}
    assert "nothing outside the mask" not in failed


def _taking(megabytes: int):
    return lambda: np.ones(megabytes * 1_000_000, np.uint8)


class Taking:
    """Work that takes memory and gives it back."""

    def __init__(self, megabytes: int) -> None:
        self.megabytes = megabytes

    def __call__(self):
        return _taking(self.megabytes)


def test_memory_is_what_the_work_takes_above_what_was_there(real_memory):
    assert megabytes_of(Taking(150), "cpu") == pytest.approx(150, abs=25)


def test_costs_beyond_their_limits_fail():
    limits = read_limits().fill
    slow, small = cost_findings(limits.milliseconds + 1, 1.0, limits, device="cpu")
    assert (slow.passed, small.passed) == (False, True)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("seam = [0.6, 1.3]", "seam = [1.3, 0.6]", "fill.seam: .*smaller"),
        ("uniform = 0.02", "uniform = -1", "fill.uniform"),
        ("[fill]", "[fill]\nwrong = 1", "fill.wrong"),
        ("[fill]", "[fill", "cannot be read"),
    ],
)
def test_a_file_of_limits_that_is_wrong_is_told(tmp_path, old, new, told):
    path = tmp_path / "limits.toml"
    path.write_text(resource("qa", "limits.toml").read_text().replace(old, new))
    with pytest.raises(ReadError, match=told):
        read_limits(path)


def test_the_command_takes_limits_and_writes_json(tmp_path, capsys):
    path, found = tmp_path / "limits.toml", tmp_path / "found.json"
    path.write_text(resource("qa", "limits.toml").read_text().replace("seam = [0.6, 1.3]", "seam = [3, 4]"))
    assert main(["check", "telea", "--limits", str(path), "--json", str(found)]) == 1
    printed = capsys.readouterr().out
    assert "FAILED  seam: ratio" in printed
    assert "1 check failed." in printed
    failed = [finding["name"] for finding in json.loads(found.read_text())["telea"] if not finding["passed"]]
    assert failed == ["seam"]
