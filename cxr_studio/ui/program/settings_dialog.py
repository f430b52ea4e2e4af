"""The settings, a field for every row of the table, made from its type, range and words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QSpinBox,
    QWidget,
)

from cxr_studio.settings import Row, Settings, rows
from cxr_studio.ui.program.folder_field import FolderField


class SettingsDialog(QDialog):
    """Edits a copy; ``chosen`` holds it after OK."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.setMinimumWidth(440)
        self._settings = settings
        self._fields: dict[str, QWidget] = {}
        form = QFormLayout(self)
        form.setHorizontalSpacing(18)
        for name, row in rows().items():
            if row.words:
                widget = self._fields[name] = _field(row, getattr(settings, name))
                widget.setObjectName(name)
                widget.setToolTip(row.words)
                form.addRow(row.words, widget)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    @property
    def chosen(self) -> Settings:
        """The settings as the fields show them."""
        values = {name: _value(widget) for name, widget in self._fields.items()}
        return replace(self._settings, **values)


def _field(row: Row, value: Any) -> QWidget:
    if row.folder:
        return FolderField(str(value))
    if row.choices:
        combo = QComboBox()
        for choice in row.choices:
            combo.addItem(choice.capitalize(), choice)
        combo.setCurrentIndex(combo.findData(value))
        return combo
    if isinstance(value, bool):
        box = QCheckBox()
        box.setChecked(value)
        return box
    if isinstance(value, int):
        whole = QSpinBox()
        whole.setRange(int(row.low), int(row.high))
        whole.setValue(value)
        return whole
    spin = QDoubleSpinBox()
    spin.setRange(row.low, row.high)
    spin.setSingleStep(0.05 if row.high <= 1 else 1.0)
    spin.setValue(value)
    return spin


def _value(widget: QWidget) -> Any:
    if isinstance(widget, FolderField):
        return widget.folder
    if isinstance(widget, QComboBox):
        return widget.currentData()
    if isinstance(widget, QCheckBox):
        return widget.isChecked()
    return widget.value() if isinstance(widget, QSpinBox | QDoubleSpinBox) else None
