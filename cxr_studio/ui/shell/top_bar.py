"""The bar above the panes: a place for each feature's choices, and buttons of actions."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolBar, QToolButton, QWidget

from cxr_studio.ui.shell.registry import ActionRegistry

LEFT = ("inpaint.live", "inpaint.run")
"""Buttons after the choices at the left; the first one with its words."""
RIGHT = ("view.swipe", "view.crosshair", "view.invert", "view.fit")
"""Buttons after the choices at the right."""


ICON = QSize(20, 20)


class TopBar(QToolBar):
    """Choices and buttons at the left and at the right.

    Args:
        registry: The window's actions.
        parent: The window.
    """

    def __init__(self, registry: ActionRegistry, parent: QWidget | None = None) -> None:
        super().__init__("Generator", parent)
        self.setObjectName("generator-bar")
        self.setMovable(False)
        self.setIconSize(ICON)
        self._registry = registry
        self._left: list[QWidget] = []
        self._right: list[QWidget] = []

    def add_left(self, title: str, *widgets: QWidget) -> None:
        """Put choices at the left."""
        self._left += [_label(title), *widgets]

    def add_right(self, title: str, *widgets: QWidget) -> None:
        """Put choices at the right."""
        self._right += [_label(title), *widgets]

    def build(self) -> None:
        """Put everything in its place, once all of it has been added."""
        first, *others = LEFT
        buttons = [self._button(first, words=True), *(self._button(name) for name in others)]
        row = [*self._left, *buttons, _gap(), *self._right, *(self._button(name) for name in RIGHT)]
        for widget in row:
            self.addWidget(widget)

    def _button(self, name: str, *, words: bool = False) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self._registry.action(name))
        if words:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("quiet", True)
    label.setContentsMargins(8, 0, 6, 0)
    return label


def _gap() -> QWidget:
    gap = QWidget()
    gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return gap
