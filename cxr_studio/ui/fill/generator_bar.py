"""The bar above the panes: which generator, live or not, run now, and the difference gain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy, QToolBar, QWidget

GAINS = (1, 2, 4, 8, 16)
"""Offered gains; 2 is the default of the context-encoder paper's difference images."""

MODES: tuple[tuple[str, str], ...] = (("signed", "Signed"), ("absolute", "Absolute"))


@dataclass(frozen=True)
class GeneratorChoice:
    """One line of the chooser: registry name, title and a line of facts for the tool tip."""

    name: str
    title: str
    tip: str


class GeneratorBar(QToolBar):
    """Generator chooser and comparison settings.

    Signals:
        chosen: (name) another generator was chosen.
        gained: (gain) another difference gain, 1-16.
        moded: ("signed" or "absolute") another difference mode.
    """

    chosen = Signal(str)
    gained = Signal(float)
    moded = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Generator", parent)
        self.setObjectName("generator-bar")
        self.setMovable(False)
        self._generators = _combo("Generator that fills the mask", "Generator")
        self._generators.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._modes = _combo("Signed: red is denser, blue is lighter. Absolute: how much, not which way", "Mode")
        for key, title in MODES:
            self._modes.addItem(title, key)
        self._gains = _combo("The difference is shown so many times stronger", "Gain")
        for gain in GAINS:
            self._gains.addItem(f"× {gain}", float(gain))
        self._generators.activated.connect(lambda: self.chosen.emit(self._generators.currentData()))
        self._modes.activated.connect(lambda: self.moded.emit(self._modes.currentData()))
        self._gains.activated.connect(lambda: self.gained.emit(self._gains.currentData()))
        self.set_difference("signed", 2.0)

    def fill(self, before: Sequence[QWidget], after: Sequence[QWidget]) -> None:
        """Put other widgets (buttons of actions) before and after the comparison settings."""
        self.addWidget(_label("Generator"))
        self.addWidget(self._generators)
        for widget in before:
            self.addWidget(widget)
        self.addWidget(_gap())
        self.addWidget(_label("Difference"))
        self.addWidget(self._modes)
        self.addWidget(self._gains)
        for widget in after:
            self.addWidget(widget)

    def set_generators(self, choices: Sequence[GeneratorChoice], current: str) -> None:
        """Show these generators without a signal."""
        with QSignalBlocker(self._generators):
            self._generators.clear()
            for choice in choices:
                self._generators.addItem(choice.title, choice.name)
                self._generators.setItemData(self._generators.count() - 1, choice.tip, Qt.ItemDataRole.ToolTipRole)
        self.set_generator(current)

    def set_generator(self, name: str) -> None:
        """Show this one as chosen, without a signal."""
        with QSignalBlocker(self._generators):
            self._generators.setCurrentIndex(self._generators.findData(name))

    def set_difference(self, mode: str, gain: float) -> None:
        """Show the mode and the nearest offered gain, without a signal."""
        self._modes.setCurrentIndex(self._modes.findData(mode))
        nearest = min(GAINS, key=lambda offered: abs(offered - gain))
        self._gains.setCurrentIndex(GAINS.index(nearest))


def _combo(tip: str, name: str) -> QComboBox:
    combo = QComboBox()
    combo.setToolTip(tip)
    combo.setAccessibleName(name)
    return combo


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("quiet", True)
    label.setContentsMargins(8, 0, 6, 0)
    return label


def _gap() -> QWidget:
    gap = QWidget()
    gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return gap
