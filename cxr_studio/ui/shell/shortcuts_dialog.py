"""All shortcuts: searchable, editable, a clash told in a sentence."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cxr_studio.ui.shell.menus import MENUS, MenuTable
from cxr_studio.ui.shell.registry import ActionRegistry
from cxr_studio.ui.tools.schemes import DESCRIPTIONS


class ShortcutsDialog(QDialog):
    """A table of commands; the chosen one's keys are edited below it.

    Args:
        registry: The window's commands.
        parent: The window.
        menus: The window's menus.
        mouse: What the mouse does.
    """

    def __init__(
        self,
        registry: ActionRegistry,
        parent: QWidget | None = None,
        *,
        menus: MenuTable = MENUS,
        mouse: str = "\n".join(DESCRIPTIONS.values()),
    ) -> None:
        super().__init__(parent)
        self._menus = menus
        self.setWindowTitle("Shortcuts")
        self.resize(640, 560)
        self._registry = registry
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search by name or key")
        self._table = QTableWidget(0, 3)
        self._table.setHorizontalHeaderLabels(["Command", "Menu", "Shortcut"])
        self._table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._table.verticalHeader().hide()
        self._table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self._table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self._table.setShowGrid(False)
        self._edit = QKeySequenceEdit()
        self._edit.setMaximumSequenceLength(1)
        self._edit.setToolTip("Press a new shortcut for the selected command")
        self._note = QLabel(mouse)
        self._note.setProperty("quiet", True)
        self._note.setWordWrap(True)
        self._lay_out()
        self._search.textChanged.connect(self.fill)
        self._table.itemSelectionChanged.connect(self._show_chosen)
        self.fill("")

    def fill(self, query: str) -> None:
        """Show the commands that a query fits."""
        words = query.lower()
        every = self._registry.rows.values()
        rows = [c for c in every if words in c.title.lower() or words in " ".join(self._registry.keys(c.id)).lower()]
        self._table.setRowCount(len(rows))
        for row, command in enumerate(rows):
            keys = ", ".join(_native(key) for key in self._registry.keys(command.id))
            for column, text in enumerate((command.title, self._menus[command.menu][0].replace("&", ""), keys)):
                item = QTableWidgetItem(text)
                item.setData(Qt.ItemDataRole.UserRole, command.id)
                item.setToolTip(command.tip)
                self._table.setItem(row, column, item)

    @property
    def note(self) -> str:
        """The sentence below the table."""
        return self._note.text()

    def choose(self, name: str) -> None:
        """Choose a command's row, whatever modifier is held: with Ctrl, selectRow would take a chosen one back."""
        how = QItemSelectionModel.SelectionFlag
        for row in range(self._table.rowCount()):
            item = self._table.item(row, 0)
            if item is not None and item.data(Qt.ItemDataRole.UserRole) == name:
                self._table.setCurrentCell(row, 0, how.ClearAndSelect | how.Rows)

    def set_key(self, key: str) -> bool:
        """Give the chosen command a shortcut; a clash is refused with a sentence."""
        name = self._chosen()
        if name is None:
            return False
        other = self._registry.clash(name, key) if key else None
        if other is not None:
            self._note.setText(f"{_native(key)} belongs to “{other.title}”; change that one first.")
            return False
        self._registry.set_keys(name, (key,) if key else ())
        self._refresh(name, "Changed.")
        return True

    def _refresh(self, name: str | None, words: str) -> None:
        self.fill(self._search.text())
        if name is not None:
            self.choose(name)
        self._note.setText(words)

    def _chosen(self) -> str | None:
        rows = self._table.selectedItems()
        return str(rows[0].data(Qt.ItemDataRole.UserRole)) if rows else None

    def _show_chosen(self) -> None:
        name = self._chosen()
        keys = self._registry.keys(name) if name else ()
        self._edit.setKeySequence(QKeySequence(keys[0] if keys else ""))

    def _lay_out(self) -> None:
        take = QPushButton("Set")
        take.setToolTip("Assign this shortcut to the selected command")
        take.clicked.connect(lambda: self.set_key(self._edit.keySequence().toString()))
        own = QPushButton("Default")
        own.setToolTip("Restore the selected command's default shortcut")
        own.clicked.connect(self._reset_chosen)
        every = QPushButton("All defaults")
        every.setToolTip("Restore all default shortcuts")
        every.clicked.connect(self._reset_all)
        row = QHBoxLayout()
        row.addWidget(self._edit, 1)
        for button in (take, own, every):
            button.setAutoDefault(False)
            row.addWidget(button)
        column = QVBoxLayout(self)
        for widget in (self._search, self._table):
            column.addWidget(widget)
        column.addLayout(row)
        column.addWidget(self._note)

    def _reset_all(self) -> None:
        self._registry.reset_keys()
        self._refresh(None, "All shortcuts are the defaults.")

    def _reset_chosen(self) -> None:
        name = self._chosen()
        if name is not None:
            self._registry.set_keys(name, None)
            self._refresh(name, "Default restored.")


def _native(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
