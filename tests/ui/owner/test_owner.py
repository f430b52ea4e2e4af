"""Making a study and following it from the window, with views that remember what they were shown."""

from __future__ import annotations

import pytest
from PIL import Image

from cxr_studio.studies.bundle import open_bundle
from cxr_studio.studies.outline import Outline, protocol_of
from cxr_studio.studies.protocol import ProtocolError
from cxr_studio.studies.sitting import Sitting
from cxr_studio.ui.owner.dialogs import MakingDialog, StandingDialog
from cxr_studio.ui.owner.form import StudyForm
from cxr_studio.ui.owner.making import StudyMaking
from cxr_studio.ui.owner.standing import StandingController, places
from cxr_studio.ui.shell.background import Background
from tests.studies.tiny_study import Reader, tiny_study

PATIENCE = 90_000


class View:
    def __init__(self):
        self.sentences, self.rows, self.starts, self.progress = [], [], [], []

    def set_running(self, running):
        pass

    def set_progress(self, fraction, words):
        self.progress.append((fraction, words))

    def say(self, *sentences):
        self.sentences.append(sentences)

    def set_rows(self, rows):
        self.rows.append(rows)

    def set_start(self, title, *, ready=True):
        self.starts.append(ready)


@pytest.fixture
def background(qtbot):
    made = Background()
    yield made
    made.close()


@pytest.fixture
def scans(tmp_path, phantom):
    folder = tmp_path / "scans"
    folder.mkdir()
    for k in range(3):
        Image.fromarray(phantom + k).save(folder / f"{k}.png")
    return folder


SMALL = Outline(pairs=2, readers=1, practice=1, generator="biharmonic", hole=32)


def test_an_outline_becomes_a_protocol():
    filled = protocol_of(SMALL)
    assert (filled.question, filled.images.count, filled.study.readers) == ("original", 2, 1)
    assert (filled.conditions[0].generator, filled.conditions[0].hole) == ("biharmonic", 32)
    nodules = protocol_of(Outline("nodule", diameter="uniform:20,40px", confidence=5, mark=True, catches=True))
    assert nodules.question == "nodule"
    assert nodules.conditions[0].kind == "nodule"
    assert (nodules.answer.confidence, nodules.answer.mark, nodules.order.catches) == (5, True, 2)
    assert protocol_of(Outline("single")).study.paradigm == "real-or-fake"
    with pytest.raises(ProtocolError, match="names biharmonic"):
        protocol_of(Outline(generator="biharmonic", title="Fills by biharmonic"))


def test_a_study_is_made_with_a_bundle_and_a_key(qtbot, background, scans, tmp_path):
    view, made = View(), []
    making = StudyMaking(background, view, "cpu")
    making.made.connect(made.append)
    making.start(SMALL, source=str(scans), out=str(tmp_path / "study"))
    qtbot.waitUntil(lambda: bool(made), timeout=PATIENCE)
    assert open_bundle(tmp_path / "study" / "bundle").rules.question == "original"
    assert (tmp_path / "study" / "key.json").exists()
    assert "2 cases, 1 for practice" in view.sentences[-1][0]
    assert any(str(tmp_path / "study" / "bundle") in sentence for sentence in view.sentences[-1])


def test_what_is_missing_or_wrong_is_a_sentence(qtbot, background, scans, tmp_path):
    view = View()
    making = StudyMaking(background, view, "cpu")
    making.start(SMALL, source="", out="x")
    making.start(Outline(generator="telea", title="telea?"), source=str(scans), out=str(tmp_path / "s"))
    assert view.sentences[0] == ("Choose the folder of radiographs first.",)
    assert "names telea" in view.sentences[1][0]
    making.start(SMALL, source=str(tmp_path / "nowhere"), out=str(tmp_path / "s"))
    qtbot.waitUntil(lambda: len(view.sentences) == 3, timeout=PATIENCE)
    assert "no such folder" in view.sentences[2][0]


def test_a_stopped_study_resumes(qtbot, background, scans, tmp_path):
    view, made = View(), []
    making = StudyMaking(background, view, "cpu")
    making.made.connect(made.append)
    choices = {"source": str(scans), "out": str(tmp_path / "study")}
    making.start(SMALL, **choices)
    making.cancel()
    assert "resume" in view.sentences[-1][0]
    qtbot.waitUntil(lambda: not background.busy, timeout=PATIENCE)
    assert not made
    making.start(SMALL, **choices)
    qtbot.waitUntil(lambda: bool(made), timeout=PATIENCE)


def test_progress_is_shown_without_the_truth_and_the_report_needs_the_key(qtbot, background, tmp_path):
    bundle, _ = tiny_study(tmp_path / "study")
    view, pages = View(), []
    standing = StandingController(background, view)
    standing.reported.connect(pages.append)
    standing.look(str(tmp_path / "study"))
    qtbot.waitUntil(lambda: bool(view.rows), timeout=PATIENCE)
    assert (view.rows[-1], view.starts[-1]) == ([], False)
    sitting = Sitting(bundle, "anna")
    Reader(sitting).answer_many(5)
    sitting.close()
    standing.look(str(tmp_path / "study" / "bundle"))
    qtbot.waitUntil(lambda: len(view.rows) == 2, timeout=PATIENCE)
    (row,) = view.rows[-1]
    assert row[0] == "anna"
    assert row[1].endswith(" of 18")
    shown = " ".join((*row, *view.sentences[-1])).lower()
    assert not any(name in shown for name in ("correct", "right", "biharmonic", "telea"))
    assert view.starts[-1]
    standing.report(str(tmp_path / "study"))
    qtbot.waitUntil(lambda: bool(pages), timeout=PATIENCE)
    assert pages[0].read_text(encoding="utf-8").startswith("<!")
    (tmp_path / "study" / "key.json").unlink()
    standing.look(str(tmp_path / "study"))
    qtbot.waitUntil(lambda: len(view.rows) == 3, timeout=PATIENCE)
    assert not view.starts[-1]
    assert "key.json" in view.sentences[-1][1]


def test_bundle_and_key_are_found_from_either_folder(tmp_path):
    (tmp_path / "bundle").mkdir()
    expected = tmp_path / "bundle", tmp_path / "key.json"
    assert places(tmp_path) == places(tmp_path / "bundle") == expected


def test_the_dialogs_say_what_was_chosen(qtbot, background, scans, tmp_path):
    form = StudyForm(scans, [("biharmonic", "Biharmonic")])
    making = MakingDialog(background, form, device="cpu", sit=lambda bundle: None)
    qtbot.addWidget(making)
    form.design.setCurrentIndex(1)
    form.low.setValue(70)
    assert form.outline.design == "nodule"
    assert form.outline.diameter == "uniform:70,70px"
    assert form.out.folder == str(tmp_path / "scans-study")
    following = StandingDialog(background)
    qtbot.addWidget(following)
    following.set_rows([("anna", "3 of 9", "1", "2.0 s", "", "")])
    assert following.table.item(0, 1).text() == "3 of 9"
