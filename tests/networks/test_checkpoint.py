"""Checkpoint files, cards and the registry."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from cxr_studio.errors import CheckpointError
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import read_checkpoint, save_checkpoint
from cxr_studio.networks.registry import build, find_checkpoints, load_network, unreadable_checkpoints

CARD = Card(
    name="tiny",
    title="Tiny",
    role=Role.RESTORE,
    architecture="context-encoder",
    parameters={"base": 2},
    input_side=128,
    hole_side=64,
    base="blank",
    mm_per_pixel=0.375,
    reference_side=1024,
    changes=("Two channels.",),
    scores={"val_psnr_db": 20.5},
)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    torch.manual_seed(3)
    path = tmp_path / "tiny.safetensors"
    save_checkpoint(path, build(CARD), CARD)
    return path


def test_card_survives_json() -> None:
    assert Card.from_json(CARD.to_json()) == CARD


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"name": 1, "extra": 2}', CARD.to_json().replace("restore", "cure")])
def test_a_bad_card_is_one_sentence(text: str) -> None:
    with pytest.raises(CheckpointError) as fault:
        Card.from_json(text)
    assert "card" in str(fault.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"input_side": "128"}, "input_side is not a whole number"),
        ({"hole_side": -1}, "hole_side is not a whole number from 0 up"),
        ({"mm_per_pixel": "fine"}, "mm_per_pixel is not a number"),
        ({"title": None}, "title is not a text"),
        ({"scores": {"psnr": "high"}}, "scores is not a table of numbers"),
        ({"changes": "none"}, "changes is not a list of texts"),
        ({"parameters": [1]}, "parameters is not a table"),
    ],
)
def test_a_card_with_values_of_the_wrong_kind_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(CheckpointError, match=words):
        Card.from_json(json.dumps(json.loads(CARD.to_json()) | change))


def test_round_trip_gives_the_same_fill(saved: Path) -> None:
    checkpoint = read_checkpoint(saved)
    assert checkpoint.card == CARD
    assert len(checkpoint.sha256) == 64
    first, second = load_network(checkpoint), load_network(checkpoint)
    image, hole = torch.randn(1, 1, 128, 128), torch.zeros(1, 1, 128, 128)
    assert torch.equal(first(image, hole), second(image, hole))
    assert not first.training
    assert next(first.parameters()).dtype == torch.float32


def test_weights_are_stored_in_half_precision(saved: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.safetensors"
    save_checkpoint(whole, build(CARD), CARD, half=False)
    assert saved.stat().st_size < 0.6 * whole.stat().st_size


@pytest.mark.parametrize("content", [b"", b"\x00" * 8, b"{}", b"\xff" * 100, b"\x02\0\0\0\0\0\0\0{}"])
def test_a_file_that_is_no_checkpoint(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.safetensors"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"bad\.safetensors"):
        read_checkpoint(path)


def test_a_truncated_checkpoint_is_refused(saved: Path) -> None:
    saved.write_bytes(saved.read_bytes()[:-100])
    with pytest.raises(CheckpointError, match="do not fit"):
        load_network(read_checkpoint(saved))


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    save_checkpoint(path, build(CARD), replace(CARD, parameters={"base": 4}))
    with pytest.raises(CheckpointError, match="do not fit"):
        load_network(read_checkpoint(path))


def test_weights_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    network = build(CARD)
    with torch.no_grad():
        next(network.parameters()).fill_(float("nan"))
    path = tmp_path / "nan.safetensors"
    save_checkpoint(path, network, CARD)
    with pytest.raises(CheckpointError, match="finite"):
        load_network(read_checkpoint(path))


@pytest.mark.parametrize("change", [{"architecture": "nonsense"}, {"parameters": {"depth": 3}}, {"input_side": 100}])
def test_a_card_that_no_network_fits(change: dict[str, object]) -> None:
    with pytest.raises(CheckpointError, match="network"):
        build(replace(CARD, **change))


def test_the_users_folder_is_searched(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXR_STUDIO_MODELS", str(saved.parent))
    (saved.parent / "broken.safetensors").write_bytes(b"no")
    assert find_checkpoints()["tiny"].path == saved
    assert [fault.file.name for fault in unreadable_checkpoints() if fault.file] == ["broken.safetensors"]
