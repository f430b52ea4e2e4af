"""The slim bar of tools on the left: one column, or as many as a low window needs to show every tool."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QFrame, QToolButton, QWidget

from cxr_studio.ui.shell.registry import ActionRegistry

GROUPS: tuple[tuple[str, ...], ...] = (
    ("brush", "eraser"),
    ("polygon", "lasso", "rectangle", "ellipse"),
    ("flood", "stamp"),
    ("nodule",),
    ("select", "window", "pan", "zoom"),
    ("ruler", "angle", "oval-region", "box-region"),
)
"""Tools by kinship, with a line between."""

EDITING = ("edit.undo", "edit.redo", "edit.remove")
ICON = QSize(20, 20)
SIDE, LINE, MARGIN = 29, 8, 3
"""Logical pixels of a button, of a line with its surroundings, and around all of them."""
LEAST_ROWS = 8
"""Buttons that a column holds at least."""


class ToolBar(QWidget):
    """Icons alone; the tip says name, shortcut and use."""

    def __init__(self, registry: ActionRegistry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tool-bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._registry = registry
        self._groups: list[list[QToolButton]] = []
        self._lines: list[QFrame] = []
        self.setFixedWidth(SIDE + 2 * MARGIN)
        self.setMinimumHeight(LEAST_ROWS * SIDE + 2 * MARGIN)

    @property
    def buttons(self) -> list[QToolButton]:
        """All buttons, from the top."""
        return [button for group in self._groups for button in group]

    def build(self) -> None:
        """Take the tools' actions, once they are declared."""
        chosen = QActionGroup(self)
        for names in (*(tuple(f"tool.{name}" for name in group) for group in GROUPS), EDITING):
            self._groups.append([self._button(name) for name in names])
            self._lines.append(_line(self))
        for group in self._groups[:-1]:
            for button in group:
                chosen.addAction(button.defaultAction())
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another height may need another number of columns."""
        super().resizeEvent(event)
        self._arrange()

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(self._registry.action(name))
        button.setIconSize(ICON)
        button.setAccessibleName(self._registry.rows[name].title)
        return button

    def _arrange(self) -> None:
        places = list(columns([len(group) for group in self._groups], self.height()))
        buttons = iter(self.buttons)
        for line in self._lines:
            line.hide()
        across = 0
        for column, top, group in places:
            left = MARGIN + column * SIDE
            across = max(across, column + 1)
            if group is None:
                next(buttons).setGeometry(QRect(left, top, SIDE, SIDE))
            else:
                self._lines[group].setGeometry(QRect(left + 6, top + LINE // 2, SIDE - 12, 1))
                self._lines[group].show()
        self.setFixedWidth(max(1, across) * SIDE + 2 * MARGIN)


def columns(groups: list[int], height: int) -> Iterator[tuple[int, int, int | None]]:
    """Where every button and line goes in columns of this height.

    Args:
        groups: Buttons in each group.
        height: Logical pixels.

    Yields:
        Column, top in logical pixels, and None for a button or the number of the group that a line stands before.
    """
    column, top = 0, MARGIN
    for number, count in enumerate(groups):
        if number and top > MARGIN and top + LINE + SIDE <= height - MARGIN:
            yield column, top, number
            top += LINE
        for _ in range(count):
            if top + SIDE > height - MARGIN and top > MARGIN:
                column, top = column + 1, MARGIN
            yield column, top, None
            top += SIDE


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setObjectName("tool-line")
    line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return line
