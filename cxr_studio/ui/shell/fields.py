"""Fields of forms: numbers, two numbers in order, parts in a row."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QSpinBox, QWidget

Number = QSpinBox | QDoubleSpinBox


def whole(low: int, high: int, value: int, suffix: str = "") -> QSpinBox:
    """A field of a whole number."""
    field = QSpinBox()
    field.setRange(low, high)
    field.setValue(value)
    field.setSuffix(suffix)
    return field


def number(limits: tuple[float, float], value: float, *, step: float = 1.0, decimals: int = 1) -> QDoubleSpinBox:
    """A field of a number."""
    field = QDoubleSpinBox()
    field.setDecimals(decimals)
    field.setRange(*limits)
    field.setSingleStep(step)
    field.setValue(value)
    return field


def set_span(low: Number, high: Number, values: Sequence[float]) -> None:
    """Show two numbers, the larger first, as each takes the other along."""
    if len(values) == 2:
        for field, value in ((high, values[1]), (low, values[0]), (high, values[1])):
            if isinstance(field, QSpinBox):
                field.setValue(int(value))
            else:
                field.setValue(value)


def in_order(low: Number, high: Number) -> None:
    """Of two numbers the smaller stays the first: each takes the other along."""
    low.valueChanged.connect(lambda value: high.setValue(max(value, high.value())))
    high.valueChanged.connect(lambda value: low.setValue(min(value, low.value())))


def span(low: QWidget, high: QWidget) -> QWidget:
    """Two fields with "to" between them."""
    return in_row(low, QLabel("to"), high)


def in_row(*parts: QWidget) -> QWidget:
    """Widgets side by side, at the left."""
    every = QWidget()
    row = QHBoxLayout(every)
    row.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return every
