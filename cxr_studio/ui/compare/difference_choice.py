"""The choosers of the difference's mode and gain."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

GAINS = (1, 2, 4, 8, 16)
"""Offered gains; 2 is the default of the context-encoder paper's difference images."""

MODES: tuple[tuple[str, str], ...] = (("signed", "Signed"), ("absolute", "Absolute"))


class ModeChooser(QComboBox):
    """Signed or absolute.

    Signals:
        chosen: ("signed" or "absolute").
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip("Signed: red is denser, blue is lighter. Absolute: magnitude only")
        self.setAccessibleName("Mode")
        for key, title in MODES:
            self.addItem(title, key)
        self.activated.connect(lambda: self.chosen.emit(self.currentData()))

    def set_mode(self, mode: str) -> None:
        """Show the mode without a signal."""
        self.setCurrentIndex(self.findData(mode))


class GainChooser(QComboBox):
    """How many times stronger the difference is shown.

    Signals:
        chosen: (gain) 1 to 16.
    """

    chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip("Gain of the difference")
        self.setAccessibleName("Gain")
        for gain in GAINS:
            self.addItem(f"× {gain}", float(gain))
        self.activated.connect(lambda: self.chosen.emit(self.currentData()))

    def set_gain(self, gain: float) -> None:
        """Show the nearest offered gain without a signal."""
        nearest = min(GAINS, key=lambda offered: abs(offered - gain))
        self.setCurrentIndex(GAINS.index(nearest))
