"""Whole images in the window, with tiny untrained networks in the models folder."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QToolButton

from cxr_studio.networks.card import Role
from cxr_studio.resources import user_models
from cxr_studio.surround.options import SurroundOptions
from cxr_studio.ui.compare.proof import ALL_MAY_CHANGE, proved
from cxr_studio.ui.whole.panel import SURROUND, FindingChoice, WholePanel
from tests.generation.strangers import CARDS, write


@pytest.fixture
def open_desk(desk_maker, picture):
    user_models().mkdir(parents=True, exist_ok=True)
    write(user_models(), CARDS[Role.SURROUND])
    write(user_models(), CARDS[Role.TRANSLATE])
    desk = desk_maker(
        generator="biharmonic", surround_generator="stranger-surround", translate_generator="stranger-translate"
    )
    desk.start(picture)
    return desk


def test_the_box_stays_and_the_rest_is_drawn_kept_and_undone(open_desk):
    desk, studio = open_desk, open_desk.studio
    side = desk.window.side
    assert side.section("Surroundings").is_folded
    with desk.qtbot.waitSignal(studio.link.warmed, timeout=60_000) as warm:
        side.section("Surroundings").findChild(QToolButton).click()
    assert warm.args[0] == "stranger-surround", "opened, it is warmed up"
    assert desk.window.findChild(WholePanel, SURROUND.name).isVisible()
    desk.stroke((100.0, 80.0), (150.0, 160.0))
    assert studio.inpainting.fill is not None
    assert studio.surrounding.options == SurroundOptions("stranger-surround"), "remembered"
    with desk.qtbot.waitSignal(studio.link.job_done, timeout=60_000):
        desk.do("inpaint.surround")
        assert desk.window.grid.panes["inpainted"].busy.words == "Drawing the surroundings"
    assert studio.inpainting.fill is None, "one thing is on trial"
    assert not desk.window.grid.panes["inpainted"].busy.words
    y0, x0, y1, x1 = studio.surrounding.box
    original, image = studio.workspace.session.radiograph.stored, studio.workspace.composite.image
    assert np.array_equal(image[y0:y1, x0:x1], original[y0:y1, x0:x1])
    assert np.mean(image != original) > 0.5
    said = []
    studio.comparison.proved.connect(lambda words, _count: said.append(words))
    studio.comparison.prove()
    assert said == ["Box: 0 pixels changed"]
    desk.do("inpaint.whole-accept")
    (edit,) = studio.workspace.session.edits
    assert edit.provenance.box == (y0, x0, y1, x1)
    with desk.qtbot.waitSignal(studio.link.job_done, timeout=60_000):
        studio.variations.rerun(edit.number)
    assert np.array_equal(studio.workspace.composite.image, image)
    studio.surrounding.take_generator("pix2pix-n")
    studio.preferences.collect()
    assert studio.preferences.settings.surround_generator == "pix2pix-n"
    assert studio.preferences.settings.translate_generator == "stranger-translate"
    desk.do("edit.undo")
    desk.do("edit.undo")
    assert not studio.workspace.session.edits
    assert np.array_equal(studio.workspace.session.composite, original)


def test_a_translation_keeps_to_the_mask_and_is_kept(open_desk):
    desk, studio = open_desk, open_desk.studio
    desk.stroke((100.0, 80.0), (150.0, 160.0))
    mask = studio.workspace.session.mask.copy()
    desk.view(FindingChoice).masked_set.emit(True)
    with desk.qtbot.waitSignal(studio.link.job_done, timeout=60_000):
        desk.do("inpaint.translate")
    assert studio.inpainting.fill is None
    assert studio.surrounding.result is None
    original, image = studio.workspace.session.radiograph.stored, studio.workspace.composite.image
    assert np.array_equal(image[~mask], original[~mask])
    assert np.mean(image[mask] != original[mask]) > 0.5
    desk.do("inpaint.whole-accept")
    (edit,) = studio.workspace.session.edits
    assert edit.provenance.role == "translate"
    assert not studio.workspace.session.mask.any()
    desk.view(FindingChoice).masked_set.emit(False)
    with desk.qtbot.waitSignal(studio.link.job_done, timeout=60_000):
        desk.do("inpaint.translate")
    assert proved(studio.workspace.session, image, studio.workspace.whole) == (ALL_MAY_CHANGE, 0)
    desk.do("inpaint.whole-discard")
    assert np.array_equal(studio.workspace.composite.image, studio.workspace.session.composite)
