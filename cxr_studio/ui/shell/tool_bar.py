"""The slim bar of tools on the left."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QToolBar, QWidget

from cxr_studio.ui.shell.registry import ActionRegistry

GROUPS: tuple[tuple[str, ...], ...] = (
    ("brush", "eraser"),
    ("polygon", "lasso", "rectangle", "ellipse"),
    ("flood", "stamp"),
    ("nodule",),
    ("window", "pan", "zoom"),
)
"""Tools by kinship, with a line between."""

EDITING = ("edit.undo", "edit.redo", "edit.clear")
ICON = QSize(20, 20)


class ToolBar(QToolBar):
    """Icons alone; the tip says name, shortcut and use."""

    def __init__(self, registry: ActionRegistry, parent: QWidget | None = None) -> None:
        super().__init__("Tools", parent)
        self.setObjectName("tool-bar")
        self.setOrientation(Qt.Orientation.Vertical)
        self.setMovable(False)
        self.setIconSize(ICON)
        self._registry = registry

    def build(self) -> None:
        """Take the tools' actions, once they are declared."""
        group = QActionGroup(self)
        for number, names in enumerate(GROUPS):
            if number:
                self.addSeparator()
            for name in names:
                action = self._registry.action(f"tool.{name}")
                group.addAction(action)
                self.addAction(action)
        self.addSeparator()
        for name in EDITING:
            self.addAction(self._registry.action(name))
