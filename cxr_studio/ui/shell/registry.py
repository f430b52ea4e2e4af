"""The commands as Qt actions: connecting, enabling with a reason, schemes and the user's own shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence

from cxr_studio.ui.shell.action import Command
from cxr_studio.ui.shell.table import COMMANDS, HELD
from cxr_studio.ui.theme.icons import icon

Keys = tuple[str, ...]


class CommandRegistry(QObject):
    """Holds one action a command.

    Signals:
        shortcuts_changed: The user's shortcuts or the scheme changed.

    Args:
        overrides: The user's own shortcuts by command id.
        scheme: "reading" or "painting".
        commands: The window's table.
        parent: Usually the window, to which the actions are added.
    """

    shortcuts_changed = Signal()

    def __init__(
        self,
        overrides: dict[str, list[str]] | None = None,
        *,
        scheme: str = "painting",
        commands: Sequence[Command] = COMMANDS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.scheme = scheme
        self.overrides: dict[str, Keys] = {k: tuple(v) for k, v in (overrides or {}).items()}
        self.commands: dict[str, Command] = {command.id: command for command in commands}
        self._connected: set[str] = set()
        self._actions = {command.id: self._make(command) for command in commands}
        self._apply_keys()

    def action(self, name: str) -> QAction:
        """The action of a command."""
        return self._actions[name]

    def actions(self, category: str) -> list[QAction]:
        """Actions of a category in the table's order."""
        return [self._actions[c.id] for c in self.commands.values() if c.category == category]

    def connect_to(self, name: str, slot: Callable[..., object]) -> None:
        """Call ``slot()`` when a command is triggered; ``slot(checked)`` for a checkable one."""
        action = self._actions[name]
        self._connected.add(name)
        if self.commands[name].checkable:
            action.triggered.connect(lambda checked=False: slot(checked))
        else:
            action.triggered.connect(lambda _checked=False: slot())

    def connected(self, name: str) -> bool:
        """Whether triggering a command does something."""
        return name in self._connected

    def set_enabled(self, names: Iterable[str], enabled: bool, *, why: str = "") -> None:
        """Enable or disable commands; a disabled one's tip says why."""
        for name in names:
            self._actions[name].setEnabled(enabled)
            self._describe(name, "" if enabled else why)

    def set_checked(self, name: str, checked: bool) -> None:
        """Show a checkable command as on or off, without triggering it."""
        self._actions[name].setChecked(checked)

    def keys(self, name: str) -> Keys:
        """Shortcuts in force."""
        return self.overrides.get(name, self.commands[name].default_keys(self.scheme))

    def set_keys(self, name: str, keys: Keys | None) -> None:
        """Give a command other shortcuts, or (None) its own ones back."""
        if keys is None or keys == self.commands[name].default_keys(self.scheme):
            self.overrides.pop(name, None)
        else:
            self.overrides[name] = keys
        self._apply_keys()
        self.shortcuts_changed.emit()

    def reset_keys(self) -> None:
        """Give every command its own shortcuts back."""
        self.overrides.clear()
        self._apply_keys()
        self.shortcuts_changed.emit()

    def clash(self, name: str, key: str) -> Command | None:
        """The other command that has this shortcut already, or None."""
        wanted = QKeySequence(key)
        others = (c for c in self.commands.values() if c.id != name)
        return next((c for c in others if any(QKeySequence(k) == wanted for k in self.keys(c.id))), None)

    def _make(self, command: Command) -> QAction:
        action = QAction(command.title, self.parent() or self)
        if command.icon:
            action.setIcon(icon(command.icon))
        action.setCheckable(command.checkable)
        action.setObjectName(command.id)
        return action

    def _apply_keys(self) -> None:
        for name, action in self._actions.items():
            keys = self.keys(name)
            action.setShortcuts([] if name in HELD else [QKeySequence(key) for key in keys])
            self._describe(name, "")

    def _describe(self, name: str, why: str) -> None:
        command, keys = self.commands[name], self.keys(name)
        shown = f" ({QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText)})" if keys else ""
        if name in HELD:
            self._actions[name].setText(f"{command.title}\t{shown.strip(' ()')}")
        tip = f"{command.title}{shown}\n{command.tip}" + (f"\n{why}" if why else "")
        self._actions[name].setToolTip(tip)
        self._actions[name].setStatusTip(command.tip)
