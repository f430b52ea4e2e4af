"""A detector by keys and buttons in a real window: boxes from a file, what is missed, five more like it, undo."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from cxr_studio.nodules.edits import placement_of
from cxr_studio.ui.detect.panel import DetectPanel
from cxr_studio.ui.tools.guides import Label, Oval, Tone

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
PLACES = (110.0, 92.0), (190.0, 95.0)


@pytest.fixture
def detected(desk, picture, tmp_path):
    """Two nodules, of which another program's detector has boxed the first."""
    desk.start(picture)
    nodules = desk.studio.nodules
    for y, x in PLACES:
        with desk.qtbot.waitSignal(nodules.placed, timeout=60_000):
            nodules.adjust(diameter=16.0)
            nodules.press((y, x))
            nodules.release()
        desk.studio.workspace.select(None)
    desk.answers.path = tmp_path / "boxes.csv"
    (y, x), _ = PLACES
    rows = (f"chest.png,{x - 8},{y - 8},{x + 8},{y + 8},0.8", "chest.png,20,20,40,40,0.1", "other.png,1,1,9,9,0.9")
    desk.answers.path.write_text("\n".join(("file,x0,y0,x1,y1,score", *rows)) + "\n")
    with desk.qtbot.waitSignal(desk.studio.detect.answered, timeout=60_000):
        desk.do("detect.open")
    return desk


def test_what_is_missed_is_shown_and_five_more_are_drawn(detected):
    detect, workspace, scene = detected.studio.detect, detected.studio.workspace, detected.window.grid.scene
    panel = detected.view(DetectPanel)
    assert panel.texts == ["1   16 px   found (80 %)", "2   16 px   missed"]
    lines = scene.lines["detect"]
    assert [line.text for line in lines if isinstance(line, Label)] == ["80 %", "missed"]
    assert [line.tone for line in lines if isinstance(line, Oval)] == [Tone.MISSED]
    detected.key(Qt.Key.Key_PageDown, Qt.KeyboardModifier.AltModifier)
    assert detect.threshold == pytest.approx(0.275)
    detected.key(Qt.Key.Key_D, CONTROL | SHIFT)
    assert scene.lines["detect"] == ()
    detected.key(Qt.Key.Key_D, CONTROL | SHIFT)
    detected.key(Qt.Key.Key_F6)
    assert workspace.selected == 2
    with detected.qtbot.waitSignal(detect.told, timeout=120_000):
        detected.key(Qt.Key.Key_F6, SHIFT)
    placed = [placement_of(edit) for edit in workspace.session.edits]
    assert len(placed) == 7
    assert {each.diameter for each in placed} == {16.0}
    with detected.qtbot.waitSignal(detect.answered, timeout=60_000):
        detected.do("edit.undo")
    assert len(workspace.session.edits) == 2
    assert len(panel.texts) == 2
    detected.key(Qt.Key.Key_D, CONTROL)
    assert scene.lines["detect"] == ()
    assert not detected.window.registry.action("detect.run").isChecked()
