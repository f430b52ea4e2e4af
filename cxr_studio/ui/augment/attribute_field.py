"""One attribute of nodules by name: a value, several with shares, or a table of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from cxr_studio.errors import ReadError, StudioError
from cxr_studio.nodules.choices import ANY, Choices, as_text

TABLE = "From a table…"
FILTERS = "Tables (*.csv);;All files (*)"
FILE = "file:"
LETTERS = 24
"""Width of a field, in letters."""


class AttributeField(QWidget):
    """A line to choose or write into, and below it what is wrong with it.

    Signals:
        changed: Something else is asked for.

    Args:
        name: Of the attribute and of a table's column: "margin".
        read: Understands what is written, as the command line does.
        values: Offered values → words on each, "" for none.
        example: Several values with shares.
    """

    changed = Signal()

    def __init__(
        self,
        name: str,
        read: Callable[[str], Choices],
        *,
        values: Mapping[str, str],
        example: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._read, self._example = name, read, example
        self._before = ANY
        self.line = QComboBox()
        written = QLineEdit()
        self.line.setLineEdit(written)
        self.line.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.line.setCompleter(None)  # type: ignore[arg-type]
        self.line.setMinimumContentsLength(LETTERS)
        self.line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for value, words in {ANY: "Whatever comes", **values, example: "Shares"}.items():
            self.line.addItem(value)
            self.line.setItemData(self.line.count() - 1, words, Qt.ItemDataRole.ToolTipRole)
        self.line.addItem(TABLE)
        several = f"several with shares ({example})"
        table = f"a CSV with a column {name}, whose rows are drawn alike"
        self.line.setToolTip(f"{name.capitalize()} of the nodules: one value, {several},\nor {table}")
        self.line.setAccessibleName(name.capitalize())
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setProperty("fault", True)
        self.words.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.line)
        column.addWidget(self.words)
        self.setFocusProxy(self.line)
        self.line.activated.connect(self._chosen)
        self.line.editTextChanged.connect(self._edited)
        written.editingFinished.connect(self.is_understood)

    @property
    def text(self) -> str:
        """What is asked for, as ``read`` understands it."""
        return self.line.currentText().strip() or ANY

    def set_text(self, text: str) -> None:
        """Ask for something else."""
        self._before = text or ANY
        self.line.setEditText(self._before)
        self.is_understood()

    def set_choices(self, choices: Choices) -> None:
        """Ask for what a plan holds."""
        self.set_text(as_text(choices))

    @property
    def leaves_open(self) -> bool:
        """Whether some nodules may have any value; True where it is not understood."""
        try:
            return ANY in self._read(self.text).values
        except StudioError:
            return True

    def is_understood(self) -> bool:
        """Whether it can be drawn from; if not, why is said below it."""
        fault = self._fault()
        self.words.setText(fault)
        self.words.setVisible(bool(fault))
        return not fault

    def _fault(self) -> str:
        try:
            self._read(self.text)
        except ReadError as fault:
            return str(fault)
        except StudioError as fault:
            what = fault.what[:1].upper() + fault.what[1:]
            return f"{what}. Choose from the list, or write shares like {self._example}."
        return ""

    def _edited(self, text: str) -> None:
        if text != TABLE:
            self._before = text
            self.words.hide()
            self.changed.emit()

    def _chosen(self, row: int) -> None:
        if self.line.itemText(row) == TABLE:
            before = self._before
            with QSignalBlocker(self.line):
                self.line.setEditText(before)
            folder = str(Path(before.removeprefix(FILE)).parent) if before.startswith(FILE) else ""
            title = f"Choose a table with a column {self._name}"
            path, _ = QFileDialog.getOpenFileName(self, title, folder, FILTERS)
            if path:
                self.line.setEditText(f"{FILE}{path}")
        self.is_understood()
