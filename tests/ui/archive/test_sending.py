"""Sending the result: what can be sent, what became of it, and that nothing is written or sent twice."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pydicom
import pytest

from cxr_studio.datasets.structured_report import read_report
from cxr_studio.errors import ArchiveError
from cxr_studio.exchange.deidentify_radiograph import Deidentification
from cxr_studio.exchange.objects import Wanted
from cxr_studio.exchange.observers import Observer
from cxr_studio.exchange.reporting import Reported
from cxr_studio.generation.session import Session
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.radiograph import Radiograph, Source
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.writing import write_radiograph
from cxr_studio.restore.options import FillOptions
from cxr_studio.ui.archive.parts import Terms
from cxr_studio.ui.archive.sending import SendController

PATIENCE = 60_000


class View:
    def __init__(self):
        self.parts, self.outcomes, self.said, self.start, self.all = [], {}, [], ("", False), False

    def set_running(self, running):
        pass

    def set_progress(self, fraction, words):
        pass

    def say(self, *sentences):
        self.said.append("\n".join(sentences))

    def set_parts(self, parts):
        self.parts = parts

    def set_outcomes(self, outcomes):
        self.outcomes = dict(outcomes)

    def set_start(self, title, *, ready=True):
        self.start = title, ready

    def offer_all(self, offered):
        self.all = offered


def fill(workspace, bridge):
    """Accept a fill."""
    session = workspace.session
    mask = np.zeros(session.radiograph.shape, bool)
    mask[40:60, 30:50] = True
    session.add(bridge.answer(session.request(FillOptions(), mask)), "Fill")
    workspace.edits_changed.emit()


@pytest.fixture
def bench(qtbot, background, workspace, archive):
    view = View()
    made = SimpleNamespace(view=view, terms=Terms())
    made.controller = controller = SendController(workspace, background, view, terms=lambda: made.terms)
    controller.look()

    def send(*keys, **how):
        controller.send(archive, keys or ("image",), **how)
        qtbot.waitUntil(lambda: not controller.job.running, timeout=PATIENCE)

    made.send = send
    return made


def test_the_files_go_with_the_dialog(bench, workspace, bridge, archive):
    controller, send = bench.controller, bench.send
    fill(workspace, bridge)
    send()
    folder = controller._folder
    assert list(folder.rglob("*.dcm"))
    controller.close()
    assert not folder.exists()


def test_without_an_edit_nothing_can_be_sent(bench):
    view = bench.view
    assert [part.why for part in view.parts] == ["No edit is accepted", *["Only for radiographs from DICOM files"] * 4]
    assert view.start == ("Send", False)


def test_the_result_is_sent_as_derived_dicom(bench, workspace, bridge, archive):
    view, send = bench.view, bench.send
    fill(workspace, bridge)
    assert view.parts[0].about == "Derived image, Synthetic Data YES, 1 edit"
    send()
    assert view.outcomes == {"image": "Sent"}
    assert view.said[-1] == "The archive has it."
    sent = pydicom.dcmread(io.BytesIO(archive.sent[0][0]))
    assert sent.SyntheticData == "YES"
    assert (sent.pixel_array == workspace.session.composite).all()


def test_what_was_sent_is_not_sent_twice_but_a_new_state_is(bench, workspace, bridge, archive):
    view, send = bench.view, bench.send
    fill(workspace, bridge)
    send()
    send()
    assert view.outcomes == {"image": "In the archive already"}
    assert len(archive.sent) == 1
    fill(workspace, bridge)
    assert view.outcomes == {}
    send()
    assert len(archive.sent) == 2


def test_a_file_that_failed_says_why_and_can_be_sent_again(bench, workspace, bridge, archive):
    view, send = bench.view, bench.send
    fill(workspace, bridge)
    archive.refuses["inpainted.dcm"] = "The archive is full."
    send()
    assert view.outcomes == {"image": "Failed: The archive is full."}
    assert view.said[-1] == "The archive has 0 of 1 objects. Send missing tries only the others."
    assert view.start == ("Send missing", True)
    assert not view.all
    archive.refuses.clear()
    send()
    assert view.outcomes == {"image": "Sent"}
    assert view.start == ("Send", True)


def test_only_what_is_missing_is_sent_again_unless_all_is_asked_for(bench, workspace, bridge, archive, from_dicom):
    view, send = bench.view, bench.send
    fill(workspace, bridge)
    archive.refuses["inpainted-seg.dcm"] = "The archive takes none."
    send("image", "seg", "ko")
    assert view.outcomes == {"image": "Sent", "seg": "Failed: The archive takes none.", "ko": "Sent"}
    assert view.said[-1] == "The archive has 2 of 3 objects. Send missing tries only the others."
    assert (view.start, view.all) == (("Send missing", True), True)
    archive.refuses.clear()
    archive.asked.clear()
    send("image", "seg", "ko")
    assert archive.asked == [(["inpainted-seg.dcm"], False)]
    assert view.outcomes == dict.fromkeys(("image", "seg", "ko"), "Sent")
    assert (view.said[-1], view.start) == ("The archive has all 3 objects.", ("Send", True))
    archive.asked.clear()
    send("image", "ko", again=True)
    send("image", "ko", name="Another")
    assert archive.asked == [
        (["inpainted.dcm", "inpainted-ko.dcm"], True),
        (["inpainted.dcm", "inpainted-ko.dcm"], False),
    ]


def test_a_cancel_shows_what_became_of_each_part(qtbot, bench, workspace, bridge, archive, from_dicom):
    controller, view = bench.controller, bench.view
    fill(workspace, bridge)
    archive.silent_after = 1
    controller.send(archive, ("image", "seg", "ko"))
    qtbot.waitUntil(archive.silent.is_set, timeout=PATIENCE)
    controller.cancel()
    assert view.said[-1] == "Stopping…"
    qtbot.waitUntil(lambda: not controller.job.running, timeout=PATIENCE)
    assert view.outcomes == {
        "image": "Sent",
        "seg": "Not sent: It was on its way: the archive may have it.",
        "ko": "Not sent",
    }
    assert view.said[-1] == "Cancelled.\nThe archive has 1 of 3 objects. Send missing tries only the others."


def test_an_archive_out_of_reach_is_its_own_sentence(bench, workspace, bridge, archive):
    view, send = bench.view, bench.send
    fill(workspace, bridge)
    archive.fault = ArchiveError("PACS at pacs:104 rejected CXRSTUDIO", remedy="Check both AE titles")
    send()
    assert view.said[-1] == "PACS at pacs:104 rejected CXRSTUDIO. Check both AE titles."
    assert view.outcomes == {}


def test_a_fill_that_is_not_accepted_and_a_missing_patient_are_said(bench, workspace):
    view = bench.view
    workspace.replace_mask(np.ones(workspace.session.radiograph.shape, bool), "All")
    assert "The fill has not been accepted and is not sent." in view.said[-1]
    assert "from a file without a patient" in view.said[-1]


def test_nothing_ticked_is_said(bench, workspace, bridge, archive):
    controller, view = bench.controller, bench.view
    fill(workspace, bridge)
    controller.send(archive, ())
    assert view.said[-1] == "Tick what is to be sent."


@pytest.fixture
def from_dicom(bench, workspace, tmp_path):
    """A radiograph from a DICOM file is open."""
    before = workspace.session.radiograph
    write_radiograph(tmp_path / "chest.dcm", before, before.stored)
    workspace.open(Session(read_radiograph(tmp_path / "chest.dcm")))
    return workspace.session.radiograph


def test_what_objects_there_are_depends_on_the_work(bench, workspace, bridge, from_dicom):
    view = bench.view
    assert {part.key for part in view.parts if not part.why} == {"gsps"}
    workspace.replace_mask(np.ones(from_dicom.shape, bool), "All")
    assert {part.key for part in view.parts if not part.why} == {"gsps", "seg"}
    fill(workspace, bridge)
    assert {part.key: part.why for part in view.parts if part.why} == {"sr": "No nodule is placed"}


def test_objects_go_with_the_image_that_they_are_about(bench, workspace, bridge, archive, from_dicom):
    view, send = bench.view, bench.send
    fill(workspace, bridge)
    send("seg", "gsps", "ko")
    assert view.outcomes == dict.fromkeys(("image", "seg", "gsps", "ko"), "Sent")
    assert view.said[-1] == "The archive has all 4 objects."
    sent = {name: pydicom.dcmread(io.BytesIO(content)) for content, name in archive.sent}
    image = sent.pop("inpainted.dcm")
    assert {each.Modality for each in sent.values()} == {"SEG", "PR", "KO"}
    assert {each.StudyInstanceUID for each in (image, *sent.values())} == {from_dicom.header.StudyInstanceUID}
    mask = sent["inpainted-seg.dcm"]
    assert (
        mask.ReferencedSeriesSequence[0].ReferencedInstanceSequence[0].ReferencedSOPInstanceUID == image.SOPInstanceUID
    )
    send("image", "gsps")
    assert view.outcomes == dict.fromkeys(("image", "gsps"), "In the archive already")


def test_a_detectors_boxes_are_reported(bench, archive, from_dicom, tmp_path):
    found = (Reported((10.0, 20.0, 30.0, 44.0), score=0.8), Reported((50.0, 20.0, 60.0, 31.0), score=0.4))
    bench.terms = Terms(Wanted(findings=found, observer=Observer(device="Compact detector")))
    bench.controller.look()
    assert bench.view.parts[-1].about == "2 detected boxes"
    bench.send("sr")
    assert bench.view.outcomes == {"sr": "Sent"}
    path = tmp_path / "report.dcm"
    path.write_bytes(archive.sent[0][0])
    assert [each.box for each in read_report(path).boxes] == [each.box for each in found]
    assert "Compact detector" in str(pydicom.dcmread(path))


def test_without_the_patient_all_objects_still_belong_together(bench, workspace, bridge, archive, from_dicom, tmp_path):
    bench.terms = Terms(without_patient=Deidentification(tmp_path / "table.csv"))
    fill(workspace, bridge)
    bench.send("image", "seg", "ko")
    assert set(bench.view.outcomes.values()) == {"Sent"}
    sent = [pydicom.dcmread(io.BytesIO(content)) for content, _name in archive.sent]
    assert {each.PatientIdentityRemoved for each in sent} == {"YES"}
    assert len({str(each.PatientID) for each in sent} | {str(each.PatientName) for each in sent}) == 1
    assert len({each.StudyInstanceUID for each in sent}) == 1
    assert sent[0].StudyInstanceUID != from_dicom.header.StudyInstanceUID
    assert sent[0].SyntheticData == "YES"
    assert sent[0].SOPInstanceUID in str(sent[1])
    bench.send("image")
    assert bench.view.outcomes == {"image": "In the archive already"}


def test_something_written_in_the_image_is_said_before_it_leaves(bench, workspace, bridge, archive, tmp_path):
    bench.terms = Terms(without_patient=Deidentification(tmp_path / "table.csv"))
    letters = np.zeros((600, 500), np.uint8)
    cv2.putText(letters, "DOE JANE 1950", (30, 60), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 255, 2)
    stored = 1000 + 10 * letters.astype(np.uint16)
    lettered = Radiograph(stored, linear_greyscale(stored.dtype, 12), source=Source(Path("l.png"), "", "png", 12))
    write_radiograph(tmp_path / "lettered.dcm", lettered, stored)
    workspace.open(Session(read_radiograph(tmp_path / "lettered.dcm")))
    fill(workspace, bridge)
    bench.send("image")
    assert bench.view.said[-1].startswith("The image looks as if something were written in it, in 1 place; nothing was")
    assert archive.sent == []
    bench.send("image")
    assert bench.view.outcomes == {"image": "Sent"}
