"""A slider over real numbers with its value in words beside it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

STEPS = 200
"""Places of the slider."""

WORDS_WIDTH = 48
"""Logical pixels that hold ``30.0 %``."""


class ValueSlider(QWidget):
    """A slider between two limits.

    Signals:
        moved: (float) the user moved it.
    """

    moved = Signal(float)

    def __init__(self, tip: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limits = (0.0, 1.0)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, STEPS)
        self._slider.setSingleStep(STEPS // 50)
        self._slider.setPageStep(STEPS // 10)
        self._slider.setAccessibleName(name)
        self._slider.setToolTip(tip)
        self._words = QLabel()
        self._words.setMinimumWidth(WORDS_WIDTH)
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._slider, 1)
        row.addWidget(self._words)
        self._slider.valueChanged.connect(self._tell)

    def set_value(self, value: float, limits: tuple[float, float], *, words: str) -> None:
        """Show a value without a signal; a place that stands for it already stays where it is."""
        self._limits = limits
        low, high = limits
        with QSignalBlocker(self._slider):
            self._slider.setValue(round((value - low) / (high - low) * STEPS))
        self._words.setText(words)

    @property
    def words(self) -> str:
        """The value as shown."""
        return self._words.text()

    def _tell(self, place: int) -> None:
        low, high = self._limits
        self.moved.emit(low + place / STEPS * (high - low))
