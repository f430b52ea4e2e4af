"""The row of answers: pictures at the hole, differences, taking by click and by keys, and the figure."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from cxr_studio.generation.result import Patch
from cxr_studio.ui.figure.drawing import WIDTH_MM, dots
from cxr_studio.ui.figure.writing import figure_image
from cxr_studio.ui.strip.cells import Cell, around, laid
from cxr_studio.ui.strip.figure import draw_pictures, laid_out
from cxr_studio.ui.strip.picture_strip import PictureStrip


def cell(title, value, side=40):
    before = np.full((side, side), 100, np.uint8)
    after = before.copy()
    after[10:30, 10:30] = value
    return Cell(title, "12 ms", before, after)


@pytest.fixture
def strip(qtbot):
    made = PictureStrip("Answers", "A figure")
    qtbot.addWidget(made)
    made.resize(700, 200)
    made.show()
    qtbot.waitExposed(made)
    return made


def row_of(strip):
    return strip.findChild(type(strip._list), "strip-row")


def shown(strip, row):
    """The grey or colour in the middle of a small picture."""
    image = row_of(strip).item(row).icon().pixmap(104, 104).toImage().convertToFormat(QImage.Format.Format_RGB32)
    colour = image.pixelColor(image.width() // 2, image.height() // 2)
    return colour.red(), colour.green(), colour.blue()


def test_the_square_around_a_hole_stays_in_the_image():
    assert around((40, 40, 60, 60), (100, 100)) == (33, 33, 67, 67)
    assert around((0, 90, 20, 100), (100, 100)) == (0, 66, 34, 100)
    assert around((0, 0, 90, 90), (100, 60)) == (0, 0, 100, 60)


def test_patches_are_laid_where_they_lie():
    part = np.zeros((4, 4), np.uint8)
    patches = [Patch((0, 0, 4, 4), np.full((4, 4), 7, np.uint8)), Patch((50, 50, 51, 51), np.ones((1, 1), np.uint8))]
    after = laid(part, patches, (2, 3, 6, 7))
    assert after.tolist() == [[7, 0, 0, 0], [7, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert not part.any()


def test_a_click_takes_and_arrows_and_enter_take_and_accept(strip, qtbot, heard):
    taken, accepted, closed = heard(), heard(), heard()
    strip.taken.connect(taken)
    strip.accepted.connect(lambda: accepted("yes"))
    strip.closed.connect(lambda: closed("yes"))
    strip.set_cells([cell("One", 200), cell("Two", 50)], -1)
    row = row_of(strip)
    qtbot.mouseClick(row.viewport(), Qt.MouseButton.LeftButton, pos=row.visualItemRect(row.item(1)).center())
    assert taken == [1]
    strip.set_current(1)
    qtbot.keyClick(row, Qt.Key.Key_Left)
    qtbot.keyClick(row, Qt.Key.Key_Return)
    assert taken == [1, 0]
    assert not accepted
    strip.set_current(0)
    qtbot.keyClick(row, Qt.Key.Key_Return)
    assert accepted == ["yes"]
    qtbot.keyClick(row, Qt.Key.Key_Escape)
    assert closed == ["yes"]


def test_the_difference_shows_under_the_pointer_and_while_space_is_held(strip, qtbot):
    strip.set_cells([cell("One", 200), cell("Two", 50)], -1)
    row = row_of(strip)
    assert shown(strip, 0) == (200, 200, 200)
    row.itemEntered.emit(row.item(0))
    assert strip.shows_difference(0)
    red, _, blue = shown(strip, 0)
    assert red > blue + 50, "brighter is orange"
    assert shown(strip, 1) == (50, 50, 50)
    row.outside.emit()
    assert shown(strip, 0) == (200, 200, 200)
    qtbot.keyPress(row, Qt.Key.Key_Space)
    red, _, blue = shown(strip, 1)
    assert blue > red + 50, "darker is blue"
    qtbot.keyRelease(row, Qt.Key.Key_Space)
    assert shown(strip, 1) == (50, 50, 50)


def test_a_new_answer_leaves_the_keyboard_where_it_was(strip, qtbot):
    first, second = cell("One", 200), cell("Two", 50)
    strip.set_cells([first], -1)
    strip.set_cells([second, first], -1)
    assert row_of(strip).currentRow() == 1


def test_answers_drawn_again_leave_the_keyboard_where_it_was(strip, qtbot):
    strip.set_cells([cell("One", 200), cell("Two", 50)], 0)
    row_of(strip).setCurrentRow(1)
    strip.set_cells([cell("One", 20), cell("Two", 5)], 0)
    assert row_of(strip).currentRow() == 1


def test_a_figure_shows_before_every_answer_and_its_difference(qapp):
    cells = [cell(f"Generator {k}", 40 * k) for k in range(1, 7)]
    pictures, size = laid_out(cells, "Before")
    assert size.width() == dots(WIDTH_MM)
    assert [picture.title.split("\n")[0] for picture in pictures] == [
        "Before",
        *(f"Generator {k}" for k in range(1, 7)),
    ]
    assert pictures[0].differs is None
    image = figure_image(size, lambda painter: draw_pictures(painter, pictures))

    def middle(place):
        return image.pixelColor(round(place.center().x()), round(place.center().y())).red()

    assert middle(pictures[0].place) == 100
    assert [middle(picture.place) for picture in pictures[1:]] == [40, 80, 120, 160, 200, 240]
    assert middle(pictures[6].below) > middle(pictures[4].below) > 14, "the larger the difference, the brighter"
    assert all(picture.below.bottom() <= size.height() for picture in pictures)
