"""Looking, following, sorting, promoting and reporting in the comparison window."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from cxr_studio.errors import CheckpointError
from cxr_studio.quality.comparison.scores import METRICS
from cxr_studio.resources import user_models
from cxr_studio.ui.qa.board import UNUSABLE
from cxr_studio.ui.qa.comparison import WAITING
from cxr_studio.ui.qa.grid_layout import GridLayout

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
K = Qt.Key


def wheel(judge, x: float, y: float, steps: int, keys=Qt.KeyboardModifier.NoModifier) -> None:
    event = QWheelEvent(
        QPointF(x, y),
        QPointF(x, y),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(judge.window.grid.viewport(), event)


def drag(judge, start: QPoint, by: QPoint, button: Qt.MouseButton) -> None:
    view = judge.window.grid.viewport()
    for kind, place in (
        (QEvent.Type.MouseButtonPress, start),
        (QEvent.Type.MouseMove, start + by),
        (QEvent.Type.MouseButtonRelease, start + by),
    ):
        where = QPointF(place)
        QApplication.sendEvent(view, QMouseEvent(kind, where, where, button, button, Qt.KeyboardModifier.NoModifier))


def test_a_run_fills_the_grid_in_step_order(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    assert [column.title for column in judge.lineup.shown] == ["step 100", "step 200", "step 300"]
    judge.wait(lambda: judge.window.status.field("left") == "all cells shown")
    assert "PSNR" in judge.window.status.field("values")
    assert "dB" in judge.window.status.field("values")
    assert judge.window.status.field("latency").endswith("ms per cell")


def test_zoom_pan_and_window_are_linked_and_reset(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    cell = judge.window.grid.grid.cell(0, 1)
    before = judge.board.picture(1, judge.lineup.shown[0]).toImage()
    wheel(judge, cell.left() + 10, cell.top() + 10, 4)
    assert judge.look.zoom > 1.5
    assert (judge.look.y, judge.look.x) < (0.5, 0.5)
    drag(judge, cell.center(), QPoint(-30, 0), Qt.MouseButton.LeftButton)
    drag(judge, cell.center(), QPoint(0, 40), Qt.MouseButton.RightButton)
    assert judge.look.low > 0
    assert judge.board.picture(1, judge.lineup.shown[0]).toImage() != before
    judge.key(K.Key_R)
    assert (judge.look.zoom, judge.look.low, judge.look.high) == (1.0, 0.0, 1.0)
    assert judge.board.picture(1, judge.lineup.shown[0]).toImage() == before


def test_zooming_keeps_the_point_under_the_pointer(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    look = judge.look
    look.zoom_by(2.0, at=(0.3, 0.6))
    share = look.y + (0.3 - 0.5) / look.zoom, look.x + (0.6 - 0.5) / look.zoom
    look.zoom_by(3.0, at=(0.3, 0.6))
    assert share == pytest.approx((look.y + (0.3 - 0.5) / look.zoom, look.x + (0.6 - 0.5) / look.zoom))


def test_cell_size_by_wheel_and_keys(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    side = judge.look.side
    wheel(judge, 500, 400, 1, CONTROL)
    assert judge.look.side > side
    judge.key(K.Key_Minus)
    assert judge.look.side == side


def test_difference_to_original_and_to_a_reference(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    column = judge.lineup.shown[1]
    plain = judge.board.picture(0, column).toImage()
    judge.key(K.Key_D)
    original = judge.board.picture(0, column).toImage()
    assert original != plain
    judge.key(K.Key_D)
    assert judge.board.picture(0, column).toImage() == plain
    judge.key(K.Key_C)
    judge.key(K.Key_D)
    judge.key(K.Key_D)
    assert judge.look.against == "reference"
    assert judge.board.picture(0, column).toImage() not in (plain, original)
    itself = judge.board.picture(0, judge.lineup.shown[0]).toImage()
    assert {itself.pixel(x, y) for x in range(0, 144, 7) for y in range(0, 144, 7)} == {itself.pixel(0, 0)}
    judge.key(K.Key_C, SHIFT)
    assert judge.look.against == "original"


def test_holding_space_shows_the_original_in_the_current_cell(desk, run) -> None:
    judge, key = desk(run.folder), K.Key_Space
    judge.wait_cells()
    current, other = judge.lineup.shown[:2]
    fill, unmoved = judge.board.picture(0, current).toImage(), judge.board.picture(0, other).toImage()
    plain, send = judge.board.pictures.picture("box in the lung", "").toImage(), QApplication.sendEvent
    assert judge.board.original(0).toImage() != plain
    send(judge.window.grid, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))
    assert judge.board.picture(0, current).toImage() == plain
    assert judge.board.picture(0, other).toImage() == unmoved
    send(judge.window.grid, QKeyEvent(QEvent.Type.KeyRelease, key, Qt.KeyboardModifier.NoModifier))
    assert judge.board.picture(0, current).toImage() == fill


def test_sorting_by_metric_and_step(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    judge.wait(lambda: len(judge.board.scores) == 3 and all(s.complete for s in judge.board.scores.values()))
    judge.key(K.Key_BracketRight)
    assert judge.board.metric == METRICS[1]
    judge.key(K.Key_S)
    values = [judge.board.scores[column.key].value("ssim") for column in judge.lineup.shown]
    assert values == sorted(values, reverse=True)
    assert judge.board.header(judge.lineup.shown[0]).best
    judge.key(K.Key_T)
    assert [column.step for column in judge.lineup.shown] == [100, 200, 300]


def test_a_double_click_on_a_header_sorts(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    judge.wait(lambda: len(judge.board.scores) == 3 and all(s.complete for s in judge.board.scores.values()))
    place = QPointF(judge.window.grid.grid.header(1).center())
    kind, left = QEvent.Type.MouseButtonDblClick, Qt.MouseButton.LeftButton
    double = QMouseEvent(kind, place, place, left, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(judge.window.grid.viewport(), double)
    values = [judge.board.scores[column.key].value("psnr_db") for column in judge.lineup.shown]
    assert values == sorted(values, reverse=True)
    assert "Sorted by PSNR" in judge.window.messages.text


def test_a_run_added_while_the_first_is_read_loses_nothing(desk, run, tmp_path, kept) -> None:
    other = type(run)(tmp_path / "other", kept)
    other.snapshot(700)
    judge = desk(run.folder)
    judge.comparison.add([other.folder])
    judge.wait(lambda: len(judge.lineup.shown) == 4)


def test_a_new_snapshot_appears_without_moving_the_view(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    judge.look.set_side(416)
    judge.key(K.Key_Right)
    bar = judge.window.grid.horizontalScrollBar()
    before, current = bar.value(), judge.lineup.key
    run.snapshot(400)
    judge.wait(lambda: len(judge.lineup.shown) == 4)
    assert (bar.value(), judge.lineup.key) == (before, current)
    assert "step 400" in judge.window.messages.text
    judge.key(K.Key_F)
    run.snapshot(500)
    judge.wait(lambda: len(judge.lineup.shown) == 5)
    assert 4 in judge.window.grid.grid.visible_columns()


def test_a_run_without_snapshots_waits_and_says_so(desk, run) -> None:
    for path in (run.folder / "snapshots").iterdir():
        path.unlink()
    judge = desk(run.folder)
    judge.wait(lambda: judge.window.empty.text() == WAITING)
    assert judge.window.centre.currentWidget() is judge.window.empty
    run.snapshot(100)
    judge.wait_cells()
    assert judge.window.centre.currentWidget() is judge.window.grid


def test_a_folder_that_is_no_run_is_told(desk, tmp_path, run) -> None:
    (tmp_path / "nothing").mkdir()
    judge = desk(tmp_path / "nothing")
    judge.wait(lambda: "no training run" in judge.window.empty.text())
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(run.folder))])
    place, move = QPointF(5, 5), Qt.DropAction.CopyAction
    drop = QDropEvent(place, move, dropped, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    judge.window.dropEvent(drop)
    judge.wait_cells()


def test_another_run_is_put_beside(desk, run) -> None:
    judge = desk("biharmonic")
    judge.wait(lambda: judge.lineup.shown)
    judge.answers.where = run.folder
    judge.do("run.add")
    judge.wait(lambda: len(judge.lineup.shown) == 4)
    judge.answers.where = None
    judge.do("run.open")
    assert len(judge.lineup.shown) == 4


def test_a_snapshot_that_cannot_be_used_is_told_in_its_column(desk, run, monkeypatch, tmp_path) -> None:
    judge = desk(run.folder, cache=tmp_path)
    made = type(judge.comparison.maker).make

    def make(maker, case, column, *, cancel=None):
        if column.step == 200:
            raise CheckpointError("the weights do not fit", file=column.path)
        return made(maker, case, column, cancel=cancel)

    monkeypatch.setattr(type(judge.comparison.maker), "make", make)
    judge.wait(lambda: judge.board.faults)
    faulty = judge.lineup.shown[1]
    assert "do not fit" in judge.board.fault(0, faulty)
    judge.wait(lambda: judge.board.picture(2, judge.lineup.shown[2]) is not None)
    judge.wait(lambda: judge.window.status.field("left") == "all cells shown")
    judge.key(K.Key_B)
    assert judge.board.fault(0, faulty) == UNUSABLE


def test_promoting_asks_before_it_replaces(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    judge.wait(lambda: all(s.complete for s in judge.board.scores.values()) and judge.board.scores)
    judge.key(K.Key_P, CONTROL)
    kept = user_models() / "kept.safetensors"
    assert kept.exists()
    assert str(kept) in judge.window.messages.text
    before = kept.stat().st_mtime_ns
    judge.key(K.Key_Right)
    judge.key(K.Key_P, CONTROL)
    assert "already" in judge.answers.asked[-1]
    assert kept.stat().st_mtime_ns == before
    judge.answers.replace = True
    judge.key(K.Key_P, CONTROL)
    assert kept.stat().st_mtime_ns != before


def test_a_report_is_written_in_the_background(desk, run, tmp_path) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    judge.key(K.Key_E, CONTROL)
    judge.wait(lambda: "Report written" in judge.window.messages.text)
    assert (tmp_path / "out" / "report.html").exists()


def test_measuring_all_fills_what_is_not_seen(desk, run, tmp_path) -> None:
    judge = desk(run.folder, cache=tmp_path)
    judge.look.set_side(560)
    judge.wait(lambda: len(judge.board.scores) == 3 and judge.window.status.field("left") == "all cells shown")
    assert not all(s.complete for s in judge.board.scores.values())
    judge.key(K.Key_M)
    judge.wait(lambda: len(judge.board.scores) == 3 and all(s.complete for s in judge.board.scores.values()))


def test_plots_follow_the_journal_and_lead_to_columns(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait_cells()
    plot = judge.window.plot
    judge.wait(lambda: any("D(real)" in title for title in plot.choices))
    judge.wait(lambda: any("this panel" in title for title in plot.choices))
    plot.choose(next(title for title in plot.choices if "D(real)" in title))
    box = plot._plot.getPlotItem().vb
    QApplication.processEvents()
    place = box.mapViewToScene(QPointF(300, 0.8))
    found = plot.point_near(place.x() + 3, place.y() - 3)
    assert found is not None
    assert (found[0].metric, found[1]) == ("d_real", 300)
    plot._moved(place)
    assert "step 300: D(real) 0.800" in plot.hovered
    plot.go_to(found[0].run, found[1])
    assert judge.lineup.column.title == "step 300"


def test_closing_leaves_no_thread(desk, run) -> None:
    judge = desk(run.folder)
    judge.wait(lambda: judge.lineup.shown)
    judge.window.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("cxr-")]


def test_every_command_has_a_key_a_tip_and_does_something(desk, run) -> None:
    judge = desk(run.folder)
    registry = judge.window.registry
    keys = [key for name in registry.rows for key in registry.keys(name)]
    assert len(keys) == len(set(keys))
    for name, command in registry.rows.items():
        assert registry.keys(name), name
        assert command.tip, name
        assert callable(command.run), name


def test_a_layout_finds_what_it_lays() -> None:
    grid = GridLayout(24, 200, 144, 1600, 900, left=4000, top=700)
    for row in grid.visible_rows():
        for column in grid.visible_columns():
            middle = grid.cell(row, column).center()
            if grid.body.contains(middle):
                assert grid.at(middle.x(), middle.y()) == (row, column)
    assert len(grid.visible_columns()) < 14
    left, top = grid.scroll_to(20, 150)
    there = GridLayout(24, 200, 144, 1600, 900, left=left, top=top)
    assert there.body.contains(there.cell(20, 150))
