"""The settings, a field for every row of the table, made from its type, range and words."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

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

from cxr_studio.settings import HIDDEN, Settings


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
        for name, row in Settings.model_fields.items():
            if name not in HIDDEN:
                widget = self._fields[name] = _field(row.annotation, getattr(settings, name), row.metadata)
                widget.setToolTip(row.description or "")
                form.addRow(row.description or name, widget)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    @property
    def chosen(self) -> Settings:
        """The settings as the fields show them."""
        values = {name: _value(widget) for name, widget in self._fields.items()}
        return self._settings.model_copy(update=values)


def _field(kind: Any, value: Any, limits: list[Any]) -> QWidget:
    if get_origin(kind) is Literal:
        combo = QComboBox()
        for choice in get_args(kind):
            combo.addItem(str(choice).capitalize(), choice)
        combo.setCurrentIndex(combo.findData(value))
        return combo
    if kind is bool:
        box = QCheckBox()
        box.setChecked(value)
        return box
    spin = QSpinBox() if kind is int else QDoubleSpinBox()
    spin.setRange(_limit(limits, "ge", 0), _limit(limits, "le", 1000))
    if isinstance(spin, QDoubleSpinBox):
        spin.setSingleStep(0.05 if spin.maximum() <= 1 else 1.0)
    spin.setValue(value)
    return spin


def _limit(limits: list[Any], name: str, default: float) -> Any:
    return next((getattr(limit, name) for limit in limits if hasattr(limit, name)), default)


def _value(widget: QWidget) -> Any:
    if isinstance(widget, QComboBox):
        return widget.currentData()
    if isinstance(widget, QCheckBox):
        return widget.isChecked()
    return widget.value() if isinstance(widget, QSpinBox | QDoubleSpinBox) else None
