"""Nothing is lost: sessions, unsaved work, a killed program."""

import json
import os
import signal
import subprocess
import sys
import textwrap

from cxr_studio.generation.journal import journal_folder, recoverable
from cxr_studio.ui.shell.ports import Leave

STROKE = ((120.0, 90.0), (140.0, 92.0))


def test_a_saved_session_comes_back(desk, desk_maker, picture, tmp_path):
    desk.start(picture)
    desk.stroke(*STROKE)
    desk.do("inpaint.accept")
    desk.stroke((150.0, 200.0), (155.0, 205.0))
    desk.answers.path = tmp_path / "work.cxrs"
    desk.do("file.save")
    assert not desk.studio.workspace.dirty
    first = desk.studio.workspace.session
    other = desk_maker(generator="biharmonic")
    other.open(desk.answers.path)
    again = other.studio.workspace.session
    assert (again.mask == first.mask).all()
    assert (again.composite == first.composite).all()
    assert [edit.title for edit in again.edits] == [edit.title for edit in first.edits]
    assert not again.dirty


def test_closing_with_unsaved_work_asks(desk, picture):
    desk.start(picture)
    desk.stroke(*STROKE)
    desk.answers.leave = Leave.STAY
    assert not desk.window.close()
    assert desk.answers.asked[-1] == "leave chest.png"
    assert desk.window.isVisible()


def test_closing_after_discard_leaves_no_journal(desk, picture):
    desk.start(picture)
    desk.stroke(*STROKE)
    assert list(journal_folder().glob("*.journal"))
    desk.answers.leave = Leave.DISCARD
    assert desk.window.close()
    assert not list(journal_folder().glob("*.journal"))


def test_work_of_a_killed_program_is_offered_and_restored(desk, picture, tmp_path):
    program = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        from cxr_studio.generation.journal import Journal
        from cxr_studio.generation.session import Session
        from cxr_studio.masks.brush import paint_disc
        from cxr_studio.radiographs.reading import read_radiograph
        session = Session(read_radiograph(Path(sys.argv[1])))
        journal = Journal(session)
        for x in (90, 110):
            session.begin_stroke()
            session.touched(paint_disc(session.mask, (130, x), radius=9))
            session.end_stroke("Brush stroke")
        print("ready", flush=True)
        time.sleep(60)
        """
    )
    child = subprocess.Popen([sys.executable, "-c", program, str(picture)], stdout=subprocess.PIPE, env=os.environ)
    assert child.stdout.readline().strip() == b"ready"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    desk.start()
    assert "chest.png" in desk.window.messages.text
    (left,) = recoverable()
    desk.studio.recovery.restore(left)
    session = desk.studio.workspace.session
    assert session.mask[130, 90]
    assert session.mask[130, 110]
    assert desk.studio.workspace.dirty
    desk.do("edit.undo")
    assert not session.mask[130, 116]
    assert not recoverable()


def test_damaged_settings_are_set_aside_and_told(desk_maker, tmp_path):
    from cxr_studio.settings import load_settings, settings_path

    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text("{ not json")
    settings, sentence = load_settings()
    assert settings.theme == "dark"
    assert "damaged" in sentence
    settings_path().write_text(json.dumps({"theme": "light", "gain": 99, "brush": 31}))
    settings, sentence = load_settings()
    assert (settings.theme, settings.gain, settings.brush) == ("light", 2.0, 31)
    assert "gain" in sentence


def test_choices_are_remembered_for_the_next_start(desk, picture):
    from cxr_studio.settings import load_settings

    desk.start(picture)
    desk.do("view.absolute")
    desk.do("view.more-gain")
    desk.do("tool.larger")
    brush = desk.studio.pointing.toolbox.settings.radius
    assert desk.window.close()
    kept, _ = load_settings()
    assert (kept.difference, kept.gain, kept.brush) == ("absolute", 4.0, brush)
    assert kept.recent == [str(picture)]
