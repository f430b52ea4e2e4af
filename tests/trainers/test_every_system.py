"""Every system that can be trained: two steps, resuming bit for bit, one batch learned by heart, its role's checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from lightning.fabric import Fabric
from safetensors.torch import load_file

from cxr_studio.masks.boxes import Mask
from cxr_studio.quality.checking import fills, lungs, nodules, shapes, surrounds, translations
from cxr_studio.quality.checking.check import check
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.roles import look_up
from tests.trainers import (
    conftest,
    test_comparators,
    test_detector,
    test_inpainter,
    test_lungs,
    test_medgan,
    test_pix2pix,
    test_shapes,
    test_stargan,
    texture_recipe,
)
from trainers.__main__ import main
from trainers.finding import find_system, system_names
from trainers.reading import read_recipe

Write = Callable[[Path], Path]

ELSEWHERE = {"region-detector"}
"""Needs torchvision: tests/torchvision."""


@dataclass(frozen=True)
class Small:
    """A system's recipe that trains in a second.

    Attributes:
        write: Writes recipe and data into a folder.
        error: The figure of a step that falls when one batch is learned by heart.
        to: The share of its first value that it falls to at least.
        changes: Of the recipe, so that it falls within ``STEPS``; shapes have no error, so their judge learns alone.
    """

    write: Write
    error: str
    to: float = 0.6
    changes: tuple[str, ...] = ("optimiser.rate=0.01",)


def filler(kind: tuple[str, str, str, str]) -> Write:
    return lambda folder: test_comparators.write_recipe(folder, kind)


NO_JUDGES = ("judges.global.weight=0.0", "judges.patch.weight=0.0", "judges.patch.features=0.0")
NO_LOCAL_JUDGES = ("judges.fine.weight=0.0", "judges.fine.features=0.0", "judges.wide.weight=0.0")
LARGE_NODULES = (
    *("pairs.diameters=[40.0, 48.0]", "pairs.subtleties=[2.0, 2.1]", "generator.parameters.width=16", "run.batch=2"),
    *("loss.perceptual=0.0", "loss.adversarial=0.0", "optimiser.rate=0.001"),
)
SYSTEMS = {
    "context-encoder": Small(conftest.write_recipe, "reconstruction", 0.5),
    "ctsdg": Small(filler(test_comparators.CTSDG), "hole"),
    "detector": Small(
        test_detector.write_recipe, "heat", 0.2, ("scenes.healthy=0.0", "real.share=0.0", "optimiser.rate=0.01")
    ),
    "edge-connect": Small(filler(test_comparators.EDGE), "l1"),
    "gated-convolution": Small(filler(test_comparators.GATED), "l1"),
    "inpainter": Small(test_inpainter.write_recipe, "low", 0.6, (*NO_LOCAL_JUDGES, "optimiser.rate=0.002")),
    "lungs": Small(test_lungs.write_recipe, "cross_entropy"),
    "medgan": Small(
        test_medgan.write_recipe, "hole", 0.6, (*NO_JUDGES, "loss={l1=20.0, hole=1.0}", "optimiser.rate=0.01")
    ),
    "partial-convolution": Small(filler(test_comparators.PARTIAL), "hole"),
    "pix2pix": Small(
        test_pix2pix.write_recipe,
        *("l1", 0.5),
        ("judges.wide.weight=0.0", "judges.wide.features=0.0", "optimiser.rate=0.01", "loss.draft=0.0"),
    ),
    "shapes": Small(
        test_shapes.write_recipe, "discriminator_loss", 0.3, ("discriminator.rate=0.01", "optimiser.rate=1e-9")
    ),
    "stargan": Small(test_stargan.write_recipe, "cycle", 0.6, ("generator_every=1", "optimiser.rate=0.01")),
    "texture": Small(texture_recipe.write_texture_recipe, "region", 0.5, LARGE_NODULES),
}

STEPS = 45

LEARNED = {
    *("seam", "grain", "repairs what is damaged", "leaves the rest", "one region"),
    *("lungs of healthy-1.png", "lungs of healthy-2.png", "no lungs in images without lungs"),
}
TIMED = {"fast enough", "memory"}
"""Checks that ask for more than two steps of learning, or for a quiet machine."""


def small_hole(radiograph: Radiograph) -> Mask:
    """What fills in one go, however small the network's hole."""
    height, width = radiograph.shape
    mask = np.zeros(radiograph.shape, bool)
    mask[height // 2 : height // 2 + 20, width // 4 : width // 4 + 20] = True
    mask.setflags(write=False)
    return mask


def run(recipe: Path, out: str, *words: str) -> Path:
    folder = recipe.parent / out
    assert main([str(recipe), "--out", str(folder), "--device", "cpu", *words]) == 0
    return folder


@pytest.fixture(scope="module", params=sorted(SYSTEMS))
def system(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def recipe(system: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return SYSTEMS[system].write(tmp_path_factory.mktemp(system))


@pytest.fixture(scope="module")
def two_steps(recipe: Path) -> Path:
    return run(recipe, "parted", "--steps", "2")


def test_none_is_forgotten() -> None:
    assert {*SYSTEMS, *ELSEWHERE} == {*system_names()}


def test_it_keeps_to_its_role_after_two_steps(two_steps: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fills, "SAMPLE_HOLES", 1)
    monkeypatch.setattr(fills, "_strokes", small_hole)
    monkeypatch.setattr(nodules, "SAMPLE_PAIRS", 2)
    monkeypatch.setattr(fills, "odd_findings", lambda *_, **__: [])  # a hundred windows for a network of 32 pixels
    for module in (fills, lungs, nodules, shapes, surrounds, translations):
        monkeypatch.setattr(module, "megabytes_of", lambda *_: 0.0)
    (snapshot,) = (two_steps / "snapshots").iterdir()
    findings = check(look_up(str(snapshot)), device="cpu")
    assert len(findings) >= 5
    assert [each for each in findings if not each.passed and each.name not in LEARNED | TIMED] == []


def test_resuming_is_bit_for_bit(recipe: Path, two_steps: Path) -> None:
    run(recipe, "parted", "--steps", "2", "--resume")
    whole, parted = (
        load_file(folder / "state.safetensors") for folder in (run(recipe, "whole", "--steps", "4"), two_steps)
    )
    assert whole.keys() == parted.keys()
    assert all(torch.equal(value, parted[key]) for key, value in whole.items())


def test_one_batch_is_learned_by_heart(system: str, recipe: Path) -> None:
    small = SYSTEMS[system]
    read, text = read_recipe(recipe, small.changes)
    task: Any = find_system(system).task(read, text)
    task.attach(Fabric(accelerator="cpu", devices=1))
    (batch,) = task.batches(0, 1)
    errors = [float(task.step(batch, step)[small.error]) for step in range(STEPS)]
    assert np.median(errors[-10:]) < small.to * errors[0], "of several, since large rates make some steps worse"
