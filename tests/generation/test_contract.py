"""What every generator of every role keeps to: shipped ones, built-in ones, and a stranger's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cxr_studio.generation.request import ImageView, Region, Request
from cxr_studio.generation.result import Result
from cxr_studio.generation.session import Session
from cxr_studio.networks.card import Role
from cxr_studio.nodules.placement import Placement
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource, user_models
from cxr_studio.restore.options import FillOptions
from cxr_studio.roles import answer, offered, request_again
from cxr_studio.surround.options import SurroundOptions
from cxr_studio.translate.options import TranslateOptions
from tests.generation.strangers import CARDS, write

Asked = tuple[object, Region]


def hole() -> np.ndarray:
    mask = np.zeros(HEALTHY.shape, bool)
    mask[400:430, 280:312] = True
    return mask


def damaged(name: str) -> Region:
    """The shipped ones repair what is blank, and change nothing where nothing is."""
    return None if name == CARDS[Role.TRANSLATE].name else hole()


HEALTHY = read_radiograph(resource("samples", "healthy-1.png"))
ASK: dict[Role, Callable[[str], Asked]] = {
    Role.RESTORE: lambda name: (FillOptions(name, seed=2), hole()),
    Role.INSERT: lambda name: (Placement(420, 290, 30, seed=2, generator=name), None),
    Role.SURROUND: lambda name: (SurroundOptions(name, seed=2), (300, 200, 520, 420)),
    Role.TRANSLATE: lambda name: (TranslateOptions(name, seed=2), damaged(name)),
}
NAMES = [(role, facts.name) for role in ASK for facts in offered(role)] + [(r, card.name) for r, card in CARDS.items()]


@pytest.fixture
def answered(role: Role, name: str) -> tuple[Session, Request, Result]:
    folder: Path = user_models()
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, CARDS[role])
    session = Session(HEALTHY)
    options, region = ASK[role](name)
    request = session.request(options, region)
    return session, request, answer(request, device="cpu")


@pytest.mark.parametrize(("role", "name"), NAMES)
def test_it_writes_where_it_says_repeats_itself_and_can_be_run_again(role: Role, name: str, answered) -> None:
    session, request, result = answered
    view: ImageView = request.image
    image = view.stored.copy()
    for patch in result.patches:
        y0, x0, y1, x1 = patch.box
        image[y0:y1, x0:x1] = patch.stored
    written = result.written.whole(view.shape)
    assert np.array_equal(image[~written], view.stored[~written])
    assert (image != view.stored).any()
    assert (result.number, result.provenance.generator, result.provenance.role) == (request.number, name, role)
    edit = session.add(result, name)
    again = request_again(session, edit.number)
    assert (again.options, again.number > request.number) == (request.options, True)
    twin = answer(again, device="cpu")
    for ours, theirs in zip(result.patches, twin.patches, strict=True):
        assert ours.box == theirs.box
        assert np.array_equal(ours.stored, theirs.stored)
    assert np.array_equal(session.composite, image)
    assert twin.provenance == result.provenance
