"""Nothing is lost: sessions, unsaved work, a killed program."""

import json
import os
import signal
import subprocess
import sys
import textwrap

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from cxr_studio.generation.journal import journal_folder, recoverable
from cxr_studio.ui.document.thumbnail_strip import ThumbnailStrip

STROKE = ((120.0, 90.0), (140.0, 92.0))


def test_work_comes_back_when_the_radiograph_is_opened_again(desk, desk_maker, picture):
    desk.start(picture)
    desk.stroke(*STROKE)
    desk.do("inpaint.accept")
    desk.stroke((150.0, 200.0), (155.0, 205.0))
    desk.qtbot.waitUntil(lambda: not desk.studio.workspace.dirty, timeout=10_000)
    first = desk.studio.workspace.session
    other = desk_maker(generator="biharmonic")
    other.open(picture)
    again = other.studio.workspace.session
    assert (again.mask == first.mask).all()
    assert (again.composite == first.composite).all()
    assert [edit.title for edit in again.edits] == [edit.title for edit in first.edits]
    assert not again.dirty


def test_walking_through_a_folder_asks_nothing_and_badges_what_was_edited(desk, picture):
    second = picture.with_name("later.png")
    second.write_bytes(picture.read_bytes())
    desk.start(picture.parent)
    desk.stroke(*STROKE)
    desk.do("inpaint.accept")
    with desk.qtbot.waitSignal(desk.studio.workspace.opened, timeout=20_000):
        desk.do("file.next")
    assert desk.studio.workspace.name == "later.png"
    assert desk.answers.asked == []
    assert picture.with_name("chest.png.cxrs").exists()
    strip = desk.view(ThumbnailStrip)
    assert "1 edit" in strip.item(0).toolTip()
    assert "edit" not in strip.item(1).toolTip()
    with desk.qtbot.waitSignal(desk.studio.workspace.opened, timeout=20_000):
        desk.do("file.previous")
    assert len(desk.studio.workspace.session.edits) == 1
    desk.do("edit.remove-all")
    desk.do("edit.undo")
    assert len(desk.studio.workspace.session.edits) == 1


def test_closing_keeps_the_work_and_asks_nothing(desk, picture):
    desk.start(picture)
    desk.stroke(*STROKE)
    assert desk.window.close()
    assert desk.answers.asked == []
    assert picture.with_name("chest.png.cxrs").exists()


def test_a_drop_never_takes_the_files_away(desk, picture):
    dragged = QMimeData()
    dragged.setUrls([QUrl.fromLocalFile(str(picture))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    both = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    drop = QDropEvent(QPointF(50, 50), both, dragged, left, none)
    drop.setDropAction(Qt.DropAction.MoveAction)
    with desk.qtbot.waitSignal(desk.studio.workspace.opened, timeout=20_000):
        desk.window.dropEvent(drop)
    assert drop.dropAction() == Qt.DropAction.CopyAction
    assert desk.studio.workspace.name == "chest.png"


def test_closing_leaves_no_journal(desk, picture):
    desk.start(picture)
    desk.stroke(*STROKE)
    assert list(journal_folder().glob("*.journal"))
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
    settings_path().write_text(json.dumps({"theme": "light", "gain": 99, "brush_diameter": 31}))
    settings, sentence = load_settings()
    assert (settings.theme, settings.gain, settings.brush_diameter) == ("light", 2.0, 31)
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
    assert (kept.difference, kept.gain, kept.brush_diameter) == ("absolute", 4.0, 2 * brush)
    assert kept.recent == [str(picture)]
