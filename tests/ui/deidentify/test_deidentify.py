"""Exporting without the patient, and selecting burned-in text, with dialogs that answer by themselves."""

from __future__ import annotations

import cv2
import numpy as np
import pydicom
import pytest

from cxr_studio.exchange.deidentify_pseudonyms import open_pseudonyms
from cxr_studio.exchange.deidentify_radiograph import default_table
from cxr_studio.generation.session import Session
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.ui.deidentify.controller import DeidentifyController
from cxr_studio.ui.shell.background import Background
from tests.exchange.named_dicom import WORDS, named_dicom
from tests.exchange.test_deidentify_burned_in import written


class Dialogs:
    def __init__(self):
        self.path, self.proposals = None, []

    def file_to_save(self, title, proposal, filters):
        self.proposals.append((proposal.name, filters[0]))
        return self.path


@pytest.fixture
def bench(qtbot, workspace, tmp_path, heard):
    named_dicom(written("DOE JOHN", (20, 40), side=320, size=0.6)).save_as(
        tmp_path / "Featherstonehaugh.dcm", enforce_file_format=True
    )
    workspace.open(Session(read_radiograph(tmp_path / "Featherstonehaugh.dcm")))
    background, dialogs = Background(), Dialogs()
    controller = DeidentifyController(workspace, background, dialogs)
    told, warned = heard(), heard()
    controller.told.connect(told)
    controller.warned.connect(warned)
    yield qtbot, controller, dialogs, told, warned
    background.close()


def test_an_export_names_nobody(bench, tmp_path):
    qtbot, controller, dialogs, told, warned = bench
    controller.export_with_dialog()
    assert dialogs.proposals == [("deidentified.dcm", "DICOM (*.dcm)")]
    dialogs.path = tmp_path / "out"
    controller.export_with_dialog()
    qtbot.waitUntil(lambda: bool(warned), timeout=20_000)
    content = (tmp_path / "out.dcm").read_bytes()
    assert [word for word in WORDS if word.encode() in content] == []
    made = pydicom.dcmread(tmp_path / "out.dcm")
    assert made.PatientID == open_pseudonyms(default_table()).of("MRN-774411").name
    assert warned == [
        "out.dcm is written without the patient, but 1 region looks like text: look at it before you hand it out. "
        f"Who is who stands in {default_table()}."
    ]
    assert told == [], "of two messages the first would be gone at once"


def test_burned_in_text_is_added_to_the_mask_as_one_step(bench, workspace):
    qtbot, controller, _dialogs, told, _warned = bench
    session = workspace.session
    session.apply_mask(np.eye(320, dtype=bool), "Mask")
    controller.select_text()
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert told[0].startswith("1 region looks like text. Take out what is anatomy")
    (width, height), _ = cv2.getTextSize("DOE JOHN", cv2.FONT_HERSHEY_SIMPLEX, 0.6, 2)
    assert session.mask[40 - height : 40, 20 : 20 + width].all()
    assert session.mask[300, 300]
    session.undo()
    assert not session.mask[35, 25]


def test_what_cannot_be_exported_is_a_sentence(bench, tmp_path, workspace):
    _qtbot, controller, _dialogs, _told, warned = bench
    controller.export(tmp_path / "Featherstonehaugh.dcm")
    assert "original cannot be overwritten" in warned[0]
    workspace.close()
    controller.select_text()
    controller.export_with_dialog()
    controller.export(tmp_path / "x.dcm")
    assert len(warned) == 1
