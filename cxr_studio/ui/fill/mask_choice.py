"""Which of the three masks the overlay shows."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

MASKS = (
    ("painted", "Painted", "The mask as painted"),
    ("network", "Network", "What the generator treats as unknown: the mask, dilated"),
    ("blending", "Blending", "Where the fill has at least half the weight"),
)


class MaskChoice(QWidget):
    """Three buttons.

    Signals:
        chosen: (name) of MASKS.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._group = QButtonGroup(self)
        for name, title, tip in MASKS:
            button = QToolButton()
            button.setText(title)
            button.setToolTip(tip)
            button.setCheckable(True)
            button.setChecked(name == "painted")
            button.clicked.connect(lambda _checked=False, name=name: self.chosen.emit(name))
            self._group.addButton(button)
            row.addWidget(button, 1)
