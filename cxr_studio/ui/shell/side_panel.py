"""The dock on the right: sections that fold; those with decisions stay in sight, the others scroll between them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QScrollArea, QVBoxLayout, QWidget

from cxr_studio.ui.shell.section import Section

WIDTH = 288
"""Width in logical pixels that holds every row uncut at 100 to 200 %."""

TOP = ("Fill",)
"""Sections above those that scroll: accepting and rejecting are always in sight."""
ORDER = (
    "Nodule",
    "Options",
    "Shown mask",
    "Display",
    "Highlight",
    "Detector",
    "Generator",
    "Surroundings",
    "Whole image",
)
"""Sections that scroll, from the top, what grows below what does not; one that is named nowhere comes last."""
BOTTOM = ("Edits",)
"""Sections below those that scroll: the edits and their removal are always in sight."""

LEAST_SCROLLED = 96
"""Height in logical pixels that the scrolling sections keep."""
SIDES = 12, 12
"""Margins in logical pixels at the left and the right."""


class SidePanel(QDockWidget):
    """A column of sections that features add."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Inpainting", parent)
        self.setObjectName("side-panel")
        self.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        self.setTitleBarWidget(QWidget())
        self._sections: dict[str, Section] = {}
        whole = QWidget(self)
        self._scrolled = QScrollArea(whole)
        self._scrolled.setWidgetResizable(True)
        self._scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scrolled.setMinimumSize(WIDTH, LEAST_SCROLLED)
        self._top, self._middle, self._bottom = QWidget(whole), QWidget(self._scrolled), QWidget(whole)
        self._bottom.setObjectName("strip")
        self._bottom.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._scrolled.setWidget(self._middle)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._top)
        column.addWidget(self._scrolled, 1)
        column.addWidget(self._bottom)
        self.setWidget(whole)

    def add(self, title: str, *widgets: QWidget) -> None:
        """Take a section."""
        place = self._top if title in TOP else self._bottom if title in BOTTOM else self._middle
        self._sections[title] = Section(title, *widgets, parent=place)

    def set_shown(self, title: str, shown: bool) -> None:
        """Show a section or not."""
        self._sections[title].setVisible(shown)

    def section(self, title: str) -> Section:
        """A section by its title."""
        return self._sections[title]

    @property
    def folded(self) -> list[str]:
        """Titles of the folded sections."""
        return [title for title, section in self._sections.items() if section.is_folded]

    def fold(self, titles: Iterable[str]) -> None:
        """Fold these sections and unfold the others."""
        wanted = set(titles)
        for title, section in self._sections.items():
            section.set_folded(title in wanted)

    def bring(self, title: str) -> None:
        """Unfold a section and scroll to it, once what changed in it is laid out."""
        section = self._sections[title]
        section.set_folded(False)
        QTimer.singleShot(0, self, lambda: self._scrolled.ensureWidgetVisible(section, 0, 0))

    def build(self) -> None:
        """Put the sections in their places, once all have been added."""
        others = [title for title in self._sections if title not in (*TOP, *ORDER, *BOTTOM)]
        self._fill(self._top, TOP)
        self._fill(self._middle, (*ORDER, *others)).addStretch(1)
        self._fill(self._bottom, BOTTOM)

    def _fill(self, place: QWidget, titles: Iterable[str]) -> QVBoxLayout:
        column = QVBoxLayout(place)
        column.setContentsMargins(SIDES[0], 4, SIDES[1], 8)
        column.setSpacing(6)
        for title in titles:
            if title in self._sections:
                column.addWidget(self._sections[title])
        return column
