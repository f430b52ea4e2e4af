"""Opening, saving and leaving with dialogs that answer by themselves; no window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.errors import WriteError
from cxr_studio.generation.journal import Recovery
from cxr_studio.ui.document import kept
from cxr_studio.ui.document import recovery as made
from cxr_studio.ui.document.controller import DocumentController
from cxr_studio.ui.document.exporting import ExportController
from cxr_studio.ui.document.keeping import KeepingController
from cxr_studio.ui.document.kept import KeptSessions
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.ports import Leave
from cxr_studio.ui.shell.workspace import Workspace


class Dialogs:
    def __init__(self) -> None:
        self.leave, self.path, self.asked = Leave.DISCARD, None, []

    def ask_leave(self, name):
        self.asked.append(name)
        return self.leave

    def file_to_open(self, title, filters):
        return self.path

    def folder_to_open(self, title):
        return self.path

    def file_to_save(self, title, proposal, filters):
        self.asked.append(proposal.name)
        return self.path


class Bench:
    def __init__(self, qtbot, heard) -> None:
        self.qtbot, self.workspace, self.dialogs = qtbot, Workspace(), Dialogs()
        self.background = Background()
        self.keeping = KeepingController(self.workspace, self.background, KeptSessions())
        self.documents = DocumentController(self.workspace, self.background, self.dialogs, keeping=self.keeping)
        self.exports = ExportController(self.workspace, self.background, self.dialogs)
        self.told, self.warned, self.files = heard(), heard(), heard()
        for source in (self.documents, self.exports, self.keeping):
            source.told.connect(self.told)
            source.warned.connect(self.warned)
        self.documents.files_changed.connect(self.files)

    def open(self, *paths: Path) -> None:
        with self.qtbot.waitSignal(self.workspace.opened, timeout=10_000):
            self.documents.open(list(paths))

    def paint(self) -> None:
        mask = self.workspace.session.mask.copy()
        mask[3:9, 3:9] = True
        self.workspace.replace_mask(mask, "Paint")


@pytest.fixture
def bench(qtbot, heard):
    made = Bench(qtbot, heard)
    yield made
    made.background.close()


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "images"
    place.mkdir()
    for name in ("scan2.png", "scan10.png", "scan1.png"):
        Image.fromarray(np.arange(80 * 72, dtype=np.uint16).reshape(80, 72)).save(place / name)
    (place / "notes.txt").write_text("no image")
    return place


def test_a_file_brings_the_list_of_its_folder_in_natural_order(bench, folder):
    bench.open(folder / "scan2.png")
    paths, index = bench.files[-1]
    assert [path.name for path in paths] == ["scan1.png", "scan2.png", "scan10.png"]
    assert index == 1


def test_a_folder_opens_its_first_radiograph_and_next_walks(bench, folder):
    bench.open(folder)
    assert bench.workspace.name == "scan1.png"
    with bench.qtbot.waitSignal(bench.workspace.opened, timeout=10_000):
        bench.documents.step(1)
    assert bench.workspace.name == "scan2.png"
    with bench.qtbot.waitSignal(bench.workspace.opened, timeout=10_000):
        bench.documents.pick(2)
    bench.documents.step(1)
    assert bench.told[-1] == "No further radiograph."


def test_dropped_files_are_the_list(bench, folder):
    bench.open(folder / "scan10.png", folder / "scan1.png")
    assert [path.name for path in bench.documents.ring.paths] == ["scan10.png", "scan1.png"]


def test_a_folder_without_radiographs_is_told(bench, tmp_path):
    bench.documents.open([tmp_path])
    assert "no radiograph" in bench.warned[0]
    assert bench.workspace.session is None


def test_what_cannot_be_read_is_told_and_the_open_one_stays(bench, folder):
    bench.open(folder / "scan1.png")
    (folder / "broken.png").write_bytes(b"not an image")
    bench.documents.open([folder / "broken.png"])
    bench.qtbot.waitUntil(lambda: bool(bench.warned), timeout=10_000)
    assert "broken.png" in bench.warned[0]
    assert bench.workspace.name == "scan1.png"


def test_closing_keeps_the_work_without_a_question_and_opening_brings_it_back(bench, folder):
    bench.open(folder / "scan1.png")
    bench.paint()
    assert bench.documents.close()
    assert bench.dialogs.asked == []
    bench.open(folder / "scan1.png")
    assert bench.workspace.session.mask[5, 5]
    assert bench.workspace.session_path == folder / "scan1.png.cxrs"
    assert not bench.workspace.dirty


@pytest.mark.parametrize(("answer", "left"), [(Leave.STAY, False), (Leave.DISCARD, True), (Leave.SAVE, False)])
def test_work_that_cannot_be_written_anywhere_is_asked_about(bench, folder, monkeypatch, answer, left):
    bench.open(folder / "scan1.png")
    bench.paint()
    monkeypatch.setattr(kept, "write_snapshot", refused)
    bench.dialogs.leave = answer
    assert bench.documents.close() is left
    assert bench.dialogs.asked == ["scan1.png"]
    assert (bench.workspace.session is None) is left
    assert "no space" in bench.warned[0]


def test_without_work_nothing_is_written(bench, folder):
    bench.open(folder / "scan1.png")
    assert bench.documents.close()
    assert not list(folder.glob("*.cxrs"))


def test_a_copy_of_the_session_is_written_and_opens_as_it_was(bench, folder, tmp_path):
    bench.open(folder / "scan1.png")
    bench.paint()
    bench.dialogs.path = tmp_path / "work"
    assert bench.exports.save_copy()
    assert bench.dialogs.asked == ["scan1.cxrs"]
    assert bench.documents.save()
    assert bench.workspace.session_path == folder / "scan1.png.cxrs"
    bench.open(tmp_path / "work.cxrs")
    assert bench.workspace.session.mask[5, 5]
    assert bench.workspace.session_path == tmp_path / "work.cxrs"


def test_the_new_radiograph_is_read_before_the_old_one_is_left(bench, folder):
    bench.open(folder / "scan1.png")
    bench.paint()
    (folder / "broken.png").write_bytes(b"not an image")
    bench.documents.open([folder / "broken.png"])
    bench.qtbot.waitUntil(lambda: bool(bench.warned), timeout=10_000)
    assert bench.workspace.name == "scan1.png"
    assert bench.workspace.session.mask[5, 5]
    assert bench.dialogs.asked == []


def test_steps_taken_while_the_same_radiograph_is_read_again_stay(bench, folder):
    bench.open(folder / "scan1.png")
    read = bench.keeping.sessions.resume(folder / "scan1.png")
    bench.paint()
    bench.documents._opened(read, folder / "scan1.png", None, None)
    assert bench.workspace.session.mask[5, 5]


def test_the_original_is_never_overwritten(bench, folder):
    bench.open(folder / "scan1.png")
    before = (folder / "scan1.png").read_bytes()
    bench.exports.export(folder / "scan1.png")
    assert "cannot be overwritten" in bench.warned[0]
    assert (folder / "scan1.png").read_bytes() == before


def test_the_export_is_proposed_in_the_originals_format(bench, folder, tmp_path):
    bench.open(folder / "scan1.png")
    bench.dialogs.path = tmp_path / "out"
    bench.exports.export_with_dialog()
    bench.qtbot.waitUntil(lambda: any("Exported" in words for words in bench.told), timeout=10_000)
    assert bench.dialogs.asked[-1] == "scan1-inpainted.png"
    assert (tmp_path / "out.png").exists()


def test_work_that_was_left_behind_is_offered_one_after_the_other(bench, folder, heard, monkeypatch):
    bench.open(folder / "scan1.png")
    found, given_up = [left_behind("b", folder), left_behind("a", folder)], []
    monkeypatch.setattr(made, "recoverable", lambda: found)
    monkeypatch.setattr(made, "recover", lambda _recovery: bench.workspace.session)
    monkeypatch.setattr(made, "discard", given_up.append)
    recovery, offers = made.RecoveryController(bench.workspace, bench.documents), heard()
    recovery.offered.connect(offers)
    recovery.look()
    recovery.later(found[0])
    assert offers == found
    with bench.qtbot.waitSignal(bench.workspace.opened):
        recovery.restore(found[1])
    assert given_up == [found[1]]
    recovery.close()


def test_a_folder_opens_the_radiograph_that_was_open_last(bench, folder):
    bench.documents.resumed_at = lambda place: "scan10.png" if place == folder else ""
    bench.open(folder)
    assert bench.workspace.name == "scan10.png"


def refused(path, taken):
    raise WriteError("no space is left", file=path)


def left_behind(name: str, folder: Path) -> Recovery:
    return Recovery(folder / f"{name}.journal", str(folder / "scan1.png"), None, 3, 0.0)
