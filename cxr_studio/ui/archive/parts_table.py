"""What is sent or exported, to be ticked, above the fields of its dialog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFormLayout, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from cxr_studio.ui.archive.parts import Part


class PartsTable(QWidget):
    """A row a part: a tick, what is in it, and what became of it.

    Attributes:
        ticks: By the part's key.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(18)
        self._grid.setColumnStretch(1, 4)
        self._grid.setColumnStretch(2, 3)
        self.ticks: dict[str, QCheckBox] = {}
        self._outcomes: dict[str, QLabel] = {}
        self._unticked: set[str] = set()

    def set_parts(self, parts: Sequence[Part]) -> None:
        """Show other parts; what was not ticked stays so."""
        self._unticked = (self._unticked - self.ticks.keys()) | {
            key for key, tick in self.ticks.items() if tick.isEnabled() and not tick.isChecked()
        }
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()  # it stays until the event loop deletes it
                widget.deleteLater()
        self.ticks.clear()
        self._outcomes.clear()
        for row, part in enumerate(parts):
            self._add(row, part)

    def set_outcomes(self, outcomes: Mapping[str, str]) -> None:
        """Say what became of parts; nothing of those that are not named."""
        for key, label in self._outcomes.items():
            label.setText(outcomes.get(key, ""))

    @property
    def outcomes(self) -> dict[str, str]:
        """What is said of each part."""
        return {key: label.text() for key, label in self._outcomes.items()}

    @property
    def ticked(self) -> list[str]:
        """Keys of what is wanted."""
        return [key for key, tick in self.ticks.items() if tick.isChecked()]

    def _add(self, row: int, part: Part) -> None:
        tick, about, outcome = QCheckBox(part.title), QLabel(part.why or part.about), QLabel()
        tick.setChecked(not part.why and part.key not in self._unticked)
        tick.setEnabled(not part.why)
        tick.setToolTip(part.why or part.about)
        about.setProperty("quiet", True)
        for label in (about, outcome):
            label.setWordWrap(True)
        outcome.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        outcome.setAccessibleName(f"{part.title}: outcome")
        for column, widget in enumerate((tick, about, outcome)):
            self._grid.addWidget(widget, row, column)
        self.ticks[part.key], self._outcomes[part.key] = tick, outcome


def reader_field() -> QLineEdit:
    """Who the objects say accepted and measured."""
    field = QLineEdit()
    field.setPlaceholderText("Your name, where objects are to say who accepted and measured")
    return field


def parts_form(parts: PartsTable, fields: Mapping[str, QWidget]) -> QWidget:
    """The table above the fields, which stand by their titles."""
    whole, form = QWidget(), QFormLayout()
    form.setHorizontalSpacing(18)
    for title, field in fields.items():
        form.addRow(title, field)
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(14)
    column.addWidget(parts)
    column.addLayout(form)
    column.addStretch(1)
    return whole
