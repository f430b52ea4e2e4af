"""One mask, all generators, in the window: asked by a key, taken from the row, accepted, written as a figure."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from cxr_studio.networks.card import Role
from cxr_studio.resources import user_models
from cxr_studio.ui.strip.picture_strip import PictureStrip
from tests.generation.strangers import CARDS, write


@pytest.fixture
def open_desk(desk_maker, picture):
    user_models().mkdir(parents=True, exist_ok=True)
    write(user_models(), CARDS[Role.TRANSLATE])
    desk = desk_maker(generator="biharmonic")
    desk.start(picture)
    few = "biharmonic", "telea", "stranger-translate"
    known = desk.studio.rivals._generators
    desk.studio.rivals._generators = lambda: tuple(facts for facts in known() if facts.name in few)
    return desk


def ask(desk):
    desk.stroke((100.0, 80.0), (120.0, 100.0))
    desk.key(Qt.Key.Key_F5)
    desk.qtbot.waitUntil(lambda: len(desk.studio.rivals.answers) == 3, timeout=60_000)
    (strip,) = (each for each in desk.window.findChildren(PictureStrip) if each.isVisible())
    return desk.studio.rivals, strip


def test_a_row_below_the_panes_from_which_one_fill_is_taken_and_accepted(open_desk):
    desk, studio = open_desk, open_desk.studio
    rivals, strip = ask(desk)
    assert strip.isVisible()
    assert strip.mapTo(desk.window, strip.rect().topLeft()).y() >= max(
        pane.mapTo(desk.window, pane.rect().bottomLeft()).y() for pane in desk.window.grid.panes.values()
    ), "the panes are not covered"
    assert [cell.title for cell in strip.cells] == [rival.facts.title for rival in rivals.answers]
    place = next(k for k, rival in enumerate(rivals.answers) if rival.facts.name == "stranger-translate")
    original, mask = studio.workspace.session.radiograph.stored, studio.workspace.session.mask.copy()
    strip.taken.emit(place)
    image = studio.workspace.composite.image
    assert np.array_equal(image[~mask], original[~mask]), "what is repaired blindly is pasted inside the mask"
    assert np.mean(image[mask] != original[mask]) > 0.5
    desk.do("inpaint.accept")
    (edit,) = studio.workspace.session.edits
    assert edit.provenance.generator == "stranger-translate"
    assert not strip.isVisible()
    with desk.qtbot.waitSignal(studio.link.job_done, timeout=60_000):
        studio.variations.rerun(edit.number)
    assert np.array_equal(studio.workspace.composite.image, image)


def test_escape_closes_the_row_and_leaves_the_fill(open_desk):
    desk = open_desk
    rivals, strip = ask(desk)
    strip.taken.emit(0)
    desk.key(Qt.Key.Key_Escape)
    assert not rivals.shown
    assert not strip.isVisible()
    assert desk.studio.inpainting.fill is not None


def test_the_row_is_shown_through_the_window_that_the_panes_have(open_desk):
    desk = open_desk
    _, strip = ask(desk)
    strip.taken.emit(1)
    before, scene = strip.cells, desk.window.grid.scene
    desk.do("view.invert")
    desk.qtbot.waitUntil(lambda: strip.cells != before)
    table = scene.table()
    assert all(np.array_equal(new.after, 255 - old.after) for old, new in zip(before, strip.cells, strict=True))
    assert table[0] > table[-1]
    assert [cell.title for cell in strip.cells] == [cell.title for cell in before]
    assert strip._current == 1


def test_the_figure_has_a_prints_resolution(open_desk, tmp_path):
    desk = open_desk
    ask(desk)
    desk.answers.path = tmp_path / "fills.png"
    desk.do("inpaint.every-figure")
    with Image.open(tmp_path / "fills.png") as figure:
        assert figure.width == 2126
        assert figure.info["dpi"] == pytest.approx((300, 300), abs=0.1)
