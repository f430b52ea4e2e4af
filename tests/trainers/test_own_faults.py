"""A fault in somebody's own network or system is one sentence that says what, where and what to do; no traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxr_studio import networks
from trainers import systems
from trainers.__main__ import main

OWN = Path(__file__).parents[2] / "docs" / "examples" / "own"

FAULTS = {
    "whole": ("network", ")[..., inside, inside]", ")", "cannot be trained (The size of tensor a (32) must match"),
    "lost": ("network", "torch.cat([image, hole], dim=1)", "image", "in networks/own_lost.py, line 3"),
    "absent": ("network", "import torch\n", "import torch\nimport not_there\n", "cannot be read (No module named"),
    "nameless": ("network", "NETWORK =", "CLASS =", "End cxr_studio/networks/own_nameless.py with NETWORK = …"),
    "endless": ("system", "RECIPE, TASK =", "BOTH =", "End trainers/systems/own_endless.py with RECIPE, TASK = …"),
    "broken": ("system", "class SoftFillTask(", "class SoftFillTask((", "Fix own_broken.py in trainers/systems"),
    "silent": ("system", "def geometry", "def shape", "hole_side is 0, not between 1 and input_side (32)"),
    "wrong": ("system", 'learn("generator"', 'learn("painter"', "KeyError: 'painter', in systems/own_wrong.py, line"),
    "nan": ("system", "/ hole.sum()", "/ 0", "the weights of 'generator' are no finite numbers"),
}
"""Name → what is spoilt in which file, and what is said of it."""


@pytest.fixture
def spoilt(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The example's two files with one fault, among the networks and the systems."""
    where, right, wrong, _ = FAULTS[request.param]
    for package, kind in ((networks, "network"), (systems, "system")):
        folder = tmp_path / package.__name__.rpartition(".")[2]
        folder.mkdir()
        text = (OWN / f"{kind}s" / "soft_fill.py").read_text()
        assert where != kind or right in text
        text = text.replace(right, wrong) if where == kind else text
        (folder / f"own_{request.param}.py").write_text(text)
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    yield request.param
    for package in (networks, systems):
        sys.modules.pop(f"{package.__name__}.own_{request.param}", None)


@pytest.mark.parametrize("spoilt", FAULTS, indirect=True)
def test_a_fault_of_ones_own_is_one_sentence(spoilt, recipe_file, capsys):
    own = [f"task='own-{spoilt}'", f"generator.architecture='own-{spoilt}'", "generator.parameters.width=2"]
    data = [f"images.{side}='{(recipe_file.parent / side).as_posix()}'" for side in ("train", "val")]
    small = ["generator.input_side=32", "generator.hole_side=16", "run.batch=2", "run.val_holes=2"]
    changes = [word for change in (*own, *data, *small) for word in ("--set", change)]
    assert main([str(OWN / "recipes" / "soft-fill.toml"), "--dry-run", "--device", "cpu", *changes]) == 1
    said = capsys.readouterr().err
    assert FAULTS[spoilt][3] in said
    assert "Traceback" not in said
