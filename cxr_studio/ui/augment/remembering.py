"""What the form shows as plain values, kept from one set to the next: all but folders and seed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QAbstractButton, QComboBox, QDoubleSpinBox, QSpinBox

from cxr_studio.networks.checkpoint import is_checkpoint_name
from cxr_studio.ui.augment.attribute_field import AttributeField
from cxr_studio.ui.augment.form import AugmentForm

Field = QAbstractButton | QComboBox | QSpinBox | QDoubleSpinBox | AttributeField


def remembered(form: AugmentForm) -> dict[str, Any]:
    """What is shown, as JSON values."""
    values = {name: _value(field) for name, field in _fields(form).items()}
    asked = form.selection.options
    return {**values, "selection": {**asked, "band": list(asked["band"])}}


def show_remembered(form: AugmentForm, values: Mapping[str, Any]) -> None:
    """Show it again; a value that does not fit any more is passed over."""
    for name, field in _fields(form).items():
        if type(values.get(name)) is type(_value(field)):
            _show(field, values[name])
    selection = values.get("selection")
    try:
        select, (low, high), count = (selection[key] for key in ("select", "band", "candidates"))  # type: ignore[index]
        if form.selection.detector.findData(select) >= 0 or is_checkpoint_name(select):
            form.selection.set_options(select, (float(low), float(high)), int(count))
    except (KeyError, TypeError, ValueError):
        return


def _fields(form: AugmentForm) -> dict[str, Field]:
    names = ("count", "sizes", "generator", "ending", "spacing", "audit")
    # of two numbers the larger comes first, as each takes the other along
    spans = ("most", "fewest", "high", "low", "strong", "faint")
    own: dict[str, Field] = {name: getattr(form, name) for name in (*names, *spans)}
    labels = {f"label {name}": box for name, box in form.labels.items()}
    return {**own, **form.attributes, **labels}


def _value(field: Field) -> object:
    if isinstance(field, AttributeField):
        return field.text
    if isinstance(field, QAbstractButton):
        return field.isChecked()
    return field.currentText() if isinstance(field, QComboBox) else field.value()


def _show(field: Field, value: Any) -> None:
    if isinstance(field, AttributeField):
        field.set_text(value)
    elif isinstance(field, QAbstractButton):
        field.setChecked(value)
    elif isinstance(field, QComboBox):
        field.setCurrentIndex(max(0, field.findText(value)))
    else:
        field.setValue(value)
