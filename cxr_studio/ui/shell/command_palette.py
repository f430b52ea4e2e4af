"""The command palette: type a few letters of what you want to do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.shell.registry import ActionRegistry

WIDTH, HEIGHT = 520, 380


SYNONYM = -4.0
"""Score of a command found under another word: below one whose title holds the query."""


def match_score(query: str, command: Action) -> float | None:
    """How well a command fits a query, lower is better; None when it does not.

    Letters must occur in order in the title, early and adjacent ones are better; or another word for it begins so.
    """
    words = query.lower().strip()
    known = SYNONYM if words and any(other.startswith(words) for other in command.also) else None
    scores = [
        score for score in (_letters(words, f"{command.title} {command.menu}".lower()), known) if score is not None
    ]
    return min(scores, default=None)


def _letters(words: str, title: str) -> float | None:
    place, score = -1, 0.0
    for letter in words.replace(" ", ""):
        found = title.find(letter, place + 1)
        if found < 0:
            return None
        score += 0.0 if found == place + 1 else 1.0 + 0.05 * found
        place = found
    return score - (5.0 if words and words in title else 0.0)


class CommandPalette(QDialog):
    """Search over all commands; Enter runs the chosen one."""

    def __init__(self, registry: ActionRegistry, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("palette")
        self._registry = registry
        self._recent: list[str] = []
        self._query = QLineEdit()
        self._query.setPlaceholderText("What do you want to do?")
        self._query.setAccessibleName("Search commands")
        self._list = QListWidget()
        self._list.setUniformItemSizes(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self._query)
        column.addWidget(self._list)
        self.resize(WIDTH, HEIGHT)
        self._query.textChanged.connect(self._fill)
        self._query.returnPressed.connect(self.run_chosen)
        self._list.itemClicked.connect(lambda _item: self.run_chosen())
        self._query.installEventFilter(self)

    def open_over(self, widget: QWidget) -> None:
        """Show the palette over the upper middle of a widget."""
        self._query.clear()
        self._fill("")
        corner = widget.mapToGlobal(widget.rect().topLeft())
        self.move(corner.x() + (widget.width() - self.width()) // 2, corner.y() + 60)
        self.show()
        self._query.setFocus()

    def titles(self) -> list[str]:
        """What the list shows."""
        return [self._list.item(row).text() for row in range(self._list.count())]

    def set_query(self, text: str) -> None:
        """Type into the field."""
        self._query.setText(text)

    def run_chosen(self) -> None:
        """Run the chosen command and close."""
        row = self._list.currentRow()
        self.hide()
        if row < 0:
            return
        name = self._list.item(row).data(Qt.ItemDataRole.UserRole)
        self._recent = [name, *(other for other in self._recent if other != name)][:8]
        self._registry.action(name).trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys in the field move through the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self._list.count():
                self._list.setCurrentRow((self._list.currentRow() + step) % self._list.count())
                return True
        return super().eventFilter(watched, event)

    def _fill(self, query: str) -> None:
        rows = self._registry.rows.values()
        scored = [(match_score(query, row), place, row) for place, row in enumerate(rows) if row.hold is None]
        found = [(score + self._bonus(c.id), place, c) for score, place, c in scored if score is not None]
        self._list.clear()
        for _, _, command in sorted(found, key=lambda entry: entry[:2]):
            self._list.addItem(self._item(command))
        if found:
            self._list.setCurrentRow(0)
        else:
            nothing = QListWidgetItem(f"Nothing fits “{query.strip()}”. Try another word for it.")
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(nothing)

    def _bonus(self, name: str) -> float:
        return -3.0 + 0.1 * self._recent.index(name) if name in self._recent else 0.0

    def _item(self, command: Action) -> QListWidgetItem:
        action, keys = self._registry.action(command.id), self._registry.keys(command.id)
        shown = QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        item = QListWidgetItem(action.icon(), f"{command.title}    {shown}".rstrip())
        item.setData(Qt.ItemDataRole.UserRole, command.id)
        item.setToolTip(command.tip)
        if not action.isEnabled():
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
        return item
