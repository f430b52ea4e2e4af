"""Judging by keyboard alone, and that blind mode gives nothing away."""

from __future__ import annotations

import json

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLabel, QToolButton

from cxr_studio.quality.comparison.blind_log import LOG_NAME
from cxr_studio.quality.comparison.verdicts import VerdictLog

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
K = Qt.Key


def test_tags_and_arrows_by_key_are_on_disk_at_once(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    first, second = (column.key for column in judge.lineup.shown[:2])
    judge.key(K.Key_2)
    assert judge.said() == {("box in the lung", first): ("blurred",)}
    judge.key(K.Key_Right)
    judge.key(K.Key_Down)
    judge.key(K.Key_1)
    judge.key(K.Key_3)
    judge.key(K.Key_1)
    assert judge.said()["disc below", second] == ("seam",)
    assert judge.window.judge_bar.words == "seam"
    assert judge.board.header(judge.lineup.shown[1]).counts == {"seam": 1}
    assert [verdict.judge for verdict in judge.verdicts()] == ["anna"] * 4


def test_taking_back_is_a_row_of_its_own_and_returns_to_the_cell(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    judge.key(K.Key_4)
    judge.key(K.Key_5)
    judge.key(K.Key_Right)
    judge.key(K.Key_U)
    assert judge.lineup.place == 0
    assert judge.window.judge_bar.words == "artefact"
    judge.key(K.Key_Z, CONTROL)
    assert judge.said() == {}
    assert len(judge.verdicts()) == 4
    judge.key(K.Key_U)
    assert "No verdict" in judge.window.messages.text
    assert len(judge.verdicts()) == 4


def test_notes_and_own_words(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    judge.answers.text = "too dark below"
    judge.key(K.Key_N)
    judge.answers.text = "flat, odd rib , flat"
    judge.key(K.Key_O)
    judge.key(K.Key_1)
    verdict = judge.verdicts()[-1]
    assert (verdict.note, verdict.tags) == ("too dark below", ("flat", "odd rib", "good"))
    assert judge.board.header(judge.lineup.shown[0]).counts == {"": 2, "good": 1}


def test_the_judges_name_is_asked_once(desk, run) -> None:
    judge = desk(run.folder, judge="")
    judge.wait_cells()
    judge.answers.name = None
    judge.key(K.Key_1)
    assert not judge.verdicts()
    judge.answers.name = "eve"
    judge.key(K.Key_1)
    judge.key(K.Key_2)
    assert [verdict.judge for verdict in judge.verdicts()] == ["eve", "eve"]
    assert judge.answers.asked == ["judge", "judge"]


def everything_shown(judge) -> str:
    """All words on the screen, in tool tips, in the window's title and on the clipboard."""
    window = judge.window
    words = [window.windowTitle(), window.messages.text, QGuiApplication.clipboard().text()]
    for kind in (QLabel, QToolButton, QComboBox):
        for widget in window.findChildren(kind):
            text = widget.currentText() if isinstance(widget, QComboBox) else widget.text()
            words += [text, widget.toolTip()] if widget.isVisibleTo(window) else []
    words += [action.text() + action.toolTip() for action in window.actions()]
    grid = window.grid
    for x in range(0, grid.viewport().width(), 40):
        words += [grid.tip_at(QPoint(x, y)) for y in range(0, grid.viewport().height(), 40)]
    words += [str(judge.board.header(column)) for column in judge.lineup.shown]
    cases = range(len(judge.lineup.panel.cases))
    words += [judge.board.value(row, column) for row in cases for column in judge.lineup.shown]
    return "\n".join(words)


def test_blind_mode_gives_nothing_away(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    judge.key(K.Key_3)
    judge.key(K.Key_Right)
    judge.key(K.Key_C)
    judge.wait(lambda: all(scores.complete for scores in judge.board.scores.values()) and judge.board.scores)
    secrets = [*(column.title for column in judge.lineup.columns), run.folder.name, "step ", "dB"]
    plain = everything_shown(judge)
    assert all(secret in plain for secret in secrets[:3])
    judge.key(K.Key_B)
    judge.wait(lambda: judge.board.picture(0, judge.lineup.shown[0]) is not None)
    judge.key(K.Key_C, CONTROL)
    shown = everything_shown(judge).replace("PSNR, dB ↑", "").replace("in step order", "")
    told = [action.toolTip() for action in judge.window.actions()]
    for tip in told:
        shown = shown.replace(tip, "")
    assert not [secret for secret in secrets if secret in shown]
    assert not any(secret in tip for tip in told for secret in secrets[:4])
    assert {column.title for column in judge.lineup.shown} == {"A", "B", "C"}
    assert not judge.window.plot.isVisible()
    assert judge.window.plot.choices == []
    assert judge.lineup.reference == ""
    assert judge.lineup.place == 0
    assert all(judge.board.header(column).counts == {} for column in judge.lineup.shown)
    assert "A" in QGuiApplication.clipboard().text()


def test_what_would_tell_columns_apart_is_off_in_blind_mode(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    judge.key(K.Key_B)
    order = judge.lineup.shown
    for key in (K.Key_S, K.Key_T, K.Key_F):
        judge.key(key)
    judge.key(K.Key_P, CONTROL)
    judge.key(K.Key_E, CONTROL)
    assert judge.lineup.shown == order
    assert judge.answers.asked == []
    judge.key(K.Key_B)
    assert [column.title for column in judge.lineup.shown] == ["step 100", "step 200", "step 300"]
    assert judge.window.plot.isVisible()


def test_blind_verdicts_reach_the_right_column_and_the_order_is_logged(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    judge.key(K.Key_B)
    judge.key(K.Key_Right)
    judge.key(K.Key_5)
    shown = judge.lineup.shown[1]
    log = json.loads((judge.comparison.folder / LOG_NAME).read_text(encoding="utf-8"))
    assert log["judge"] == "anna"
    assert log["letters"]["B"] == shown.key
    assert set(log["letters"]) == {"A", "B", "C"}
    verdict = judge.verdicts()[-1]
    assert (verdict.column_key, verdict.blind, verdict.tags) == (shown.key, True, ("anatomy wrong",))
    judge.key(K.Key_B)
    assert judge.board.header(judge.lineup.true_column or shown).counts == {} or judge.lineup.key == shown.key
    assert judge.said() == {("box in the lung", shown.key): ("anatomy wrong",)}


def test_a_snapshot_that_comes_in_blind_mode_waits(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    judge.key(K.Key_B)
    judge.window.messages.dismiss()
    run.snapshot(400)
    judge.wait(lambda: judge.lineup.waiting)
    assert len(judge.lineup.shown) == 3
    assert judge.window.messages.text == ""
    judge.key(K.Key_B)
    assert judge.lineup.shown[-1].title == "step 400"
    assert "1 new snapshot" in judge.window.messages.text


def test_a_blind_row_appears_only_when_it_is_whole(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    judge.key(K.Key_B)
    case, key = "disc below", judge.lineup.shown[2].key
    assert judge.board.picture(1, judge.lineup.shown[0]) is not None
    kept = judge.store._cells.pop((case, key))
    assert judge.board.picture(1, judge.lineup.shown[0]) is None
    judge.store._cells[case, key] = kept


def test_verdicts_survive_a_kill_and_a_full_disk_is_told(desk, run, monkeypatch) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    judge.key(K.Key_1)
    assert VerdictLog(judge.comparison.folder).latest("anna")
    again = desk(run.folder)
    again.wait_cells()
    assert again.window.judge_bar.words == "good"

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cxr_studio.quality.comparison.verdicts.os.fsync", full)
    again.key(K.Key_2)
    assert "could not be written" in again.window.messages.text
    assert again.window.judge_bar.words == "good"
