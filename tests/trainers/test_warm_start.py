"""A training that starts from the weights of another: which networks get them, and what the card says."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from cxr_studio.errors import CheckpointError, RecipeError
from cxr_studio.files import file_sha256
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.resources import resource
from trainers.__main__ import main
from trainers.reading import read_recipe
from trainers.systems.context_encoder import ContextEncoderTask

PAPER = (
    "generator={architecture='context-encoder', parameters={base=2}}",
    "holes={square_share=1.0}",
    "stages=[{train=['generator', 'discriminator'], epochs=0.25}]",
    "run.val_holes=2",
    "run.average=0.9",
)


def words(*overrides: str) -> list[str]:
    return [word for override in overrides for word in ("--set", override)]


@pytest.fixture
def former(recipe_file: Path) -> Path:
    """Folder of a run of two steps."""
    folder = recipe_file.parent / "former"
    assert main([str(recipe_file), "--out", str(folder), "--device", "cpu", "--steps", "2", *words(*PAPER)]) == 0
    return folder


def started(recipe_file: Path, weights: object, *changes: str) -> ContextEncoderTask:
    recipe, text = read_recipe(recipe_file, (*PAPER, *changes, f"start.weights={weights!r}", "seed=99"))
    return ContextEncoderTask(recipe, text)


def test_a_state_gives_generator_and_judge_their_weights_and_nothing_else(recipe_file: Path, former: Path) -> None:
    state = former / "state.safetensors"
    task = started(recipe_file, str(state))
    kept = load_file(state)
    for name, part in (("generator", "average"), ("discriminator", "discriminator")):
        for key, value in task.networks[name].state_dict().items():
            assert torch.equal(value, kept[f"module.{part}.{key}"])
    assert task.average is not None
    assert torch.equal(*(next(iter(m.parameters())) for m in (task.average, task.networks["generator"])))
    assert all(not optimiser.state for optimiser in task.optimisers.values())
    (change,) = task.blank.changes
    wanted = f"Started from the weights of state.safetensors (SHA-256 {file_sha256(state)}): generator, discriminator."
    assert change == wanted


def test_a_checkpoint_gives_the_generator_alone_its_weights(recipe_file: Path, former: Path) -> None:
    snapshot = next((former / "snapshots").iterdir())
    task, fresh = (
        started(recipe_file, [str(snapshot)]),
        ContextEncoderTask(*read_recipe(recipe_file, (*PAPER, "seed=99"))),
    )
    kept = load_file(snapshot)
    assert all(torch.equal(v, kept[k].to(v.dtype)) for k, v in task.networks["generator"].state_dict().items())
    pairs = zip(*(t.networks["discriminator"].state_dict().values() for t in (task, fresh)), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
    assert task.blank.changes[0].endswith(": generator.")


def test_what_does_not_fit_is_one_sentence(recipe_file: Path, former: Path, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"nothing\.safetensors: start\.weights: the weights cannot be read"):
        started(recipe_file, "nothing.safetensors")
    with pytest.raises(CheckpointError, match=r"lungs\.safetensors: .* they do not fit the generator \(Missing key"):
        started(recipe_file, str(resource("checkpoints", "lungs.safetensors")))
    save_file({"module.judge.weight": torch.zeros(1), "random.cpu": torch.zeros(1)}, tmp_path / "other.safetensors")
    with pytest.raises(RecipeError, match="holds weights of judge, none of generator, discriminator"):
        started(recipe_file, str(tmp_path / "other.safetensors"))


def test_a_training_that_started_so_says_so_on_its_card_and_resumes_with_the_same_file_only(
    recipe_file: Path, former: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = recipe_file.parent / "start.safetensors"
    start.write_bytes((former / "state.safetensors").read_bytes())
    folder = recipe_file.parent / "warm"
    command = [str(recipe_file), "--out", str(folder), "--device", "cpu", "--steps", "1"]
    command += words(*PAPER, f"start={{weights='{start.as_posix()}'}}")
    assert main(command) == 0
    card = read_checkpoint(next((folder / "snapshots").iterdir())).card
    assert "Started from the weights of start.safetensors" in card.changes[-1]
    assert main([*command, "--resume"]) == 0
    start.write_bytes(next((former / "snapshots").iterdir()).read_bytes())
    assert main([*command, "--resume"]) == 1
    assert "its start.weights was other data (start.safetensors with another content)" in capsys.readouterr().err
