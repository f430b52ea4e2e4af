"""Exporting DICOM objects from the window, with a view that remembers what it was shown."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pydicom
import pytest

from cxr_studio.datasets.structured_report import read_report
from cxr_studio.detection.detections import Detection
from cxr_studio.exchange.objects import Wanted
from cxr_studio.generation.session import Session
from cxr_studio.masks.files import load_mask
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.window import Window
from cxr_studio.restore.options import FillOptions
from cxr_studio.ui.objects.controller import NO_FOLDER, NO_KIND, NOT_ACCEPTED, ObjectsController
from cxr_studio.ui.objects.dialog import ObjectsDialog
from cxr_studio.ui.objects.shown import wanted_as_shown
from cxr_studio.ui.paint.controller import PaintingController
from cxr_studio.ui.paint.mask_files import MaskFiles
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.workspace import Workspace
from tests.conftest import draw_phantom
from tests.exchange.conftest import blob, write_radiograph_file
from tests.ui.conftest import Bridge

SHAPE = 131, 203
PATIENCE = 20_000


class View:
    def __init__(self):
        self.parts, self.said, self.start, self.offered = [], [], ("", False), None

    def set_running(self, running):
        pass

    def set_progress(self, fraction, words):
        pass

    def say(self, *sentences):
        self.said.append(sentences)

    def set_parts(self, parts):
        self.parts = parts

    def set_start(self, title, *, ready=True):
        self.start = title, ready

    def offer(self, folder):
        self.offered = folder


@pytest.fixture
def opened(qtbot, tmp_path):
    """A workspace with a DICOM radiograph and a painted mask, and the background."""
    stored = (draw_phantom(*SHAPE) >> 4).astype(np.uint16)
    path = write_radiograph_file(tmp_path / "chest.dcm", stored, bits=12)
    workspace, background = Workspace(), Background()
    session = Session(read_radiograph(path))
    session.apply_mask(blob(SHAPE), "Mask")
    workspace.open(session, None)
    yield workspace, background
    background.close()


def shown_with_boxes(workspace: Workspace) -> Wanted:
    boxes = (Detection("chest.dcm", (5.0, 6.0, 30.0, 40.0), 0.75),)
    source = SimpleNamespace(title="RetinaNet", checkpoint=None)
    detect = SimpleNamespace(on=True, shown=True, boxes=boxes, source=source)
    return wanted_as_shown(workspace, Window(900, 700), detect)


def accept(workspace: Workspace) -> None:
    session = workspace.session
    assert session is not None
    session.accept(Bridge().answer(session.request(FillOptions(), session.mask)), "Fill")
    workspace.edits_changed.emit()


def test_what_has_content_can_be_ticked_and_is_written(qtbot, opened, tmp_path):
    workspace, background = opened
    view = View()
    controller = ObjectsController(workspace, background, view, wanted=lambda: shown_with_boxes(workspace))
    controller.look()
    assert {part.key: not part.why for part in view.parts} == {
        "image": False, "seg": True, "gsps": True, "ko": False, "sr": True,
    }  # fmt: skip
    assert next(part.about for part in view.parts if part.key == "sr") == "1 detected box"
    controller.export(["seg", "gsps", "sr"], str(tmp_path / "out"), reader=" Ada B. ")
    qtbot.waitUntil(lambda: view.offered is not None, timeout=PATIENCE)
    names = ["chest-gsps.dcm", "chest-mask.png", "chest-seg.dcm", "chest-sr.dcm"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    report = read_report(tmp_path / "out" / "chest-sr.dcm")
    assert report.by == ("Ada B.", "RetinaNet")
    assert [(box.box, box.score) for box in report.boxes] == [((5, 6, 30, 40), 0.75)]
    voi = pydicom.dcmread(tmp_path / "out" / "chest-gsps.dcm").SoftcopyVOILUTSequence[0]
    assert (float(voi.WindowCenter), float(voi.WindowWidth)) == (900, 700)


def test_objects_of_edits_come_with_the_inpainted_radiograph(qtbot, opened, tmp_path):
    workspace, background = opened
    view = View()
    accept(workspace)
    controller = ObjectsController(workspace, background, view)
    controller.look()
    assert {part.key for part in view.parts if not part.why} == {"image", "seg", "gsps", "ko"}
    controller.export(["ko"], str(tmp_path / "out"))
    mask = blob(SHAPE, 9)
    workspace.replace_mask(mask, "Painted meanwhile")
    qtbot.waitUntil(lambda: view.offered is not None, timeout=PATIENCE)
    names = ["chest-inpainted-ko.dcm", "chest-inpainted-mask.png", "chest-inpainted.dcm"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    np.testing.assert_array_equal(load_mask(tmp_path / "out" / "chest-inpainted-mask.png", SHAPE), blob(SHAPE))
    controller.look()
    assert view.said[-1] == (NOT_ACCEPTED,)
    view.offered = None
    controller.export(["image"], str(tmp_path / "alone"))
    qtbot.waitUntil(lambda: view.offered is not None, timeout=PATIENCE)
    assert [path.name for path in (tmp_path / "alone").iterdir()] == ["chest-inpainted.dcm"]


def test_what_is_missing_is_a_sentence(opened, tmp_path):
    workspace, background = opened
    view = View()
    controller = ObjectsController(workspace, background, view)
    controller.export([], str(tmp_path))
    controller.export(["seg"], "")
    assert view.said == [(NO_KIND,), (NO_FOLDER,)]


def test_the_dialog_writes_where_its_folder_says(qtbot, opened, tmp_path):
    workspace, background = opened
    dialog = ObjectsDialog(background, workspace, tmp_path / "out")
    dialog.show()
    assert dialog.parts.ticked == ["seg", "gsps"]
    dialog.started.emit()
    qtbot.waitUntil(lambda: "files written to" in dialog.words, timeout=PATIENCE)
    assert "chest-seg.dcm" in dialog.words
    assert (tmp_path / "out" / "chest-seg.dcm").is_file()
    dialog.reject()


class Dialogs:
    def __init__(self, path: Path) -> None:
        self.path, self.filters = path, ()

    def file_to_open(self, title, filters):
        self.filters = filters
        return self.path


def test_a_segmentation_can_be_loaded_as_the_mask_and_anothers_is_refused(qtbot, opened, tmp_path):
    workspace, background = opened
    view, warned = View(), []
    ObjectsController(workspace, background, view).export(["seg"], str(tmp_path / "out"))
    qtbot.waitUntil(lambda: view.offered is not None, timeout=PATIENCE)
    dialogs = Dialogs(tmp_path / "out" / "chest-seg.dcm")
    painting = PaintingController(workspace)
    files = MaskFiles(workspace, painting, dialogs=dialogs, warn=warned.append)
    painting.clear()
    files.load()
    np.testing.assert_array_equal(workspace.session.mask, blob(SHAPE))
    assert "*.dcm" in dialogs.filters[0]
    other = write_radiograph_file(tmp_path / "other.dcm", np.full(SHAPE, 7, np.uint16), bits=12)
    workspace.open(Session(read_radiograph(other)), None)
    files.load()
    assert not workspace.session.mask.any()
    assert warned == [
        "chest-seg.dcm: the segmentation was drawn on another radiograph. "
        "Open the radiograph that it refers to, or choose another mask."
    ]
