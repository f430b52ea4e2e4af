"""A command is declared once: its Qt action, menu, keys, reason and state follow from the row."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow

from cxr_studio.ui.shell.action import NO_IMAGE, Action, needs_image
from cxr_studio.ui.shell.command_palette import CommandPalette, match_score
from cxr_studio.ui.shell.menus import Menus
from cxr_studio.ui.shell.registry import ActionRegistry
from cxr_studio.ui.shell.shortcuts_dialog import ShortcutsDialog
from cxr_studio.ui.shell.workspace import Workspace

TABLE = {"file": ("&File", ("open", "leave")), "view": ("&View", ())}


@pytest.fixture
def window(qtbot):
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def state():
    return {"on": False, "why": "Not yet.", "step": "stroke", "done": []}


@pytest.fixture
def registry(window, state):
    made = ActionRegistry({"file.open": ["Ctrl+P"]}, window)
    made.add(
        Action("file.quit", "Quit", "Leave.", lambda: state["done"].append("quit"), keys=("Ctrl+Q",), group="leave"),
        Action("file.open", "Open…", "Read.", lambda: state["done"].append("open"), keys=("Ctrl+O",), group="open"),
        Action("file.undo", "Undo", "Back.", lambda: None, group="open", words=lambda: f"Undo {state['step']}"),
        Action("view.on", "On", "Switch.", lambda on: state.update(on=on), keys=("O",), checked=lambda: state["on"]),
        Action("view.late", "Late", "Later.", lambda: None, when=lambda: state["why"]),
        Action("view.hold", "Hold", "Hold.", lambda: None, keys=("Tab",), hold=lambda on: state.update(held=on)),
    )
    made.review()
    return made


def test_triggered_it_runs(registry, state):
    registry.action("file.quit").trigger()
    assert state["done"] == ["quit"]


def test_what_is_of_no_use_is_off_and_says_why(registry, state):
    action = registry.action("view.late")
    assert not action.isEnabled()
    assert action.toolTip().endswith("Not yet.")
    state["why"] = ""
    registry.review("view.late")
    assert action.isEnabled()
    assert "Not yet" not in action.toolTip()


def test_only_what_is_named_is_reviewed(registry, state):
    state["why"] = ""
    registry.review("file")
    assert not registry.action("view.late").isEnabled()
    registry.review("view")
    assert registry.action("view.late").isEnabled()


def test_switched_it_shows_the_state_that_came_of_it(registry, state):
    registry.action("view.on").trigger()
    assert state["on"]
    assert registry.action("view.on").isChecked()
    state["on"] = False
    registry.review()
    assert not registry.action("view.on").isChecked()


def test_a_switch_that_is_refused_shows_as_off(window):
    registry = ActionRegistry({}, window)
    registry.add(Action("view.on", "On", "Switch.", lambda _on: None, checked=lambda: False))
    registry.action("view.on").trigger()
    assert not registry.action("view.on").isChecked()


def test_its_title_follows(registry, state):
    state["step"] = "polygon"
    registry.review("file.undo")
    assert registry.action("file.undo").text() == "Undo polygon"


def test_the_users_own_keys_win_and_go_back(registry):
    assert registry.action("file.open").shortcut() == QKeySequence("Ctrl+P")
    registry.set_keys("file.open", None)
    assert registry.action("file.open").shortcut() == QKeySequence("Ctrl+O")
    registry.set_keys("file.open", ("Ctrl+T",))
    assert registry.overrides == {"file.open": ("Ctrl+T",)}
    registry.reset_keys()
    assert registry.overrides == {}


def test_a_clash_names_the_other(registry):
    assert registry.clash("file.open", "Ctrl+Q").id == "file.quit"
    assert registry.clash("file.open", "Ctrl+P") is None


def test_a_held_key_triggers_nothing_and_is_found(registry):
    assert registry.action("view.hold").shortcuts() == []
    assert registry.held_by(QKeySequence("Tab")).id == "view.hold"
    assert registry.held_by(QKeySequence("O")) is None


def test_menus_follow_the_groups_not_the_order_of_declaration(window, registry):
    menus = Menus(window.menuBar(), registry, TABLE)
    recent = menus.submenu("file", "open", "Recent")
    menus.build()
    shown = [action.text() for action in menus.menu("file").actions()]
    assert shown == ["Recent", "Open…", "Undo stroke", "", "Quit"]
    assert menus.menu("file").actions()[0].menu() is recent


def test_without_a_radiograph_the_reason_is_said(workspace):
    assert needs_image(Workspace())() == NO_IMAGE
    assert needs_image(workspace)() == ""


def test_the_palette_runs_what_is_typed_and_remembers_it(qtbot, window, registry, state):
    window.show()
    palette = CommandPalette(registry, window)
    palette.open_over(window)
    assert not any("Hold" in title for title in palette.titles())
    palette.set_query("qut")
    assert palette.titles()[0].startswith("Quit")
    palette.run_chosen()
    assert state["done"] == ["quit"]
    palette.open_over(window)
    assert palette.titles()[0].startswith("Quit")
    palette.set_query("zzz")
    assert palette.titles() == ["Nothing fits “zzz”. Try another word for it."]
    palette.run_chosen()
    assert state["done"] == ["quit"]
    window.close()


def test_a_score_is_better_for_adjacent_letters():
    row = Action("file.open", "Open folder", "", lambda: None)
    assert match_score("open", row) < match_score("ofr", row)
    assert match_score("x", row) is None


def test_a_command_is_found_under_other_words_behind_one_that_is_called_so():
    row = Action("view.turn", "Turn", "", lambda: None, also=("rotate", "angle"))
    called = Action("view.rotate", "Rotate", "", lambda: None)
    assert match_score("rot", called) < match_score("rot", row) < 0
    assert match_score("tate", row) is None
    assert match_score("", row) is not None


def test_the_shortcuts_dialog_changes_a_key_and_refuses_a_clash(qtbot, window, registry):
    dialog = ShortcutsDialog(registry, window, menus=TABLE)
    dialog.choose("file.open")
    assert not dialog.set_key("Ctrl+Q")
    assert "belongs to “Quit”" in dialog.note
    dialog.choose("file.open")
    assert dialog.set_key("Ctrl+J")
    assert registry.keys("file.open") == ("Ctrl+J",)
    dialog.fill("quit")
    dialog.choose("file.quit")
    assert dialog.set_key("")
    assert registry.keys("file.quit") == ()
