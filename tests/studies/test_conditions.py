"""A condition of every role: what it changes, what it keeps, and what a protocol says of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cxr_studio.errors import StudioError
from cxr_studio.networks.card import Role
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.studies.key import REAL
from cxr_studio.studies.making import Maker
from cxr_studio.studies.pairs import Making, changed
from cxr_studio.studies.protocol import ProtocolError
from cxr_studio.studies.protocol_parts import KINDS, Condition
from tests.generation.strangers import CARDS, write
from tests.studies.test_making import draw, pixels, protocol_of

SHA256 = "d8b16d0673e9a90d4acde9d021494e49dea609a99bd72294f40ee642904e43bd"
"""Of the protocol of the tests before conditions had boxes and labels."""

LISTED = "image,finding,x,y,width,height\n000_000.png,Mass,40,60,50,30\n001_000.png,Mass,20.4,30,48,40\n"


@pytest.fixture(scope="module")
def strangers(tmp_path_factory) -> dict[Role, Path]:
    """A tiny untrained checkpoint of each role."""
    folder = tmp_path_factory.mktemp("strangers")
    return {role: write(folder, card).path for role, card in CARDS.items() if role in KINDS}


@pytest.fixture(scope="module")
def radiograph(tmp_path_factory):
    return read_radiograph(draw(tmp_path_factory.mktemp("one"), 1) / "000_000.png")


def condition_of(role: Role, path: Path, **more) -> Condition:
    sizes = {Role.INSERT: {"diameter": "30px"}}.get(role, {"hole": 48})
    return Condition(generator=str(path), **{**sizes, **more})


@pytest.mark.parametrize("role", KINDS)
def test_a_generator_of_every_role_makes_a_case(strangers, radiograph, role):
    condition = condition_of(role, strangers[role])
    assert condition.kind == KINDS[role]
    change, again = (changed(radiograph, Making(condition, False, (1, 2), 7, "cpu")) for _ in range(2))
    assert np.array_equal(change.stored, again.stored), "the same seeds, the same case"
    if role is not Role.INSERT:  # a nodule fades out beyond its silhouette
        assert np.array_equal(change.stored[~change.mask], radiograph.stored[~change.mask])
    assert (change.stored[change.mask] != radiograph.stored[change.mask]).any()
    if role is Role.SURROUND:
        assert np.array_equal(change.in_sight, ~change.mask), "the box stays, and no crop cuts it"
        assert change.in_sight.sum() == 48 * 48
    elif role is Role.TRANSLATE:
        assert change.mask.all()
        assert change.in_sight is None, "it is cropped as real ones are"
    else:
        assert np.array_equal(change.in_sight, change.mask)


def test_a_listed_box_stays(strangers, radiograph):
    condition = condition_of(Role.SURROUND, strangers[Role.SURROUND], boxes="boxes.csv")
    change = changed(radiograph, Making(condition, False, (1, 2), 7, "cpu", ((60, 40, 90, 90),)))
    kept = np.zeros(radiograph.shape, bool)
    kept[60:90, 40:90] = True
    assert np.array_equal(~change.mask, kept)


def test_real_or_fake_of_surroundings_and_translations(strangers, tmp_path):
    (tmp_path / "boxes.csv").write_text(LISTED)
    conditions = [
        {"generator": str(strangers[Role.SURROUND]), "boxes": "boxes.csv", "listed_side": 256, "name": "around"},
        {"generator": str(strangers[Role.TRANSLATE]), "name": "all"},
    ]
    protocol = protocol_of("real-or-fake", images={"count": 2}, conditions=conditions)
    maker = Maker(protocol, draw(tmp_path / "in", 5), out=tmp_path / "out", device="cpu", base=tmp_path)
    made = maker.make()
    main = [case for case in made.key.cases.values() if not case.practice]
    assert sorted(case.condition for case in main) == sorted([REAL, REAL, "all", "all", "around", "around"])
    for case in main:
        if case.condition == "around":
            assert case.source in ("000_000.png", "001_000.png")
            assert case.facts["provenance"]["role"] == "surround"
            assert (pixels(made.bundle, case.altered).ndim, case.original) == (2, "")
        elif case.condition == "all":
            assert case.facts["provenance"]["box"] in ([], None)


def test_a_place_is_not_asked_for_where_everything_changes(strangers):
    conditions = [{"generator": str(strangers[Role.TRANSLATE])}]
    with pytest.raises(ProtocolError, match=r"answer\.mark asks for a place"):
        protocol_of("real-or-fake", conditions=conditions, answer={"mark": True})


def test_a_generator_that_is_not_here_is_known_by_what_it_is_given():
    assert [Condition(generator="gone", **given).kind for given in ({"boxes": "b.csv"}, {"labels": ("Mass",)}, {})] == [
        "box",
        "whole",
        "hole",
    ]


def test_a_protocol_without_the_new_values_keeps_its_form_and_hash():
    plain = protocol_of().conditions[0].model_dump(mode="json")
    assert not {"boxes", "listed_side", "labels"} & set(plain)
    told = Condition(generator="gone", labels=("Mass",), boxes="b.csv").model_dump(mode="json")
    assert (told["labels"], told["boxes"], "listed_side" in told) == (["Mass"], "b.csv", False)
    assert protocol_of().sha256 == SHA256


def test_a_wrong_role_is_refused(strangers, tmp_path):
    conditions = [{"generator": str(strangers[Role.RESTORE]), "diameter": "20px"}]
    protocol = protocol_of(conditions=conditions)
    assert protocol.conditions[0].kind == "hole"
    (tmp_path / "boxes.csv").write_text("image,finding,x,y,width,height\n")
    lists = [{"generator": str(strangers[Role.SURROUND]), "boxes": "boxes.csv"}]
    with pytest.raises(StudioError, match="the list of boxes is empty"):
        Maker(protocol_of(conditions=lists), draw(tmp_path / "in", 1), out=tmp_path / "out", base=tmp_path)
