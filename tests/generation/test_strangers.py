"""A stranger's checkpoint in the models folder is offered wherever its role allows, or refused in words."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cxr_studio.cli.main import main
from cxr_studio.errors import CheckpointError, GeneratorError
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import restate
from cxr_studio.networks.registry import checkpoint_at
from cxr_studio.resources import resource, user_models
from cxr_studio.roles import RULES, find, known, look_up, offered, refused, warm_up
from cxr_studio.studies.protocol_parts import Condition
from tests.generation.strangers import CARDS, write

ROLES = list(CARDS)


@pytest.fixture
def models() -> Path:
    folder = user_models()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_every_role_that_answers_has_a_stranger() -> None:
    assert set(CARDS) == set(RULES)


@pytest.mark.parametrize("role", ROLES)
def test_it_is_offered_for_its_role_and_for_no_other(models: Path, role: Role) -> None:
    write(models, CARDS[role])
    name = CARDS[role].name
    assert find(name, role).title == "Stranger"
    assert look_up(name).role is role
    assert name in [facts.name for facts in offered(role)]
    assert warm_up(name, role, device="cpu").startswith("CPU")
    for other in set(ROLES) - {role}:
        assert name not in [facts.name for facts in offered(other)]
        with pytest.raises(GeneratorError, match=f"'{name}' is of role {role}, and here one of role {other} is needed"):
            find(name, other)
    assert not refused()


@pytest.mark.parametrize("role", ROLES)
def test_it_is_found_by_its_file_too(tmp_path: Path, role: Role) -> None:
    checkpoint = write(tmp_path, CARDS[role])
    assert find(str(checkpoint.path), role).checkpoint == checkpoint
    other = next(one for one in ROLES if one is not role)
    with pytest.raises(GeneratorError, match=f"is of role {role}, and here one of role {other} is needed"):
        find(str(checkpoint.path), other)


def test_a_second_one_of_a_shipped_kind_is_offered_everywhere(models: Path, tmp_path: Path, capsys) -> None:
    shipped = checkpoint_at(resource("checkpoints", "nodule-texture.safetensors"))
    card = replace(shipped.card, name="nodule-texture-paper", title="Paper")
    restate(shipped, models / "nodule-texture-paper.safetensors", card)
    assert [facts.name for facts in offered(Role.INSERT)] == [
        "ct-superposition",
        "nodule-texture",
        "nodule-texture-paper",
    ]
    out = tmp_path / "out.png"
    words = ["nodule", str(resource("samples", "healthy-1.png")), "--at", "290,420", "--diameter", "30px"]
    assert main([*words, "--generator", "nodule-texture-paper", "--out", str(out), "--device", "cpu"]) == 0
    assert out.exists()
    condition = Condition(generator="nodule-texture-paper", diameter="20px")
    assert condition.kind == "nodule"
    assert Condition(generator="inpainting").kind == "hole"
    assert main(["nodule", *words[1:], "--generator", "inpainting", "--out", str(out)]) == 1
    assert "'inpainting' is of role restore, and here one of role insert is needed" in capsys.readouterr().err


def test_a_copy_under_another_file_name_is_refused_by_name(models: Path) -> None:
    checkpoint = write(models, CARDS[Role.SURROUND])
    shutil.copy(checkpoint.path, models / "zz-copy.safetensors")
    (fault,) = refused()
    assert str(fault).startswith("zz-copy.safetensors: its card has the name 'stranger-surround', as stranger-surround")


def test_the_name_of_a_shipped_one_of_another_role_is_refused(models: Path) -> None:
    write(models, replace(CARDS[Role.SURROUND], name="inpainting"))
    assert find("inpainting", Role.RESTORE).card.role is Role.RESTORE
    (fault,) = refused()
    assert "which a checkpoint of role restore has" in str(fault)


@pytest.mark.parametrize(
    ("role", "changes", "words"),
    [
        (Role.RESTORE, {"hole_side": 0}, "does not suit role restore: hole_side is 0"),
        (Role.RESTORE, {"reference_side": 0}, "reference_side is 0"),
        (Role.INSERT, {"mm_per_pixel": 0.0}, "does not suit role insert: mm_per_pixel is 0"),
        (Role.SURROUND, {"input_side": 0}, "does not suit role surround: input_side is 0"),
        (Role.TRANSLATE, {"labels": ("mass", "mass")}, "two labels are the same"),
        (Role.TRANSLATE, {"architecture": "cycle-gan"}, "unknown network 'cycle-gan'"),
    ],
)
def test_a_card_that_does_not_suit_is_refused_in_words(models: Path, role: Role, changes: dict, words: str) -> None:
    checkpoint = write(models, CARDS[role])
    restate(checkpoint, checkpoint.path, replace(CARDS[role], **changes))
    assert CARDS[role].name not in [facts.name for facts in known()]
    (fault,) = refused()
    assert words in str(fault)
    assert str(fault).startswith(checkpoint.path.name)
    with pytest.raises(CheckpointError, match=words.split(":")[0]):
        find(CARDS[role].name, role)


def test_one_that_draws_into_a_generator_that_is_not_there_says_so(models: Path) -> None:
    shipped = checkpoint_at(resource("checkpoints", "inpainting.safetensors"))
    restate(shipped, models / "lost.safetensors", replace(shipped.card, name="lost", base="gone"))
    (fault,) = refused()
    assert "draws into the fill of 'gone', which is not there" in str(fault)
    assert "lost" not in [facts.name for facts in offered(Role.RESTORE)]


def test_a_network_of_another_role_is_refused_when_it_is_asked(models: Path) -> None:
    checkpoint = write(models, CARDS[Role.SURROUND])
    card = replace(CARDS[Role.INSERT], name="odd", architecture="pix2pix", parameters=checkpoint.card.parameters)
    restate(checkpoint, models / "odd.safetensors", card)
    with pytest.raises(CheckpointError, match=r"odd\.safetensors: the checkpoint's network draws no nodule"):
        warm_up("odd", Role.INSERT, device="cpu")


def test_rubbish_stops_nothing(models: Path) -> None:
    (models / "rubbish.safetensors").write_bytes(np.random.default_rng(1).bytes(200))
    assert "inpainting" in [facts.name for facts in known()]
    (fault,) = refused()
    assert str(fault).startswith("rubbish.safetensors: ")


def test_cards_say_their_geometry_by_role() -> None:
    sides = {role: CARDS[role].geometry.input_side for role in ROLES}
    assert sides == {role: CARDS[role].input_side for role in ROLES}
    assert Card.from_json(CARDS[Role.TRANSLATE].to_json()) == CARDS[Role.TRANSLATE]
