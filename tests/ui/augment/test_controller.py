"""Batch augmentation from the window, with a view that remembers what it was shown."""

from __future__ import annotations

import json

import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog

from cxr_studio.augmentation.options import plan_of
from cxr_studio.detection.detector import find_detector
from cxr_studio.settings import Settings
from cxr_studio.ui.augment.attribute_field import TABLE
from cxr_studio.ui.augment.auditing import audited_set
from cxr_studio.ui.augment.controller import AugmentController
from cxr_studio.ui.augment.dialog import AugmentDialog
from cxr_studio.ui.augment.form import AugmentForm
from cxr_studio.ui.augment.remembering import remembered, show_remembered
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
    settings = Settings(device="cpu", augment={"count": 7})
    dialog = AugmentDialog(background, tmp_path / "healthy", settings)
    assert dialog.fields.count.value() == 7
    qtbot.addWidget(dialog)
    dialog.fields.high.setValue(30)
    dialog.preview.another.click()
    qtbot.waitUntil(lambda: "Image 1" in dialog.preview.words.text(), timeout=PATIENCE)
    dialog.grab()
    dialog.fields.attributes["subtlety"].set_text("9")
    dialog.started.emit()
    assert not dialog.controller.job.running
    assert settings.augment == {"count": 7}, "what cannot be made is not remembered"
    assert "'9' is not understood" in dialog.fields.attributes["subtlety"].words.text()
    background.close()


def test_attributes_and_a_selection_are_asked_for_and_drawn(bench, tmp_path):
    qtbot, controller, view, form = bench
    form.attributes["margin"].set_text("spiculated:0.5, spicy:0.5")
    assert not form.is_understood()
    assert "is not understood. Choose from the list" in form.attributes["margin"].words.text()
    form.attributes["margin"].set_text("smooth:3, spiculated:1")
    form.attributes["density"].set_text("Solid")
    assert form.faint.isEnabled()
    form.attributes["subtlety"].set_text("4-5")
    assert not form.faint.isEnabled()
    detector = find_detector().card.name
    form.selection.set_options(detector, (0.25, 0.8), 2)
    assert form.is_understood()
    chosen = form.chosen
    assert (chosen.options.select, chosen.options.band, chosen.options.candidates) == (detector, (0.25, 0.8), 2)
    form.count.setValue(1)
    controller.start(form.chosen)
    qtbot.waitUntil(lambda: not controller.job.running, timeout=PATIENCE)
    record = json.loads((tmp_path / "healthy-augmented" / "records" / "000000.json").read_text())
    placement = record["nodules"][0]["placement"]
    assert (placement["margin"] in ("smooth", "spiculated"), placement["profile"]) == (True, "solid")
    assert placement["subtlety"] in (4, 5)
    assert record["selected"]["detector"] == detector
    assert any(sentence.startswith("The detector looked at") for sentence in view.sentences[-1])
    assert any(sentence.startswith("Subtlety ") for sentence in view.sentences[-1])
    again = AugmentForm(tmp_path / "healthy", "cpu")
    qtbot.addWidget(again)
    again.set_plan(controller.looked(str(tmp_path / "healthy-augmented")))
    assert plan_of(again.chosen.options, ()) == plan_of(form.chosen.options, ())


def test_a_table_is_chosen_by_a_dialog_and_a_wrong_one_is_named(bench, tmp_path, monkeypatch):
    *_, form = bench
    field, table = form.attributes["density"], tmp_path / "seen.csv"
    table.write_text("density\nsolid\nsolid\ncalcified\n")
    row = field.line.findText(TABLE)
    answers = [str(table), ""]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (answers.pop(0), ""))
    for _ in range(2):
        field.line.setCurrentIndex(row)
        field.line.activated.emit(row)
        assert field.text == f"file:{table}", "a dialog that is closed changes nothing"
    assert field.is_understood()
    table.write_text("density\nsoft\n")
    assert not form.is_understood()
    assert field.words.text().startswith("seen.csv: the column density holds 'soft'.")


def test_a_detector_from_a_file_is_offered_or_refused_beside_the_field(bench, tmp_path, monkeypatch):
    *_, form = bench
    field, file = form.selection, tmp_path / "mine.safetensors"
    file.write_bytes(b"nothing")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(file), ""))
    row = field.detector.count() - 1
    field.detector.setCurrentIndex(row)
    field.detector.activated.emit(row)
    assert field.options["select"] == str(file)
    assert field.words.text().startswith("mine.safetensors: ")
    field.low.setValue(0.9)
    assert field.options["band"] == (0.9, 0.9)
    field.set_options("", (0.3, 0.7), 6)
    assert field.is_understood()


def test_what_was_asked_is_remembered_and_nonsense_is_passed_over(bench):
    qtbot, *_, form = bench
    form.attributes["margin"].set_text("smooth")
    form.selection.set_options(find_detector().card.name, (0.2, 0.6), 4)
    form.labels["voc"].setChecked(True)
    form.fewest.setValue(3)
    kept = json.loads(json.dumps(remembered(form)))
    again = AugmentForm(None, "cpu")
    qtbot.addWidget(again)
    show_remembered(again, kept)
    assert remembered(again) == kept
    show_remembered(
        again, {"count": "many", "margin": 3, "selection": {"select": "gone", "band": [1], "candidates": ""}}
    )
    assert remembered(again) == kept
