"""What "auto" means on a device, and that an adversarial training in bfloat16 stays sound."""

from __future__ import annotations

import csv
from math import isfinite
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from trainers import precision
from trainers.__main__ import main

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("flags", "wanted"),
    [
        ("fpu avx512f avx512_bf16 amx_tile", "bf16-mixed"),
        ("fpu amx_bf16", "bf16-mixed"),
        ("fpu avx2 avx512f", "32-true"),
    ],
)
def test_auto_goes_by_the_processor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str, wanted: str) -> None:
    told = tmp_path / "cpuinfo"
    told.write_text(f"processor : 0\nflags\t\t: {flags}\n\nprocessor : 1\nflags\t\t: avx512_bf16\n")
    monkeypatch.setattr(precision, "PROCESSOR", told)
    assert precision.chosen("auto", CPU) == wanted
    assert precision.chosen("32-true", CPU) == "32-true"
    assert precision.chosen("auto", torch.device("mps")) == "32-true"


def test_a_system_that_does_not_say_gets_full_precision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "PROCESSOR", tmp_path / "nothing")
    assert precision.chosen("auto", CPU) == "32-true"


def test_an_adversarial_training_in_bfloat16_keeps_weights_losses_and_penalties_in_full(
    recipe_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precision, "_flags", lambda: precision.FLAGS)
    folders = {}
    for name in ("auto", "32-true"):
        folders[name] = recipe_file.parent / name
        words = [f"run.precision='{name}'", *SMALL]
        options = [word for value in words for word in ("--set", value)]
        assert main([str(recipe_file), "--out", str(folders[name]), "--device", "cpu", *options]) == 0
    states = {name: load_file(folder / "state.safetensors") for name, folder in folders.items()}
    weights = {key: value for key, value in states["auto"].items() if value.is_floating_point()}
    assert all(value.dtype is torch.float32 and value.isfinite().all() for value in weights.values())
    assert not all(torch.equal(value, states["32-true"][key]) for key, value in weights.items())
    figures = {name: _figures(folder / "journal.csv") for name, folder in folders.items()}
    assert figures["auto"].keys() >= {"reconstruction", "adversarial", "value"}
    assert all(isfinite(value) for value in figures["auto"].values())
    for name in ("reconstruction", "val_psnr_db"):
        assert figures["auto"][name] == pytest.approx(figures["32-true"][name], rel=0.05)


SMALL = (
    "generator={architecture='context-encoder', parameters={base=2}}",
    "holes={square_share=1.0}",
    "stages=[{train=['generator', 'discriminator'], epochs=2.5}]",
    "run.val_holes=2",
)


def _figures(path: Path) -> dict[str, float]:
    with path.open() as stream:
        return {row["name"]: float(row["value"]) for row in csv.DictReader(stream)}
