"""Exporting labels with a view that remembers what it was shown."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from cxr_studio.augmentation.collecting import Wanted
from cxr_studio.generation.session import Session
from cxr_studio.generation.session_file import save_session
from cxr_studio.nodules.export import add_nodule
from cxr_studio.nodules.placement import Placement
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.ui.document.kept import KeptSessions
from cxr_studio.ui.jobs.job_dialog import JobDialog, time_words
from cxr_studio.ui.labels.controller import LabelsController, Project
from cxr_studio.ui.labels.form import LabelsForm
from cxr_studio.ui.shell.background import Background


class View:
    def __init__(self):
        self.sentences, self.running, self.progress = [], [], []

    def set_running(self, running):
        self.running.append(running)

    def set_progress(self, fraction, words):
        self.progress.append((fraction, words))

    def say(self, *sentences):
        self.sentences.append(sentences)


@pytest.fixture
def bench(qtbot, tmp_path, phantom):
    """A project of two radiographs, a nodule kept for the first."""
    folder = tmp_path / "scans"
    folder.mkdir()
    paths = [folder / "a.png", folder / "b.png"]
    for path in paths:
        Image.fromarray(phantom).save(path)
    session = Session(read_radiograph(paths[0]))
    add_nodule(session, Placement(150.0, 90.0, 24.0))
    save_session(folder / "a.png.cxrs", session)
    background, view, kept = Background(), View(), []
    project = Project(paths, paths[1], lambda: kept.append(1) is None, KeptSessions())
    yield qtbot, LabelsController(project, background, view), view, kept
    background.close()


def test_the_whole_project_is_exported_with_the_last_edits_kept_first(bench, tmp_path):
    qtbot, controller, view, kept = bench
    controller.export(Wanted(("coco",)), str(tmp_path / "out"), whole=True)
    qtbot.waitUntil(lambda: bool(view.sentences), timeout=20_000)
    assert kept == [1]
    assert view.sentences[0][0].startswith("1 radiograph with 1 nodule written to")
    assert view.running == [True, False]
    assert view.progress[0] == (0.0, "a.png, 1 of 1")
    assert len(json.loads((tmp_path / "out" / "coco.json").read_text())["annotations"]) == 1


def test_what_cannot_be_exported_is_a_sentence(bench, tmp_path):
    qtbot, controller, view, _ = bench
    controller.export(Wanted(("coco",)), "", whole=True)
    controller.export(Wanted(()), str(tmp_path / "out"), whole=True)
    assert [s[0] for s in view.sentences] == [
        "Choose a folder first.",
        "Choose at least one kind of labels, or the masks.",
    ]
    controller.export(Wanted(("coco",)), str(tmp_path / "out"), whole=False)
    qtbot.waitUntil(lambda: len(view.sentences) == 3, timeout=20_000)
    assert "Place a nodule" in view.sentences[2][0]
    assert not (tmp_path / "out").exists()


def test_cancel_ends_the_job_at_once_and_leaves_nothing(bench, tmp_path):
    qtbot, controller, view, _ = bench
    controller.export(Wanted(("coco",)), str(tmp_path / "out"), whole=True)
    controller.job.cancel()
    assert view.sentences == [("Cancelled.",)]
    assert not controller.job.running
    qtbot.waitUntil(lambda: not controller.job._background.busy, timeout=20_000)
    assert not (tmp_path / "out").exists()


def test_the_form_says_what_is_wanted(qtbot, tmp_path):
    form = LabelsForm("a.png", 20, tmp_path / "out")
    qtbot.addWidget(form)
    assert form.wanted == Wanted(("coco",), ".png")
    form.choose(labels=("yolo", "node21"), folder="/elsewhere")
    assert (form.wanted.labels, form.folder, form.whole) == (("yolo", "node21"), "/elsewhere", True)


def test_escape_cancels_a_running_job_and_then_closes(qtbot, tmp_path):
    dialog = JobDialog("Export", LabelsForm("", 1, tmp_path), start="Export")
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.set_running(True)
    dialog.set_progress(0.5, "a.png, 1 of 2")
    assert dialog.words.startswith("a.png, 1 of 2 · ")
    with qtbot.waitSignal(dialog.cancelled):
        dialog.reject()
    assert dialog.isVisible()
    dialog.set_running(False)
    dialog.reject()
    assert not dialog.isVisible()


@pytest.mark.parametrize(("seconds", "words"), [(40, "40 s"), (180, "3 min"), (7800, "2 h 10 min")])
def test_a_length_of_time_in_words(seconds, words):
    assert time_words(seconds) == words
