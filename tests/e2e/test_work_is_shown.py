"""While something is computed its pane says so; messages move nothing; a pending fill outlives a change of tool."""

import shutil

import pytest
from PySide6.QtCore import QPoint

from cxr_studio.ui.fill.variations_strip import VariationsStrip
from cxr_studio.ui.shell.status_fields import PENDING


@pytest.fixture
def open_desk(desk, picture):
    desk.start(picture)
    return desk


def places(desk):
    grid = desk.window.grid
    return {kind: (pane.canvas.mapTo(grid, QPoint()), pane.canvas.size()) for kind, pane in grid.panes.items()}


def test_messages_and_progress_lie_over_the_picture(open_desk):
    open_desk.window.messages.clear()
    before = places(open_desk)
    open_desk.window.messages.warn("Something failed, and it takes quite a few words to say what it was. " * 4)
    open_desk.window.progress.begin("Reading", lambda: None)
    assert open_desk.window.messages.isVisible()
    assert open_desk.window.progress.isVisible()
    assert places(open_desk) == before
    stage = open_desk.window.messages.parentWidget()
    for bar in (open_desk.window.messages, open_desk.window.progress):
        assert stage.rect().contains(bar.geometry())
        assert bar.height() >= bar.minimumSizeHint().height()
    open_desk.window.progress.end()


def test_a_message_about_the_image_goes_with_it(open_desk, picture):
    open_desk.studio.documents.warned.emit("This file is odd.")
    assert open_desk.window.messages.text == "This file is odd."
    open_desk.open(shutil.copy(picture, picture.with_name("other.png")))
    assert open_desk.window.messages.text == ""


def test_the_pane_says_what_is_computed_and_the_time_is_that_of_the_last_request(open_desk):
    chip, status = open_desk.window.grid.panes["inpainted"].busy, open_desk.window.status
    seen = []
    open_desk.studio.inpainting.asked.connect(lambda: seen.append((chip.words, status.field("latency"))))
    open_desk.stroke((100.0, 80.0), (110.0, 90.0))
    assert seen == [("", PENDING)] or seen == [("Filling", PENDING)]
    assert chip.words == ""
    assert status.field("latency").endswith("s")


def test_a_slow_fill_is_said_in_the_pane_until_it_is_cancelled(open_desk, monkeypatch):
    monkeypatch.setattr(open_desk.studio.link, "submit_live", lambda request: None)
    chip = open_desk.window.grid.panes["inpainted"].busy
    open_desk.drag((100.0, 80.0), (110.0, 90.0))
    open_desk.qtbot.waitUntil(chip.isVisible)
    assert chip.text().startswith("Filling")
    open_desk.do("inpaint.cancel")
    assert not chip.isVisible()
    assert open_desk.studio.workspace.session.mask.any(), "the mask stays"


def test_changing_the_tool_keeps_a_pending_fill(open_desk):
    with open_desk.qtbot.waitSignal(open_desk.studio.inpainting.timed, timeout=30_000):
        open_desk.drag((100.0, 80.0), (110.0, 90.0))
        for tool in ("nodule", "polygon", "window", "nodule"):
            open_desk.do(f"tool.{tool}")
    assert open_desk.view(VariationsStrip).isVisible(), "it can be accepted with the nodule tool chosen"
    open_desk.do("inpaint.accept")
    assert len(open_desk.studio.workspace.session.edits) == 1
    assert not open_desk.view(VariationsStrip).isVisible()


def test_a_nodule_beside_a_mask_leaves_it_filled(open_desk):
    open_desk.stroke((100.0, 80.0), (110.0, 90.0))
    open_desk.do("tool.nodule")
    with open_desk.qtbot.waitSignal(open_desk.studio.inpainting.timed, timeout=30_000):
        open_desk.drag((200.0, 200.0))
    assert [edit.title.split()[0] for edit in open_desk.studio.workspace.session.edits] == ["Nodule"]
    assert open_desk.studio.inpainting.fill is not None
    composite = open_desk.studio.workspace.composite
    assert composite.patches, "the fill on trial is shown over the nodule"
