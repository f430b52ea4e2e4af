"""From the panes' signals to the tools, with panes that only say and remember."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, Signal

from cxr_studio.ui.display.controller import DisplayController
from cxr_studio.ui.edits.controller import EditsController
from cxr_studio.ui.measure.controller import MeasureController
from cxr_studio.ui.nodule.controller import NoduleController
from cxr_studio.ui.paint.controller import PaintingController
from cxr_studio.ui.pointing.controller import PointingController, Targets
from cxr_studio.ui.tools.pointer import Button, Modifiers, Pointer
from cxr_studio.ui.tools.schemes import Scheme


class View:
    def __init__(self) -> None:
        self.zooms, self.pans, self.crosshair = [], [], None

    def zoom_by(self, factor, *, about):
        self.zooms.append((factor, about))

    def pan_by(self, dx, dy):
        self.pans.append((dx, dy))

    def set_crosshair(self, point):
        self.crosshair = point


class Scene:
    def __init__(self) -> None:
        self.view, self.empty, self.magnified = View(), False, None

    def magnify(self, point):
        self.magnified = point


class Panes(QObject):
    """Stands in for the panes."""

    pressed = Signal(object, object)
    moved = Signal(object)
    released = Signal(object)
    doubled = Signal(object, object)
    wheeled = Signal(float, object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.scene, self.guides, self.cursor, self.space = Scene(), (), None, False

    def set_guides(self, guides):
        self.guides = guides

    def set_cursor(self, shape):
        self.cursor = shape

    def set_space_held(self, held):
        self.space = held


@pytest.fixture
def panes(qapp):
    return Panes()


@pytest.fixture
def pointing(workspace, bridge, panes, qapp):
    parent = QObject()
    nodules = NoduleController(workspace, bridge, parent)
    painting = PaintingController(workspace)
    edits = EditsController(workspace, painting.clear, parent)
    display, measures = DisplayController(workspace), MeasureController(workspace, parent)
    made = PointingController(panes, Targets(painting, display, nodules, edits, measures))
    made.bench = workspace, parent
    yield made
    made.cancel()
    nodules.close()


def at(y, x, modifiers=Modifiers.NONE):
    return Pointer((y, x), modifiers=modifiers, screen=(x, y))


def stroke(panes, *points, button=Button.LEFT):
    first, *others = [at(*point) for point in points]
    panes.pressed.emit(button, first)
    for pointer in others:
        panes.moved.emit(pointer)
    panes.released.emit(at(*points[-1]))


def mask_of(pointing) -> np.ndarray:
    return pointing.bench[0].session.mask


def test_the_left_button_paints_with_the_brush(pointing, panes):
    stroke(panes, (50.0, 40.0), (50.0, 60.0))
    assert mask_of(pointing)[50, 50]


def test_in_the_reading_scheme_it_windows(pointing, panes):
    pointing.set_scheme(Scheme.READING)
    stroke(panes, (50.0, 40.0), (50.0, 60.0))
    assert not mask_of(pointing).any()


def test_a_tool_that_is_taken_brings_the_painting_scheme(pointing, heard):
    schemes, tools = heard(), heard()
    pointing.scheme_changed.connect(lambda: schemes(pointing.toolbox.scheme))
    pointing.tool_changed.connect(tools)
    pointing.set_scheme(Scheme.READING)
    pointing.take("eraser")
    assert schemes == [Scheme.READING, Scheme.PAINTING]
    assert tools == ["eraser"]
    pointing.take("brush")
    assert len(schemes) == 2, "the scheme is the right one already"


def test_swapped_the_brush_erases(pointing, panes):
    stroke(panes, (50.0, 40.0), (50.0, 60.0))
    pointing.swap_value()
    pointing.set_radius(100.0)
    stroke(panes, (50.0, 50.0), (50.0, 51.0))
    assert not mask_of(pointing).any()


def test_the_keys_size_the_brush_or_the_nodule(pointing, heard):
    changed = heard()
    pointing.settings_changed.connect(lambda: changed(1))
    radius = pointing.toolbox.settings.radius
    pointing.resize(1)
    assert pointing.toolbox.settings.radius > radius
    pointing.choose("nodule")
    kept = pointing.toolbox.settings.radius
    pointing.resize(1)
    assert pointing.toolbox.settings.radius == kept
    assert changed


def test_the_crosshair_follows_until_it_is_switched_off(pointing, panes):
    panes.moved.emit(at(30.0, 20.0))
    assert panes.scene.view.crosshair == (30.0, 20.0)
    pointing.set_crosshair(False)
    assert panes.scene.view.crosshair is None
    panes.moved.emit(at(31.0, 21.0))
    assert panes.scene.view.crosshair is None


def test_the_pointer_gone_the_crosshair_goes(pointing, panes):
    panes.moved.emit(at(30.0, 20.0))
    panes.left.emit()
    assert panes.scene.view.crosshair is None


def test_with_nothing_open_nothing_is_painted(pointing, panes):
    panes.scene.empty = True
    stroke(panes, (50.0, 40.0), (50.0, 60.0))
    assert not mask_of(pointing).any()
    assert panes.guides == ()
    assert panes.cursor is Qt.CursorShape.ArrowCursor


def test_cancelled_a_stroke_leaves_nothing(pointing, panes):
    panes.pressed.emit(Button.LEFT, at(50.0, 40.0))
    panes.moved.emit(at(50.0, 60.0))
    assert mask_of(pointing).any()
    pointing.cancel()
    assert not mask_of(pointing).any()
    assert not pointing.bench[0].session.history.done


def test_space_reaches_the_panes(pointing, panes):
    pointing.hold_space(True)
    assert panes.space
    pointing.hold_space(False)
    assert not panes.space


def test_the_wheel_zooms_at_the_pointer(pointing, panes):
    panes.wheeled.emit(1.0, at(30.0, 20.0))
    factor, about = panes.scene.view.zooms[-1]
    assert factor > 1
    assert about == (30.0, 20.0)


def test_values_are_read_a_moment_after_the_pointer_rests(pointing, panes, qtbot, heard):
    read = heard()
    pointing._display.read_out.connect(read)
    panes.moved.emit(at(30.0, 20.0))
    qtbot.waitUntil(lambda: bool(read), timeout=5000)
    assert "x 20, y 30" in read[-1][0]


def test_the_magnifier_follows_the_pointer_while_it_is_on(pointing, panes):
    panes.moved.emit(at(12.0, 30.0))
    assert panes.scene.magnified is None
    pointing.set_magnifier(True)
    assert panes.scene.magnified == (12.0, 30.0)
    panes.left.emit()
    assert panes.scene.magnified is None
