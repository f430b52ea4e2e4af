"""The windows to choose from, over the histogram."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from cxr_studio.ui.display.histogram_panel import HistogramPanel


class DisplayPanel(QWidget):
    """A chooser and a histogram.

    Signals:
        chosen: (index) a window was chosen.

    Attributes:
        histogram: The window's edges over the histogram.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.histogram = HistogramPanel()
        self._windows = QComboBox()
        self._windows.setAccessibleName("Window")
        self._windows.setToolTip("Windows of the file, percentiles, full range")
        self._windows.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._windows.setPlaceholderText("Custom")
        self._windows.activated.connect(self.chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._windows)
        column.addWidget(self.histogram)

    def set_windows(self, titles: Sequence[str]) -> None:
        """Offer these windows without a signal."""
        with QSignalBlocker(self._windows):
            self._windows.clear()
            self._windows.addItems(list(titles))
            self._windows.setCurrentIndex(0 if titles else -1)

    def mark_window(self, index: int) -> None:
        """Mark the window in force; -1 for one that was dragged, which is called custom."""
        with QSignalBlocker(self._windows):
            self._windows.setCurrentIndex(index)
