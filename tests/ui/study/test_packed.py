"""What a double click on a packed study does before the study opens."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from cxr_studio.errors import StudioError
from cxr_studio.studies.bundle import open_bundle
from cxr_studio.studies.pack.folder import SETTINGS, SETTINGS_TEXT, fill_folder
from cxr_studio.studies.pack.server import Server
from cxr_studio.ui.study import packed, server_dialog
from cxr_studio.ui.study.server_dialog import Connecting, ServerDialog, connected
from tests.studies.tiny_study import tiny_study

SERVER = Server("server.example", 5433, "study", "reader")


@pytest.fixture
def pack(tmp_path):
    bundle, _ = tiny_study(tmp_path / "study")
    folder = tmp_path / "pack"
    folder.mkdir()
    fill_folder(bundle, folder)
    return folder


@pytest.fixture
def begun(monkeypatch, qapp):
    """What was run, and what was said instead."""
    found = {}
    monkeypatch.setattr(packed, "apply_theme", lambda *_: None)
    monkeypatch.setattr(packed, "say", lambda words: found.update(said=words))
    monkeypatch.setattr(
        packed, "run_study", lambda bundle, options: found.update(bundle=bundle, database=options.database) or 0
    )
    return found


def test_it_opens_its_bundle_with_the_answers_beside(pack, begun):
    assert packed.start(pack) == 0
    assert begun == {"bundle": pack / "bundle", "database": pack / "answers" / "answers.sqlite"}


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda pack: (pack / "answers").write_text(""), "Answers cannot be saved"),
        (lambda pack: (pack / "bundle" / "study.json").unlink(), "there is no study in this folder"),
        (lambda pack: (pack / SETTINGS).write_text("database ="), "settings.toml: the settings cannot be read"),
        (lambda pack: (pack / SETTINGS).write_text(SETTINGS_TEXT.format('"a.sqlite"')), "is no server"),
    ],
)
def test_what_keeps_it_from_starting_is_said(pack, begun, spoil, words):
    spoil(pack)
    assert packed.start(pack) == 1
    assert words.lower() in begun["said"].lower()
    assert "Traceback" not in begun["said"]


def test_a_server_is_tried_at_once_and_asked_about_where_it_refuses(pack, begun, qtbot, monkeypatch):
    tried = []

    def reach(_bundle, server):
        tried.append(server)
        if not server.password:
            raise StudioError("the server wants a password")
        return server.address

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, ServerDialog) or not dialog.fields.isEnabled():
            QTimer.singleShot(20, answer)
            return
        assert dialog.words.text() == "The server wants a password."
        dialog.password.setText("secret")
        qtbot.keyClick(dialog.password, Qt.Key.Key_Return)

    monkeypatch.setattr(server_dialog, "reach", reach)
    (pack / SETTINGS).write_text(SETTINGS_TEXT.format('"postgresql://reader@server.example:5433/study"'))
    QTimer.singleShot(20, answer)
    assert packed.start(pack) == 0
    assert tried == [SERVER, Server("server.example", 5433, "study", "reader", "secret")]
    assert begun["database"] == "postgresql+psycopg://reader:secret@server.example:5433/study"


def test_a_server_that_is_asked_for_starts_empty_and_giving_up_starts_nothing(pack, begun, monkeypatch):
    monkeypatch.setattr(server_dialog, "reach", lambda *_: pytest.fail("tried"))
    (pack / SETTINGS).write_text(SETTINGS_TEXT.format('"ask"'))
    QTimer.singleShot(50, lambda: QApplication.activeModalWidget().reject())
    assert packed.start(pack) == 0
    assert begun == {}
    QTimer.singleShot(50, lambda: QApplication.activeModalWidget().reject())
    assert connected(open_bundle(pack / "bundle"), "ask") is None


def test_only_a_whole_address_can_be_connected_to(pack, qtbot):
    dialog = ServerDialog(Server())
    qtbot.addWidget(dialog)
    assert not dialog.connect_button.isEnabled()
    for field, text in ((dialog.host, " server.example "), (dialog.database, "study"), (dialog.user, "reader")):
        field.setText(text)
    dialog.port.setValue(5433)
    assert dialog.connect_button.isEnabled()
    assert dialog.server == SERVER
    with qtbot.waitSignal(dialog.wanted) as asked:
        dialog.connect_button.click()
    assert asked.args == [SERVER]


def test_while_it_connects_nothing_can_be_changed(pack, qtbot, monkeypatch):
    dialog = ServerDialog(SERVER)
    qtbot.addWidget(dialog)
    monkeypatch.setattr(server_dialog, "reach", lambda _bundle, server: server.address)
    connecting = Connecting(open_bundle(pack / "bundle"), dialog)
    dialog.connect_button.click()
    assert (dialog.words.text(), dialog.fields.isEnabled()) == ("Connecting…", False)
    qtbot.waitUntil(lambda: connecting.address == SERVER.address)
    assert dialog.result() == dialog.DialogCode.Accepted
