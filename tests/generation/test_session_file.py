"""Session files and journals: everything comes back, damage is told in a sentence."""

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from cxr_studio.errors import ReadError, StudioError
from cxr_studio.generation.journal import FRAME, Journal, discard, journal_folder, recover, recoverable
from cxr_studio.generation.session import Session
from cxr_studio.generation.session_file import find_radiograph, load_session, save_session
from tests.generation.sessions import answer

Stroke = Callable[..., None]


@pytest.fixture
def worked(session: Session, stroke: Stroke) -> Session:
    stroke(100, 90)
    session.accept(answer(session), "Biharmonic")
    stroke(60, 70)
    stroke(64, 70, 3, False)
    session.undo()
    return session


def same(one: Session, other: Session) -> None:
    np.testing.assert_array_equal(one.mask, other.mask)
    np.testing.assert_array_equal(one.composite, other.composite)
    assert [e.title for e in one.edits] == [e.title for e in other.edits]
    assert [e.provenance for e in one.edits] == [e.provenance for e in other.edits]
    assert [s.label for s in one.history.done] == [s.label for s in other.history.done]


def test_a_session_comes_back_with_its_history(worked: Session, tmp_path: Path) -> None:
    path = tmp_path / "work.cxrs"
    save_session(path, worked)
    assert not worked.dirty
    opened = load_session(path)
    same(opened, worked)
    assert not opened.dirty
    opened.redo()
    worked.redo()
    same(opened, worked)
    while opened.undo() is not None:
        pass
    np.testing.assert_array_equal(opened.composite, opened.radiograph.stored)


def test_a_moved_radiograph_is_found_beside_the_session(worked: Session, tmp_path: Path, radiograph_file: Path) -> None:
    save_session(tmp_path / "work.cxrs", worked)
    new = tmp_path / "elsewhere"
    new.mkdir()
    for name in ("work.cxrs", radiograph_file.name):
        (tmp_path / name).rename(new / name)
    same(load_session(new / "work.cxrs"), worked)


def test_a_changed_or_missing_radiograph_is_refused(worked: Session, tmp_path: Path, radiograph_file: Path) -> None:
    save_session(tmp_path / "work.cxrs", worked)
    moved = radiograph_file.rename(tmp_path / "moved.png")
    with pytest.raises(ReadError, match="not where it was"):
        load_session(tmp_path / "work.cxrs")
    same(load_session(tmp_path / "work.cxrs", moved), worked)
    radiograph_file.write_bytes(moved.read_bytes() + b" ")
    with pytest.raises(ReadError, match="changed since"):
        load_session(tmp_path / "work.cxrs")


def test_a_radiograph_with_a_name_that_no_disk_holds_is_not_where_it_was(tmp_path: Path) -> None:
    facts = {"radiograph": {"path": 300 * "x", "beside": "", "sha256": ""}}
    with pytest.raises(ReadError, match="not where it was"):
        find_radiograph(facts, tmp_path)


def test_damage_is_a_sentence_never_another_exception(worked: Session, tmp_path: Path) -> None:
    path = tmp_path / "work.cxrs"
    save_session(path, worked)
    content = path.read_bytes()
    rng = random.Random(4)
    for _ in range(120):
        broken = bytearray(content)
        for _ in range(rng.choice([1, 1, 3, 20])):
            broken[rng.randrange(min(len(broken), 6000))] = rng.randrange(256)
        path.write_bytes(broken[: rng.choice([len(broken), rng.randrange(len(broken))])])
        with suppress(StudioError):
            load_session(path)


def test_a_failed_save_keeps_the_old_file(worked: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "work.cxrs"
    save_session(path, worked)
    before = path.read_bytes()

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(StudioError, match="No space left"):
        save_session(path, worked)
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["chest.png", "work.cxrs"]


def test_a_journal_brings_everything_back(session: Session, stroke: Stroke) -> None:
    journal = Journal(session)
    stroke(100, 90)
    session.accept(answer(session), "Biharmonic")
    session.enable(1, False)
    stroke(60, 70)
    session.undo()
    session.redo()
    session.undo()
    _leave(journal)
    (found,) = recoverable()
    assert found.radiograph.endswith("chest.png")
    recovered = recover(found)
    same(recovered, session)
    assert recovered.dirty
    session.on_move = recovered.on_move
    recovered.redo()
    session.redo()
    same(recovered, session)
    discard(found)
    assert recoverable() == []


def test_a_torn_last_record_is_ignored(session: Session, stroke: Stroke) -> None:
    journal = Journal(session)
    stroke(100, 90)
    whole = journal.path.stat().st_size
    stroke(60, 70)
    _leave(journal)
    content = journal.path.read_bytes()
    for end in range(whole, len(content), 37):
        journal.path.write_bytes(content[:end])
        assert recover(recoverable()[0]).mask.sum() == pytest.approx(113, abs=5)


def test_running_and_closed_programs_leave_nothing_to_recover(session: Session, stroke: Stroke) -> None:
    journal = Journal(session)
    stroke(100, 90)
    assert recoverable() == []
    journal.close()
    assert list(journal_folder().iterdir()) == []


def _leave(journal: Journal) -> None:
    """Make a journal look like one whose program was killed."""
    journal._stream.close()
    content = journal.path.read_bytes()
    length, _ = FRAME.unpack_from(content)
    text = content[FRAME.size : FRAME.size + length]
    dead = text.replace(str(os.getpid()).encode(), b"9" * len(str(os.getpid())))
    journal.path.write_bytes(FRAME.pack(len(dead), zlib.crc32(dead)) + dead + content[FRAME.size + length :])


KILLED = """
    import sys
    from cxr_studio.generation.journal import Journal
    from cxr_studio.generation.session import Session
    from cxr_studio.masks.brush import paint_disc
    from cxr_studio.radiographs.reading import read_radiograph

    session = Session(read_radiograph(sys.argv[1]))
    journal = Journal(session)
    for k in range(10_000):
        session.begin_stroke()
        session.touched(paint_disc(session.mask, (20 + k // 200, 20 + k % 200), radius=0.4))
        session.end_stroke("Brush stroke")
        print(k + 1, flush=True)
"""


@pytest.mark.parametrize("seconds", [0.02, 0.11, 0.25])
def test_a_killed_program_loses_no_acknowledged_stroke(radiograph_file: Path, seconds: float) -> None:
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(radiograph_file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        acknowledged = int(([first, *process.stdout.read().split()])[-1])
    (found,) = recoverable()
    assert acknowledged <= recover(found).mask.sum() <= acknowledged + 1
