"""The dock on the right: sections that fold; those with decisions stay in sight, the others scroll between them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QScrollArea, QVBoxLayout, QWidget

from cxr_studio.ui.shell.section import Section

WIDTH = 288
"""Width in logical pixels that holds every row uncut at 100 to 200 %."""

TOP = ("Fill",)
"""Sections above those that scroll: accepting and rejecting are always in sight."""
ORDER = ("Nodule", "Options", "Shown mask", "Display", "Highlight", "Generator")
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
        self._scrolled = QScrollArea()
        self._scrolled.setWidgetResizable(True)
        self._scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scrolled.setMinimumSize(WIDTH, LEAST_SCROLLED)
        self._whole = QWidget()
        self.setWidget(self._whole)

    def add(self, title: str, *widgets: QWidget) -> None:
        """Take a section."""
        self._sections[title] = Section(title, *widgets)

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

    def build(self) -> None:
        """Put the sections in their places, once all have been added."""
        others = [title for title in self._sections if title not in (*TOP, *ORDER, *BOTTOM)]
        whole = QVBoxLayout(self._whole)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._scrolled.setWidget(self._column((*ORDER, *others), stretched=True))
        whole.addWidget(self._column(TOP))
        whole.addWidget(self._scrolled, 1)
        bottom = self._column(BOTTOM)
        bottom.setObjectName("strip")
        bottom.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        whole.addWidget(bottom)

    def _column(self, titles: Iterable[str], *, stretched: bool = False) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(SIDES[0], 4, SIDES[1], 8)
        column.setSpacing(6)
        for title in titles:
            if title in self._sections:
                column.addWidget(self._sections[title])
        if stretched:
            column.addStretch(1)
        return made
