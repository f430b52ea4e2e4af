"""The menu bar: menus and their groups in order, filled with the actions that the features declare."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from cxr_studio.ui.shell.registry import ActionRegistry

MenuTable = Mapping[str, tuple[str, tuple[str, ...]]]
"""Menu by name: its title, and its groups in order; a group that is not named comes last."""

MENUS: MenuTable = {
    "file": ("&File", ("open", "save", "header", "walk", "close", "leave")),
    "edit": ("&Edit", ("history", "edits", "mask", "mask file", "program")),
    "tool": ("&Tools", ("mask", "view", "measure", "size", "mouse")),
    "nodule": ("&Nodule", ()),
    "measure": ("&Measure", ("history", "delete")),
    "view": ("&View", ("zoom", "turn", "window", "show", "layout", "panes", "difference", "compare", "program")),
    "inpaint": ("&Inpaint", ("run", "keep", "next", "surround", "cancel")),
    "highlight": ("Hi&ghlight", ("search", "show", "spots", "adjust", "result")),
    "detect": ("&Detector", ("run", "show", "missed")),
    "help": ("&Help", ()),
}
"""The main window's menus in the bar's order."""


class Menus:
    """Fills a menu bar.

    Args:
        bar: Of the window.
        registry: Its actions.
        table: Menus and groups.
    """

    def __init__(self, bar: QMenuBar, registry: ActionRegistry, table: MenuTable = MENUS) -> None:
        self._registry = registry
        self._table = table
        self._submenus: dict[tuple[str, str], list[QMenu]] = {}
        self._menus: dict[str, QMenu] = {}
        for name, (title, _) in table.items():
            self._menus[name] = bar.addMenu(title)
            self._menus[name].setToolTipsVisible(True)

    def menu(self, name: str) -> QMenu:
        """One of the menus."""
        return self._menus[name]

    def submenu(self, menu: str, group: str, title: str) -> QMenu:
        """A new menu at the head of a group; it appears with ``build``."""
        made = QMenu(title, self._menus[menu])
        made.setToolTipsVisible(True)
        self._submenus.setdefault((menu, group), []).append(made)
        return made

    def build(self) -> None:
        """Put every action in its menu, once all are declared."""
        for name, menu in self._menus.items():
            for number, group in enumerate(self._groups(name)):
                if number:
                    menu.addSeparator()
                for submenu in self._submenus.get((name, group), ()):
                    menu.addMenu(submenu)
                menu.addActions(self._in_group(name, group))

    def _groups(self, menu: str) -> list[str]:
        used = [group for name, group in self._submenus if name == menu]
        used += [row.group for row in self._registry.in_menu(menu)]
        known = [group for group in self._table[menu][1] if group in used]
        return list(dict.fromkeys([*known, *used]))

    def _in_group(self, menu: str, group: str) -> list[QAction]:
        return [self._registry.action(row.id) for row in self._registry.in_menu(menu) if row.group == group]
