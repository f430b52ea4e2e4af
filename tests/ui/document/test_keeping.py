"""Edits are kept as you go: where, when, and what happens to work that does not fit."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from cxr_studio.errors import WriteError
from cxr_studio.generation.journal import Journal, recoverable
from cxr_studio.generation.session import Session
from cxr_studio.generation.session_file import load_session, snapshot
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource, state_folder
from cxr_studio.ui.document import kept
from cxr_studio.ui.document.badges import Badge, badge_of
from cxr_studio.ui.document.keeping import KeepingController
from cxr_studio.ui.document.kept import KeptSessions
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.workspace import Workspace


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "images" / "scan.png"
    path.parent.mkdir()
    Image.fromarray(np.arange(80 * 72, dtype=np.uint16).reshape(80, 72)).save(path)
    return path


@pytest.fixture
def bench(qtbot, scan):
    workspace, background = Workspace(), Background()
    keeping = KeepingController(workspace, background, KeptSessions())
    workspace.open(Session(read_radiograph(scan)))
    yield qtbot, workspace, keeping
    background.close()


def paint(workspace, first=3):
    mask = workspace.session.mask.copy()
    mask[first : first + 6, 3:9] = True
    workspace.replace_mask(mask, "Paint")


def read_only(monkeypatch, folder):
    """Refuse writing beside the radiographs (a tester may be root, whom no rights stop)."""
    real = kept.write_snapshot

    def write(path, taken):
        if path.parent == folder:
            raise WriteError("read-only", file=path)
        real(path, taken)

    monkeypatch.setattr(kept, "write_snapshot", write)


def test_a_step_is_on_disk_after_a_moment(bench, scan):
    qtbot, workspace, keeping = bench
    with qtbot.waitSignal(keeping.kept, timeout=5000) as heard:
        paint(workspace)
    assert heard.args == [scan, scan.with_name("scan.png.cxrs")]
    assert load_session(scan.with_name("scan.png.cxrs")).mask[5, 5]
    assert not workspace.dirty


def test_steps_taken_while_one_is_written_follow(bench, scan):
    qtbot, workspace, keeping = bench
    paint(workspace)
    keeping._write()
    paint(workspace, 30)
    qtbot.waitUntil(lambda: not workspace.dirty, timeout=5000)
    assert load_session(scan.with_name("scan.png.cxrs")).mask[[5, 32], 5].all()


def test_an_older_snapshot_never_overwrites_a_newer_one(scan, tmp_path):
    sessions, session = KeptSessions(), Session(read_radiograph(scan))
    older, first = snapshot(session), sessions.number()
    session.apply_mask(np.ones_like(session.mask), "Paint")
    path = tmp_path / "s.cxrs"
    sessions.write(snapshot(session), sessions.number(), path)
    sessions.write(older, first, path)
    assert load_session(path, scan).mask.all()


def test_what_another_window_has_written_is_put_aside(bench, scan):
    _, workspace, keeping = bench
    told, other = [], KeptSessions()
    keeping.told.connect(told.append)
    workspace.open(keeping.sessions.resume(scan).session)
    theirs = other.resume(scan).session
    theirs.apply_mask(np.ones_like(theirs.mask), "Paint")
    other.write(snapshot(theirs), other.number(), other.place(scan))
    paint(workspace)
    assert keeping.flush()
    paint(workspace, 40)
    assert keeping.flush()
    (sentence,) = told
    assert "Another window has edited scan.png too" in sentence
    assert load_session(scan.with_name("scan.png.1.cxrs"), scan).mask.all()
    assert load_session(scan.with_name("scan.png.cxrs"), scan).mask[[5, 42], 5].all()


def test_a_read_only_folder_is_said_once_and_the_state_folder_keeps(bench, scan, monkeypatch):
    _, workspace, keeping = bench
    read_only(monkeypatch, scan.parent)
    told = []
    keeping.told.connect(told.append)
    paint(workspace)
    assert keeping.flush()
    paint(workspace, 40)
    assert keeping.flush()
    (sentence,) = told
    assert "images: the folder cannot be written" in sentence
    assert workspace.session_path.is_relative_to(state_folder())
    again = KeptSessions().resume(scan)
    assert again.session.mask[[5, 42], 5].all()
    assert not list(scan.parent.glob("*.cxrs"))


def test_a_chosen_folder_tells_folders_of_one_name_apart(tmp_path):
    sessions = KeptSessions(lambda: str(tmp_path / "kept"))
    one, two = sessions.place(tmp_path / "a" / "x" / "scan.png"), sessions.place(tmp_path / "b" / "x" / "scan.png")
    assert one != two
    assert one.is_relative_to(tmp_path / "kept")
    assert one.name == "scan.png.cxrs"


def test_scans_that_differ_in_their_ending_have_files_of_their_own(tmp_path):
    sessions = KeptSessions()
    assert sessions.place(tmp_path / "scan.png") != sessions.place(tmp_path / "scan.dcm")


def test_nothing_is_written_beside_the_bundled_samples():
    sample = resource("samples", "masses.dcm")
    assert KeptSessions().place(sample).is_relative_to(state_folder())


@pytest.mark.parametrize("damage", ["another picture", "a torn file"])
def test_work_that_does_not_fit_is_put_aside_not_lost(bench, scan, damage):
    _, workspace, keeping = bench
    paint(workspace)
    keeping.flush()
    file = scan.with_name("scan.png.cxrs")
    if damage == "another picture":
        Image.fromarray(np.full((80, 72), 900, np.uint16)).save(scan)
    else:
        file.write_bytes(file.read_bytes()[:-40])
    before = file.read_bytes()
    read = KeptSessions().resume(scan)
    assert not read.session.mask.any()
    assert "scan.png.1.cxrs" in read.notes[-1]
    assert scan.with_name("scan.png.1.cxrs").read_bytes() == before
    assert not file.exists()


def test_a_journal_offers_only_what_is_in_no_session_file(bench, monkeypatch):
    _, workspace, keeping = bench
    journal = Journal(workspace.session)
    monkeypatch.setattr("cxr_studio.generation.journal._running", lambda header: False)
    paint(workspace)
    keeping.flush()
    journal.kept(journal.moves)
    assert recoverable() == []
    paint(workspace, 40)
    (left,) = recoverable()
    assert left.steps == 1
    journal.close()


def test_badges_count_what_shows(bench, scan):
    _, workspace, keeping = bench
    assert badge_of(None) == badge_of(scan) == Badge()
    paint(workspace)
    keeping.flush()
    assert badge_of(workspace.session_path).words == "edited"
    assert Badge(True, 3, 2).words == "2 nodules, 1 other edit"
    assert Badge(True, 1, 0).words == "1 edit"


def test_removing_all_edits_is_one_step_that_undo_takes_back(bench):
    _, workspace, _ = bench
    paint(workspace)
    workspace.clear()
    assert not workspace.session.mask.any()
    workspace.undo()
    assert workspace.session.mask[5, 5]


def test_nothing_is_put_beside_a_radiograph_that_does_not_stay(scan):
    sessions = KeptSessions(passing=lambda path: path.is_relative_to(scan.parent))
    assert sessions.place(scan).is_relative_to(state_folder())
    assert sessions.place(scan.parent.parent / "other.png").name == "other.png.cxrs"
    session = Session(read_radiograph(scan))
    session.apply_mask(np.ones(session.radiograph.shape, bool), "All")
    sessions.write(snapshot(session), sessions.number(), sessions.place(scan))
    scan_bytes = scan.read_bytes()
    scan.unlink()
    scan.write_bytes(scan_bytes)
    assert sessions.resume(scan).session.mask.all(), "found when the radiograph is retrieved again"
