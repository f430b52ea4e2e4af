"""The menu bar, made from the table of commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QMenu, QMenuBar

from cxr_studio.ui.display.windowing import WindowChoice
from cxr_studio.ui.shell.registry import CommandRegistry
from cxr_studio.ui.shell.table import CATEGORIES

LINES_BEFORE = frozenset(
    {
        "file.save",
        "file.previous",
        "file.close",
        "file.study",
        "edit.clear",
        "edit.load-mask",
        "edit.palette",
        "tool.window",
        "tool.smaller",
        "tool.scheme",
        "view.invert",
        "view.crosshair",
        "view.original",
        "view.absolute",
        "view.swipe",
        "view.theme",
        "inpaint.accept",
        "inpaint.next-seed",
        "inpaint.cancel",
        "highlight.show",
        "highlight.next",
        "highlight.higher",
        "highlight.export",
    }
)
"""Commands that begin a new group in their menu."""


class Menus:
    """Fills a menu bar and keeps its changing parts: recent files and windows."""

    def __init__(self, bar: QMenuBar, registry: CommandRegistry) -> None:
        self._menus: dict[str, QMenu] = {}
        for category, title in CATEGORIES.items():
            menu = bar.addMenu(title)
            menu.setToolTipsVisible(True)
            self._menus[category] = menu
            for action in registry.actions(category):
                if action.objectName() in LINES_BEFORE:
                    menu.addSeparator()
                menu.addAction(action)
        self._recent = QMenu("Open recent", bar)
        self._recent.setToolTipsVisible(True)
        self._menus["file"].insertMenu(registry.action("file.save"), self._recent)
        self._windows = QMenu("Windows", bar)
        self._menus["view"].insertMenu(registry.action("view.invert"), self._windows)
        self.set_recent((), lambda _path: None)
        self.set_windows((), lambda _index: None)

    def add(self, category: str, menu: QMenu) -> None:
        """Add a menu at the end of another."""
        self._menus[category].addMenu(menu)

    def menu(self, category: str) -> QMenu:
        """The menu of a category."""
        return self._menus[category]

    def set_recent(self, paths: Sequence[Path], opened: Callable[[Path], None]) -> None:
        """Offer these files, newest first; those that are gone are left out when they are opened."""
        self._recent.clear()
        for number, path in enumerate(paths, 1):
            action = self._recent.addAction(f"&{number % 10}  {path.name}")
            action.setToolTip(str(path))
            action.triggered.connect(lambda _checked=False, path=path: opened(path))
        self._recent.setEnabled(bool(paths))

    def set_windows(self, choices: Sequence[WindowChoice], chosen: Callable[[int], None]) -> None:
        """Offer the windows of the radiograph."""
        self._windows.clear()
        for index, choice in enumerate(choices):
            action = self._windows.addAction(choice.title)
            action.triggered.connect(lambda _checked=False, index=index: chosen(index))
        self._windows.setEnabled(bool(choices))
