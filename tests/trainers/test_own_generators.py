"""The examples of docs/adding-a-generator.md: three files each are a generator of their role; nothing else changes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from cxr_studio import networks, roles
from cxr_studio.datasets.splits import split_of
from cxr_studio.networks.card import Role
from cxr_studio.networks.registry import load_network
from cxr_studio.nodules import ct_library
from cxr_studio.quality.judges.by_role import judge_of
from tests.conftest import draw_phantom
from trainers import systems
from trainers.__main__ import main

OWN = Path(__file__).parents[2] / "docs" / "examples" / "own"

SMALL = ("run.batch=2", "run.sheet=2", "generator.parameters.width=4")


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The examples' files among the networks and the systems; few nodules, for speed."""
    nodules = ct_library.bundled_library()[::60]
    monkeypatch.setattr(ct_library, "bundled_library", lambda: nodules)
    for package, folder in ((networks, "networks"), (systems, "systems")):
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(OWN / folder)])
    yield
    for package in (networks, systems):
        for name in [name for name in sys.modules if name.startswith(f"{package.__name__}.soft_")]:
            sys.modules.pop(name)
            delattr(package, name.rpartition(".")[2])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Phantoms of patients to learn from and of others, and boxes of some."""
    for folder in ("train", "val", "boxed"):
        (tmp_path / folder).mkdir()
    for number, folder in enumerate(("train", "train", "val", "val")):
        cv2.imwrite(str(tmp_path / folder / f"{number}.png"), _picture(number))
    names = {side: [n for n in map(str, range(99)) if split_of(n) == side][:2] for side in ("train", "val")}
    rows = ["image,finding,x,y,width,height"]
    for name in (*names["train"], *names["val"]):
        cv2.imwrite(str(tmp_path / "boxed" / f"{name}.png"), _picture(int(name)))
        rows.append(f"{name}.png,Effusion,60,80,40,30")
    (tmp_path / "boxes.csv").write_text("\n".join(rows))
    return tmp_path


def _picture(number: int) -> np.ndarray:
    """A phantom of its own for each number."""
    return np.roll(draw_phantom(256, 256), number, axis=1)


def trained(name: str, data: Path, *changes: str) -> Path:
    """Two steps of a recipe; returns the snapshot."""
    command = [str(OWN / "recipes" / f"{name}.toml"), "--out", str(data / "run"), "--device", "cpu", "--steps", "2"]
    for change in (*SMALL, *changes):
        command += ["--set", change]
    assert main(command) == 0
    (snapshot,) = (data / "run" / "snapshots").glob("*.safetensors")
    return snapshot


def folders(section: str, data: Path) -> tuple[str, str]:
    return tuple(f"{section}.{side}='{(data / side).as_posix()}'" for side in ("train", "val"))


@pytest.mark.parametrize(
    ("name", "role", "changes"),
    [
        ("soft-fill", Role.RESTORE, ("generator.input_side=32", "generator.hole_side=16", "run.val_holes=2")),
        ("soft-nodule", Role.INSERT, ("generator.input_side=64", "run.val_pairs=2", "pairs.diameters=[8.0, 20.0]")),
        ("soft-surround", Role.SURROUND, ("generator.input_side=32", "run.val_images=2", "boxed.listed_side=256")),
        ("soft-repair", Role.TRANSLATE, ("generator.input_side=32",)),
    ],
)
def test_three_files_are_a_generator_of_their_role(name, role, changes, data, added):
    sections = {"soft-fill": "images", "soft-nodule": "pairs", "soft-repair": "radiographs"}
    own = (
        folders(sections[name], data)
        if name in sections
        else (
            f"boxed.images='{(data / 'boxed').as_posix()}'",
            f"boxed.boxes='{(data / 'boxes.csv').as_posix()}'",
        )
    )
    snapshot = trained(name, data, *own, *changes)
    facts = roles.look_up(str(snapshot))
    assert (facts.role, facts.card.name) == (role, name)
    weights = np.concatenate([w.numpy().ravel() for w in load_network(facts.checkpoint).state_dict().values()])
    assert np.isfinite(weights).all()
    assert judge_of(facts.role).largest > snapshot.stat().st_size
