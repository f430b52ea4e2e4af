"""What is abnormal, by keys and buttons in a real window with a real generator: search, look, mask, fill, export."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from cxr_studio.ui.highlight.panel import HighlightPanel


@pytest.fixture
def mass(tmp_path, phantom):
    """The chest phantom with a dense disc in its right lung."""
    y, x = np.mgrid[: phantom.shape[0], : phantom.shape[1]]
    disc = (y - 150) ** 2 + (x - 90) ** 2 <= 14**2
    path = tmp_path / "mass.png"
    Image.fromarray(np.where(disc, np.minimum(phantom + 9000.0, 65_535), phantom).astype(np.uint16)).save(path)
    return path


@pytest.fixture
def searched(desk, mass):
    desk.start(mass)
    desk.studio.highlight.set_generator("biharmonic")
    desk.window.registry.action("inpaint.live").trigger()
    desk.do("highlight.run")
    highlight = desk.studio.highlight
    desk.qtbot.waitUntil(lambda: highlight.found is not None and not highlight.running, timeout=60_000)
    assert highlight.found.complete
    return desk


def test_search_walk_mask_fill_and_undo(searched):
    highlight, session = searched.studio.highlight, searched.studio.workspace.session
    scene = searched.window.grid.scene
    assert scene.highlight is not None
    searched.do("highlight.kind")
    assert highlight.kind == "signed"
    fitted = scene.view.scale
    searched.key(Qt.Key.Key_F3)
    y0, x0, y1, x1 = highlight.spots[0].box
    assert highlight.selected == 1
    assert scene.highlight.selected == 1
    assert (scene.view.y, scene.view.x) == pytest.approx(((y0 + y1) / 2, (x0 + x1) / 2))
    assert scene.view.scale == pytest.approx(2 * fitted)
    searched.key(Qt.Key.Key_F4)
    assert session.mask[y0:y1, x0:x1].any()
    assert session.mask.sum() == session.mask[y0 - 8 : y1 + 8, x0 - 8 : x1 + 8].sum()
    with searched.qtbot.waitSignal(searched.studio.inpainting.timed, timeout=30_000):
        searched.do("inpaint.run")
    searched.do("inpaint.accept")
    assert len(session.edits) == 1
    assert not highlight.outdated
    searched.do("edit.undo")
    searched.do("edit.undo")
    assert not session.mask.any()


def test_keys_change_the_look(searched):
    highlight, scene = searched.studio.highlight, searched.window.grid.scene
    before = highlight.threshold
    searched.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert highlight.threshold > before
    assert scene.highlight.style.threshold == highlight.threshold
    searched.key(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert scene.highlight.style.opacity == pytest.approx(0.5)
    searched.key(Qt.Key.Key_Q)
    assert scene.highlight is None
    assert not searched.window.registry.action("highlight.show").isChecked()
    searched.key(Qt.Key.Key_Q)
    assert scene.highlight is not None
    searched.do("highlight.clear")
    assert scene.highlight is None
    assert not searched.window.registry.action("highlight.next").isEnabled()


def test_export_writes_what_the_command_line_writes(searched, tmp_path):
    searched.answers.path = tmp_path / "out"
    searched.do("highlight.export")
    searched.qtbot.waitUntil(lambda: "Written" in searched.window.messages.text, timeout=20_000)
    names = sorted(path.suffix for path in (tmp_path / "out").iterdir())
    assert names == [".csv", ".json", ".mha", ".png"]
    assert all(path.name.startswith("mass") for path in (tmp_path / "out").iterdir())


def test_escape_cancels_and_another_radiograph_drops_the_map(searched, picture):
    highlight = searched.studio.highlight
    first = highlight.found
    searched.do("highlight.run")
    assert highlight.running
    searched.key(Qt.Key.Key_Escape)
    assert not highlight.running
    assert highlight.found is first
    searched.do("highlight.run")
    searched.open(picture)
    assert highlight.found is None
    assert not highlight.running
    assert searched.window.grid.scene.highlight is None


def test_what_is_chosen_is_remembered(searched):
    searched.studio.highlight.step_opacity(-2)
    panel = searched.view(HighlightPanel)
    panel.generator_chosen.emit("telea")
    searched.leave()
    assert searched.studio.preferences.settings.highlight_generator == "telea"
    assert searched.studio.preferences.settings.highlight_opacity == pytest.approx(0.4)


def test_no_shortcut_is_given_twice(desk):
    keys = [key for row in desk.window.registry.rows.values() for key in row.keys]
    assert len(keys) == len(set(keys))


def test_the_inpainted_image_is_searched_after_an_edit(searched):
    searched.do("highlight.mask")
    with searched.qtbot.waitSignal(searched.studio.inpainting.timed, timeout=30_000):
        searched.do("inpaint.run")
    assert not searched.window.registry.action("highlight.again").isEnabled()
    searched.do("inpaint.accept")
    searched.do("highlight.again")
    highlight = searched.studio.highlight
    searched.qtbot.waitUntil(lambda: highlight.inpainted and not highlight.running, timeout=60_000)
    assert searched.window.grid.scene.highlight.pane == "inpainted"
    assert not highlight.outdated
    searched.do("edit.undo")
    assert highlight.outdated
    assert "before the last edits" in searched.view(HighlightPanel)._words.text()


def test_leaving_in_the_middle_of_a_search_leaves_no_thread(searched):
    searched.do("highlight.run")
    searched.qtbot.wait(50)
    searched.leave()
    assert not searched.studio.background.busy
