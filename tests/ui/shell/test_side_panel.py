"""Sections fold, keep their places, and those with decisions never scroll away; the window's first size fits."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QLabel, QMainWindow, QScrollArea, QToolButton

from cxr_studio.ui.shell.main_window import WANTED, first_size
from cxr_studio.ui.shell.section import Section
from cxr_studio.ui.shell.side_panel import SidePanel


def tall(height: int) -> QLabel:
    label = QLabel("words")
    label.setFixedHeight(height)
    return label


@pytest.fixture
def window(qtbot):
    made = QMainWindow()
    qtbot.addWidget(made)
    made.side = SidePanel()
    for title, height in (("Edits", 60), ("Highlight", 900), ("Fill", 50), ("Own", 40), ("Display", 200)):
        made.side.add(title, tall(height))
    made.side.build()
    made.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, made.side)
    made.resize(700, 500)
    with qtbot.waitExposed(made):
        made.show()
    return made


def place(window, title) -> tuple[int, int]:
    section = window.side.section(title)
    top = section.mapTo(window, QPoint(0, 0)).y()
    return top, top + section.height()


def test_decisions_stay_in_sight_whatever_grows(window):
    for title in ("Fill", "Edits"):
        top, bottom = place(window, title)
        assert 0 <= top < bottom <= window.height()
    assert place(window, "Fill")[0] < place(window, "Display")[0] < place(window, "Highlight")[0]
    assert place(window, "Highlight")[1] > window.height(), "what is too tall scrolls"
    assert place(window, "Own")[0] > place(window, "Highlight")[0], "a section named nowhere comes last"


def test_folded_only_its_heading_is_left(window, qtbot, heard):
    section, said = window.side.section("Highlight"), heard()
    section.folded.connect(said)
    qtbot.mouseClick(section.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert said == [True]
    assert window.side.folded == ["Highlight"]
    assert not section.findChild(QLabel).isVisible()
    window.side.fold(["Display"])
    assert window.side.folded == ["Display"]
    assert section.findChild(QLabel).isVisible()
    assert said == [True], "set by the program it says nothing"


def test_a_section_gives_way_and_comes_back_folded_as_it_was(window):
    window.side.fold(["Display"])
    window.side.set_shown("Display", False)
    window.side.set_shown("Display", True)
    assert window.side.section("Display").is_folded
    assert window.side.section("Display").isVisible()


def test_a_heading_folds_by_key(qtbot):
    section = Section("Fill", tall(20))
    qtbot.addWidget(section)
    section.show()
    qtbot.keyClick(section.findChild(QToolButton), Qt.Key.Key_Space)
    assert section.is_folded


@pytest.mark.parametrize("screen", [QSize(1366, 768), QSize(960, 540), QSize(1280, 720)])
def test_the_first_size_fits_the_screen(screen):
    size = first_size(screen)
    assert size.width() <= screen.width()
    assert size.height() < screen.height(), "a title bar is above it"


def test_on_a_large_screen_it_is_the_wanted_one():
    assert first_size(QSize(3840, 2160)) == WANTED


def test_a_section_is_unfolded_and_scrolled_to(window, qtbot):
    window.side.fold(["Own"])
    window.side.bring("Own")
    scrolled = window.side.findChild(QScrollArea)

    def seen() -> bool:
        top = window.side.section("Own").mapTo(scrolled, QPoint(0, 0)).y()
        return top >= 0 and top + window.side.section("Own").height() <= scrolled.height()

    qtbot.waitUntil(seen)
    assert window.side.folded == []
