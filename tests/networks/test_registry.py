"""The name of an architecture is the name of its module; nothing else lists them."""

import pytest

from cxr_studio.errors import CheckpointError
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.registry import build, find_checkpoints, unreadable_checkpoints


def card(architecture: str) -> Card:
    return Card("t", "T", Role.SHAPE, architecture, {"latent": 6, "channels": [8, 6]}, input_side=128)


def test_an_architecture_is_the_network_of_its_module() -> None:
    network = build(card("shape-generator"))
    assert type(network).__module__ == "cxr_studio.networks.shape_generator"
    assert type(build(card("shape_generator"))) is type(network)


@pytest.mark.parametrize("name", ["", "nothing", "card", "observers", "os.path", "../secrets", "gated"])
def test_what_is_no_network_is_refused_by_name(name: str) -> None:
    with pytest.raises(CheckpointError, match="unknown network") as fault:
        build(card(name))
    assert repr(name) in str(fault.value)


def test_every_shipped_card_names_a_network() -> None:
    assert {checkpoint.card.name for checkpoint in find_checkpoints().values()} >= {"inpainting", "nodule-texture"}
    for checkpoint in find_checkpoints().values():
        build(checkpoint.card)


def test_the_folder_is_sorted_out_again_when_a_file_in_it_changes(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("CXR_STUDIO_MODELS", str(tmp_path))
    before = set(find_checkpoints())
    find_checkpoints().clear()
    assert set(find_checkpoints()) == before
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no checkpoint")
    assert [fault.file for fault in unreadable_checkpoints()] == [broken]
    broken.unlink()
    assert not unreadable_checkpoints()
