"""The actions of a window as Qt actions: enabling with a reason, checking, and the user's own shortcuts."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.theme.icons import icon

Keys = tuple[str, ...]


class ActionRegistry(QObject):
    """Holds a Qt action for each row, and adds it to the window.

    Signals:
        shortcuts_changed: The user's shortcuts changed.

    Args:
        overrides: The user's own shortcuts by action id.
        window: Whose actions they are.

    Attributes:
        rows: By id, in the order in which they were added.
    """

    shortcuts_changed = Signal()

    def __init__(self, overrides: Mapping[str, list[str]], window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.overrides: dict[str, Keys] = {name: tuple(keys) for name, keys in overrides.items()}
        self.rows: dict[str, Action] = {}
        self._actions: dict[str, QAction] = {}
        self._why: dict[str, str] = {}

    def add(self, *rows: Action) -> None:
        """Take further actions; their state is right after ``review``."""
        for row in rows:
            self.rows[row.id] = row
            self._actions[row.id] = self._made(row)
            self._take_keys(row)
            self._window.addAction(self._actions[row.id])

    def action(self, name: str) -> QAction:
        """The Qt action of a row."""
        return self._actions[name]

    def in_menu(self, menu: str) -> list[Action]:
        """Rows of a menu in the order in which they were added."""
        return [row for row in self.rows.values() if row.menu == menu]

    def review(self, *names: str) -> None:
        """Look again whether actions are of use and on, and what they are called.

        Args:
            names: Ids, or menus for all of theirs; none for every action.
        """
        for row in self.rows.values():
            if not names or row.id in names or row.menu in names:
                self._review(row)

    def keys(self, name: str) -> Keys:
        """Shortcuts in force."""
        return self.overrides.get(name, self.rows[name].keys)

    def set_keys(self, name: str, keys: Keys | None) -> None:
        """Give an action other shortcuts, or (None) its own ones back."""
        if keys is None or keys == self.rows[name].keys:
            self.overrides.pop(name, None)
        else:
            self.overrides[name] = keys
        self._take_keys(self.rows[name])
        self.shortcuts_changed.emit()

    def reset_keys(self) -> None:
        """Give every action its own shortcuts back."""
        self.overrides.clear()
        for row in self.rows.values():
            self._take_keys(row)
        self.shortcuts_changed.emit()

    def clash(self, name: str, key: str) -> Action | None:
        """The other action that has this shortcut already, or None."""
        wanted = QKeySequence(key)
        others = (row for row in self.rows.values() if row.id != name)
        return next((row for row in others if any(QKeySequence(k) == wanted for k in self.keys(row.id))), None)

    def held_by(self, key: QKeySequence) -> Action | None:
        """The action that acts while this key is held."""
        held = (row for row in self.rows.values() if row.hold is not None)
        return next((row for row in held if any(QKeySequence(k) == key for k in self.keys(row.id))), None)

    def _made(self, row: Action) -> QAction:
        action = QAction(row.title, self._window)
        if row.icon:
            action.setIcon(icon(row.icon))
        action.setCheckable(row.checked is not None)
        action.setObjectName(row.id)
        action.setStatusTip(row.tip)
        action.triggered.connect(lambda on=False: self._run(row, on))
        return action

    def _run(self, row: Action, on: bool) -> None:
        if row.checked is None:
            row.run()
        else:
            row.run(on)
            self._review(row)

    def _review(self, row: Action) -> None:
        action = self._actions[row.id]
        why = row.when() if row.when is not None else ""
        if why != self._why.get(row.id, ""):
            self._why[row.id] = why
            action.setEnabled(not why)
            self._describe(row)
        if row.checked is not None:
            action.setChecked(row.checked())
        if row.words is not None:
            action.setText(row.words())

    def _take_keys(self, row: Action) -> None:
        keys = [] if row.hold is not None else [QKeySequence(key) for key in self.keys(row.id)]
        self._actions[row.id].setShortcuts(keys)
        self._describe(row)

    def _describe(self, row: Action) -> None:
        action, keys, why = self._actions[row.id], self.keys(row.id), self._why.get(row.id, "")
        shown = f" ({QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText)})" if keys else ""
        if row.hold is not None:
            action.setText(f"{row.title}\t{shown.strip(' ()')}")
        action.setToolTip(f"{row.title}{shown}\n{row.tip}" + (f"\n{why}" if why else ""))
