"""The dock on the right: sections one under the other, in the order in which they are used."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QScrollArea, QVBoxLayout, QWidget

WIDTH = 288
"""Width in logical pixels that holds every row uncut at 100 to 200 %."""

ORDER = ("Nodule", "Fill", "Highlight", "Edits", "Options", "Shown mask", "Display", "Generator")
"""Titles of the sections from the top; one that is not named comes last."""


class SidePanel(QDockWidget):
    """A column of sections that features add."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Inpainting", parent)
        self.setObjectName("side-panel")
        self.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        self.setTitleBarWidget(QWidget())
        self._sections: dict[str, tuple[QWidget, ...]] = {}
        self._body = QWidget()
        area = QScrollArea()
        area.setWidget(self._body)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumWidth(WIDTH)
        self.setWidget(area)

    def add(self, title: str, *widgets: QWidget) -> None:
        """Take a section."""
        self._sections[title] = (_heading(title), *widgets)

    def set_shown(self, title: str, shown: bool) -> None:
        """Show a section or not."""
        for widget in self._sections[title]:
            widget.setVisible(shown)

    def build(self) -> None:
        """Put the sections in their order, once all have been added."""
        column = QVBoxLayout(self._body)
        column.setContentsMargins(12, 6, 12, 10)
        column.setSpacing(6)
        for title in sorted(self._sections, key=lambda each: ORDER.index(each) if each in ORDER else len(ORDER)):
            for widget in self._sections[title]:
                column.addWidget(widget)
        column.addStretch(1)


def _heading(title: str) -> QLabel:
    label = QLabel(title)
    label.setProperty("section", True)
    label.setIndent(0)
    return label
