"""A day at 1366 × 768 without a command: a folder, nodules, COCO, a study made, sat and reported."""

from __future__ import annotations

import json

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from cxr_studio.nodules.edits import placement_of
from cxr_studio.ui.document.thumbnail_strip import ThumbnailStrip
from cxr_studio.ui.jobs.job_dialog import JobDialog
from cxr_studio.ui.study.study_controller import StudyController
from cxr_studio.ui.study.trial_controller import Phase

RADIOGRAPHS, EACH, PAIRS = 4, 2, 2
PLACES = ((140.0, 88.0), (180.0, 200.0))
PATIENCE = 120_000


@pytest.fixture
def folder(tmp_path, phantom):
    made = tmp_path / "radiographs"
    made.mkdir()
    for k in range(RADIOGRAPHS):
        Image.fromarray(phantom + 50 * k).save(made / f"{k:02d}.png")
    return made


@pytest.fixture
def small(desk):
    desk.window.resize(1366, 768)
    return desk


def dialog_of(desk, command):
    """The dialog that a command opens."""
    before = set(desk.window.findChildren(JobDialog))
    desk.do(command)
    (dialog,) = set(desk.window.findChildren(JobDialog)) - before
    assert dialog.width() <= 1366
    assert dialog.height() <= 728
    return dialog


def press(dialog, title):
    button = next(each for each in dialog.findChildren(QPushButton) if each.text() == title and each.isVisible())
    assert button.isEnabled()
    button.click()


def edits(desk):
    return desk.studio.workspace.session.edits


def changed(desk, before):
    """Wait until the edits are others; returns how the last nodule was placed."""
    desk.qtbot.waitUntil(lambda: edits(desk) is not before, timeout=20_000)
    return placement_of(edits(desk)[-1])


def place_nodules(desk):
    for place in PLACES:
        before = edits(desk)
        desk.drag(place)
        first = changed(desk, before)
        before = edits(desk)
        desk.do("tool.larger")
        desk.do("nodule.denser")
        second = changed(desk, before)
        assert (second.diameter, second.contrast) > (first.diameter, first.contrast)


def test_a_day_without_a_command(small, folder, tmp_path):
    small.start(folder)
    small.do("tool.nodule")
    walk_the_folder(small)
    export_coco(small, tmp_path)
    controller = make_and_open_a_study(small, tmp_path)
    sit(small, controller)
    report(small, tmp_path)
    assert small.answers.asked == []


def walk_the_folder(desk):
    for number in range(RADIOGRAPHS):
        assert desk.studio.workspace.name == f"{number:02d}.png"
        place_nodules(desk)
        if number < RADIOGRAPHS - 1:
            with desk.qtbot.waitSignal(desk.studio.workspace.opened, timeout=20_000):
                desk.do("file.next")
    desk.qtbot.waitUntil(lambda: not desk.studio.workspace.dirty, timeout=10_000)
    strip = desk.view(ThumbnailStrip)
    assert all("2 nodules" in strip.item(row).toolTip() for row in range(RADIOGRAPHS))


def export_coco(desk, tmp_path):
    dialog = dialog_of(desk, "file.export-labels")
    press(dialog, "Export")
    out = tmp_path / "radiographs-labels"
    desk.qtbot.waitUntil(lambda: "written to" in dialog.words, timeout=PATIENCE)
    content = json.loads((out / "coco.json").read_text())
    assert len(content["images"]) == RADIOGRAPHS
    assert len(content["annotations"]) == RADIOGRAPHS * EACH
    dialog.close()


def make_and_open_a_study(desk, tmp_path):
    dialog = dialog_of(desk, "file.make-study")
    fields = dialog.fields
    fields.generator.setCurrentIndex(fields.generator.findData("biharmonic"))
    fields.pairs.setValue(PAIRS)
    fields.readers.setValue(1)
    fields.practice.setValue(0)
    fields.hole.setValue(32)
    press(dialog, "Make the study")
    desk.qtbot.waitUntil(lambda: "For readers" in dialog.words, timeout=PATIENCE)
    press(dialog, "Sit it now")
    dialog.close()
    controller = desk.window.findChild(StudyController)
    desk.qtbot.waitUntil(lambda: bool(controller._chosen_screen), timeout=20_000)
    desk.qtbot.waitUntil(lambda: not controller._background.busy, timeout=20_000)
    return controller


def sit(desk, controller):
    window = controller.window

    def key(key):
        desk.qtbot.keyClick(window.currentWidget(), key)

    desk.qtbot.keyClicks(window.reader.name, "anna")
    desk.qtbot.keyClick(window.reader.name, Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Space)
    key(Qt.Key.Key_Return)
    for number in range(PAIRS):
        if window.currentWidget() is window.words:
            key(Qt.Key.Key_Return)
        desk.qtbot.waitUntil(lambda: controller.sequence.trials.phase is Phase.OPEN, timeout=20_000)
        key(Qt.Key.Key_Left if number % 2 else Qt.Key.Key_Right)
    desk.qtbot.waitUntil(lambda: window.currentWidget() is window.words, timeout=20_000)
    assert window.words.title == "Thank you"
    with desk.qtbot.waitSignal(controller.gone, timeout=20_000):
        key(Qt.Key.Key_Return)


def report(desk, tmp_path):
    dialog = dialog_of(desk, "file.study-progress")
    dialog.folder.set_folder(str(tmp_path / "radiographs-study"))
    desk.qtbot.waitUntil(lambda: dialog.table.rowCount() == 1, timeout=PATIENCE)
    assert dialog.table.item(0, 1).text() == f"{PAIRS} of {PAIRS} ✓"
    press(dialog, "Make the report")
    desk.qtbot.waitUntil(lambda: "Report: " in dialog.words, timeout=PATIENCE)
    page = (tmp_path / "radiographs-study" / "report" / "report.html").read_text(encoding="utf-8")
    assert "<h2>Gallery</h2>" in page
    dialog.close()
