"""Windows, panes, keys, schemes, dialogs: what a reader does with the image."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QComboBox

from cxr_studio.ui.compare.difference_choice import GainChooser, ModeChooser
from cxr_studio.ui.display.panel import DisplayPanel
from cxr_studio.ui.shell.command_palette import CommandPalette


@pytest.fixture
def open_desk(desk, picture):
    desk.open(picture)
    return desk


def test_the_crosshair_reads_position_and_values(open_desk):
    open_desk.mouse(QEvent.Type.MouseMove, open_desk.place(100.0, 80.0))
    status = open_desk.window.status
    open_desk.qtbot.waitUntil(lambda: status.field("value") != "")
    session = open_desk.studio.workspace.session
    x, y = (int(part.split()[-1]) for part in status.field("position").split("px")[0].replace("y", "").split(","))
    assert abs(x - 80) <= 2
    assert abs(y - 100) <= 2
    assert f"raw {session.radiograph.stored[y, x]}" in status.field("value")
    assert "mm unknown" in status.field("position")


def test_in_the_reading_scheme_a_drag_windows_and_paints_nothing(open_desk):
    open_desk.do("tool.scheme")
    before = open_desk.studio.display.window
    open_desk.drag((100.0, 80.0), (110.0, 120.0), (120.0, 150.0))
    after = open_desk.studio.display.window
    assert after.width > before.width
    assert not open_desk.studio.workspace.session.mask.any()


def test_the_right_button_windows_while_painting(open_desk):
    before = open_desk.studio.display.window
    open_desk.drag((100.0, 80.0), (100.0, 150.0), button=Qt.MouseButton.RightButton)
    assert open_desk.studio.display.window.width > before.width
    assert not open_desk.studio.workspace.session.mask.any()


def test_reset_returns_to_the_default_window(open_desk):
    before = open_desk.studio.display.window
    open_desk.do("view.percentiles")
    open_desk.do("view.invert")
    open_desk.do("view.reset-window")
    assert open_desk.studio.display.window.edges() == before.edges()
    assert not open_desk.studio.display.inverted


def test_panes_are_maximised_hidden_and_detached(open_desk):
    grid = open_desk.window.grid
    open_desk.do("view.inpainted")
    assert grid.maximised == "inpainted"
    assert not grid.panes["original"].isVisible()
    open_desk.do("view.show-all")
    assert all(pane.isVisible() for pane in grid.panes.values())
    grid.toggle_detached("difference")
    assert grid.panes["difference"].isWindow()
    open_desk.do("view.show-all")
    assert not grid.panes["difference"].isWindow()


def test_zoom_is_linked_and_keeps_the_point_under_the_wheel(open_desk):
    view = open_desk.window.grid.scene.view
    open_desk.do("view.zoom-in")
    scales = {pane.canvas.geometry_now.scale for pane in open_desk.window.grid.panes.values()}
    assert len(scales) == 1
    before = open_desk.canvas.geometry_now.to_image(100, 120)
    view.zoom_by(1.7, about=before)
    after = open_desk.canvas.geometry_now.to_image(100, 120)
    assert after == pytest.approx(before, abs=1e-6)


def test_f_held_shows_the_original(open_desk):
    scene = open_desk.window.grid.scene
    open_desk.canvas.setFocus()
    open_desk.qtbot.keyPress(open_desk.canvas, Qt.Key.Key_F)
    assert scene.flicker
    open_desk.qtbot.keyRelease(open_desk.canvas, Qt.Key.Key_F)
    assert not scene.flicker


def test_every_command_is_connected_and_in_a_menu(open_desk):
    registry = open_desk.window.registry
    in_menus = {a.objectName() for menu in open_desk.window.menuBar().actions() for a in menu.menu().actions()}
    for row in registry.rows.values():
        assert row.id in in_menus, f"{row.id} is in no menu"
        assert callable(row.run), f"{row.id} does nothing"


def test_the_palette_finds_and_runs(open_desk):
    open_desk.do("edit.palette")
    palette = open_desk.window.findChild(CommandPalette)
    palette.set_query("grow")
    assert palette.titles()[0].startswith("Grow mask")
    palette.set_query("invert mask")
    palette.run_chosen()
    assert open_desk.studio.workspace.session.mask.all()
    assert not palette.isVisible()


@pytest.mark.parametrize(
    ("word", "title"),
    [("contrast", "Window/level"), ("rotate", "Turn nodule"), ("heatmap", "Highlight"), ("augment", "Nodule")],
)
def test_the_palette_knows_other_words(open_desk, word, title):
    open_desk.do("edit.palette")
    palette = open_desk.window.findChild(CommandPalette)
    palette.set_query(word)
    assert any(each.startswith(title) for each in palette.titles()[:10])
    palette.hide()


def test_a_dragged_window_is_called_custom(open_desk):
    panel = open_desk.view(DisplayPanel)
    open_desk.drag((100.0, 80.0), (100.0, 150.0), button=Qt.MouseButton.RightButton)
    chooser = panel.findChild(QComboBox)
    assert chooser.currentIndex() == -1
    assert chooser.placeholderText() == "Custom"


def test_commands_that_need_an_image_wait_for_one(desk):
    assert not desk.window.registry.action("edit.clear").isEnabled()
    assert "Open a radiograph first" in desk.window.registry.action("edit.clear").toolTip()


def test_both_themes_draw(open_desk):
    open_desk.do("view.theme")
    light = open_desk.window.grab().toImage()
    open_desk.do("view.theme")
    dark = open_desk.window.grab().toImage()
    corner = light.width() - 6, light.height() - 60
    assert light.pixelColor(*corner).lightness() > 180 > 80 > dark.pixelColor(*corner).lightness()


def test_the_swipe_line_shows_the_original_on_its_left(open_desk):
    open_desk.do("view.swipe")
    scene = open_desk.window.grid.scene
    assert scene.swipe == 0.5
    middle = open_desk.canvas.rect().center()
    open_desk.mouse(QEvent.Type.MouseButtonPress, middle)
    open_desk.mouse(QEvent.Type.MouseMove, middle + open_desk.canvas.rect().bottomRight() / 5)
    open_desk.mouse(QEvent.Type.MouseButtonRelease, middle)
    assert scene.swipe > 0.6
    assert not open_desk.studio.workspace.session.mask.any()


def test_the_choosers_above_the_panes_change_the_difference(open_desk):
    scene = open_desk.window.grid.scene
    open_desk.view(ModeChooser).chosen.emit("absolute")
    open_desk.view(GainChooser).chosen.emit(8.0)
    assert (scene.difference_style.mode, scene.difference_style.gain) == ("absolute", 8.0)
    assert open_desk.window.registry.action("view.absolute").isChecked()
    open_desk.do("view.less-gain")
    assert open_desk.view(GainChooser).currentText() == "× 4"


@pytest.mark.parametrize("steps", [("turn-right",), ("mirror",), ("turn-right", "flip"), ("turn-left", "mirror")])
def test_in_a_turned_view_a_stroke_paints_what_is_under_it(open_desk, steps):
    stored = open_desk.studio.workspace.session.radiograph.stored.copy()
    for step in steps:
        open_desk.do(f"view.{step}")
    open_desk.drag((100.0, 80.0), (140.0, 90.0))
    mask = open_desk.studio.workspace.session.mask
    ys, xs = mask.nonzero()
    assert (ys.min(), ys.max(), xs.min(), xs.max()) == pytest.approx((80, 160, 60, 110), abs=3)
    assert (open_desk.studio.workspace.session.radiograph.stored == stored).all()
    open_desk.do("view.upright")
    assert open_desk.window.grid.scene.view.turn.words == ""
