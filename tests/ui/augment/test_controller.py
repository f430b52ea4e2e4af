"""Batch augmentation from the window, with a view that remembers what it was shown."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from cxr_studio.ui.augment.auditing import audited_set
from cxr_studio.ui.augment.controller import AugmentController
from cxr_studio.ui.augment.dialog import AugmentDialog
from cxr_studio.ui.augment.form import AugmentForm
from cxr_studio.ui.shell.background import Background

PATIENCE = 60_000


class View:
    def __init__(self):
        self.sentences, self.progress, self.examples, self.starts, self.pages = [], [], [], [], []

    def set_running(self, running):
        pass

    def set_progress(self, fraction, words):
        self.progress.append(words)

    def say(self, *sentences):
        self.sentences.append(sentences)

    def show_example(self, example, words):
        self.examples.append((example, words))

    def set_start(self, title, *, ready=True):
        self.starts.append(title)

    def open_page(self, page):
        self.pages.append(page)


@pytest.fixture
def bench(qtbot, tmp_path, phantom, monkeypatch):
    folder = tmp_path / "healthy"
    folder.mkdir()
    for name in ("a.png", "b.png"):
        Image.fromarray(phantom).save(folder / name)
    monkeypatch.setattr("cxr_studio.ui.augment.controller.os.cpu_count", lambda: 2)
    background, view = Background(), View()
    form = AugmentForm(folder, "cpu")
    qtbot.addWidget(form)
    form.count.setValue(3)
    form.high.setValue(30)
    yield qtbot, AugmentController(background, view), view, form
    background.close()


def test_a_preview_is_the_image_that_the_set_will_have(bench, tmp_path, monkeypatch):
    qtbot, controller, view, form = bench
    monkeypatch.setattr("cxr_studio.ui.augment.controller.audited_set", write_page)
    form.audit.setChecked(True)
    controller.preview(form.chosen)
    qtbot.waitUntil(lambda: bool(view.examples), timeout=PATIENCE)
    example, words = view.examples[0]
    assert example.shown.shape == (320, 288)
    assert words.startswith(f"Image 1, from {example.record.source}: ")
    assert not (tmp_path / "healthy-augmented").exists()
    controller.start(form.chosen)
    qtbot.waitUntil(lambda: not controller.job.running, timeout=PATIENCE)
    record = json.loads((tmp_path / "healthy-augmented" / "records" / "000000.json").read_text())
    assert record["nodules"][0]["mask_sha256"] == example.record.nodules[0].mask_sha256
    assert view.sentences[-1][0].startswith("3 of 3 images in")
    assert (tmp_path / "healthy-augmented" / "coco.json").exists()
    assert view.sentences[-1][-1] == "Audit: of healthy."
    assert view.pages == [tmp_path / "healthy-augmented" / "audit.html"]
    assert view.progress[-1] == "image 3 of 3"


def write_page(folder, source, *, progress):
    (folder / "audit.html").write_text("a report")
    return [f"Audit: of {source.name}."]


def test_a_set_that_is_too_small_is_not_audited(tmp_path, phantom):
    for name in ("set", "healthy"):
        (tmp_path / name).mkdir()
        Image.fromarray(phantom).save(tmp_path / name / f"{name}.png")
    (tmp_path / "set" / "manifest.csv").write_text(
        "file,patient,finding,x0,y0,x1,y1,synthetic\nset.png,p1,nodule,90,90,120,120,1\n"
    )
    words = audited_set(tmp_path / "set", tmp_path / "healthy", progress=lambda part, words: None)
    assert words == [
        "Not audited: set: at least 8 synthetic radiographs are needed, not 1. "
        "Mark them in the column synthetic of the manifest."
    ]


def test_a_set_that_was_stopped_is_continued(bench, tmp_path):
    qtbot, controller, view, form = bench
    out = tmp_path / "healthy-augmented"
    controller.start(form.chosen)
    qtbot.waitUntil(lambda: "image 1 of 3" in view.progress, timeout=PATIENCE)
    controller.cancel()
    assert view.starts[-1] == "Continue"
    qtbot.waitUntil(lambda: not controller._background.busy, timeout=PATIENCE)
    made = len(list((out / "records").glob("*.json")))
    assert 1 <= made <= 3
    values = controller.looked(str(out))
    assert f"{made} of 3 images are in this folder" in view.sentences[-1][0]
    again = AugmentForm(form.source.folder and tmp_path / "healthy", "cpu")
    qtbot.addWidget(again)
    again.set_plan(values)
    assert again.chosen == form.chosen
    controller.start(again.chosen)
    qtbot.waitUntil(lambda: not controller.job.running, timeout=PATIENCE)
    assert view.sentences[-1][0].endswith(f"{3 - made} made in this run.")


def test_missing_folders_and_another_plan_are_sentences(bench, tmp_path):
    qtbot, controller, view, form = bench
    form.out.set_folder("")
    controller.start(form.chosen)
    assert view.sentences[-1] == ("Choose the folder of the set first.",)
    form.out.set_folder(str(tmp_path / "set"))
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "plan.json").write_text(json.dumps({"sources": [], "count": 9}))
    controller.start(form.chosen)
    qtbot.waitUntil(lambda: not controller.job.running, timeout=PATIENCE)
    assert "another" in view.sentences[-1][0]
    assert "--" not in view.sentences[-1][0]


def test_the_larger_number_follows_the_smaller(bench):
    *_, form = bench
    form.fewest.setValue(4)
    assert form.most.value() == 4
    form.high.setValue(10)
    assert form.low.value() == 10


def test_the_dialog_shows_a_preview_and_names_what_continues(bench, tmp_path):
    qtbot, *_ = bench
    background = Background()
    dialog = AugmentDialog(background, tmp_path / "healthy", "cpu")
    qtbot.addWidget(dialog)
    dialog.fields.high.setValue(30)
    dialog.preview.another.click()
    qtbot.waitUntil(lambda: "Image 1" in dialog.preview.words.text(), timeout=PATIENCE)
    dialog.grab()
    background.close()
