"""How the fill is prepared and pasted: grain, grow, feather, seed."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QPushButton, QSpinBox, QWidget

from cxr_studio.restore.options import FillOptions, Grain

MAX_SEED = 2**31 - 1
MAX_FEATHER = 32
"""Image pixels."""
_GRAINS: tuple[tuple[str, Grain], ...] = (
    ("Match surroundings", "match"),
    ("Match at every scale", "spectrum"),
    ("Off (plain output)", "off"),
)


class OptionsPanel(QWidget):
    """Shows FillOptions apart from the generator, which the top bar chooses.

    Signals:
        changed: (FillOptions) the user changed one.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = FillOptions()
        self._grain = QComboBox()
        for title, key in _GRAINS:
            self._grain.addItem(title, key)
        self._grain.setToolTip("Add the noise of the surroundings to the fill, or leave it as it is")
        self._grow = _spin(16, "Dilate the mask by this many generator pixels before filling")
        self._feather = _spin(MAX_FEATHER, "Width of the blend between fill and image, inside the mask", suffix=" px")
        self._seed = _spin(MAX_SEED, "Same seed, same pixels")
        self._dice = QPushButton("New")
        self._dice.setToolTip("Take the next seed")
        self._lay_out()
        self._grain.currentIndexChanged.connect(self._emit)
        for spin in (self._grow, self._feather, self._seed):
            spin.valueChanged.connect(self._emit)
        self._dice.clicked.connect(lambda: self._seed.setValue(self._seed.value() + 1))
        self.set_options(self._options)

    def set_options(self, options: FillOptions) -> None:
        """Show these options without a signal."""
        self._options = options
        widgets = (self._grain, self._grow, self._feather, self._seed)
        for widget in widgets:
            widget.blockSignals(True)
        self._grain.setCurrentIndex(self._grain.findData(options.grain))
        self._grow.setValue(options.grow)
        self._feather.setValue(options.feather)
        self._seed.setValue(options.seed)
        for widget in widgets:
            widget.blockSignals(False)

    def _emit(self) -> None:
        self._options = replace(
            self._options,
            grain=self._grain.currentData(),
            grow=self._grow.value(),
            feather=self._feather.value(),
            seed=self._seed.value(),
        )
        self.changed.emit(self._options)

    def _lay_out(self) -> None:
        seed = QHBoxLayout()
        seed.setContentsMargins(0, 0, 0, 0)
        seed.addWidget(self._seed, 1)
        seed.addWidget(self._dice)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow("&Grain", self._grain)
        form.addRow("G&row mask", self._grow)
        form.addRow("Feat&her", self._feather)
        title = QLabel("See&d")
        title.setBuddy(self._seed)
        form.addRow(title, seed)


def _spin(top: int, tip: str, *, suffix: str = "") -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(0, top)
    spin.setToolTip(tip)
    spin.setSuffix(suffix)
    spin.setKeyboardTracking(False)
    return spin
