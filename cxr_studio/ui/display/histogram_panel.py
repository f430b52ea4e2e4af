"""The histogram of the radiograph with the window's edges, drawn by pyqtgraph once it is needed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

HEIGHT = 120
"""Height of the plot in logical pixels."""


class HistogramPanel(QWidget):
    """Empty until ``build()``, which imports pyqtgraph.

    Signals:
        windowed: (low, high) the user dragged an edge, in modality values.
    """

    windowed = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("Histogram")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._plot: Any = None
        self._curve: Any = None
        self._region: Any = None
        self._histogram: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
        self._edges: tuple[float, float] | None = None
        self._settling = False

    def build(self) -> None:
        """Make the plot; a second call does nothing."""
        if self._plot is not None:
            return
        import pyqtgraph as pg

        text = self.palette().text().color()
        self._plot = pg.PlotWidget(background=None)
        self._plot.setMenuEnabled(False)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        self._plot.hideAxis("left")
        self._plot.getAxis("bottom").setTextPen(text)
        self._plot.getAxis("bottom").setPen(QColor(0, 0, 0, 0))
        self._plot.getPlotItem().setContentsMargins(0, 0, 0, 0)
        faded = QColor(text)
        faded.setAlpha(110)
        self._curve = self._plot.plot(pen=None, fillLevel=0, brush=faded, stepMode="center")
        tint = self.palette().highlight().color()
        tint.setAlpha(50)
        self._region = pg.LinearRegionItem(brush=tint, pen=self.palette().highlight().color())
        self._region.sigRegionChanged.connect(self._dragged)
        self._plot.addItem(self._region)
        self._column.addWidget(self._plot)
        self._show()

    def set_histogram(self, counts: NDArray[np.float64], edges: NDArray[np.float64]) -> None:
        """Show ``counts [N]`` over ``edges [N + 1]`` in modality values."""
        self._histogram = counts, edges
        self._show()

    def set_window(self, low: float, high: float) -> None:
        """Show the window's edges without a signal."""
        self._edges = low, high
        self._show_region()

    def recolour(self) -> None:
        """Take the colours of another theme."""
        if self._plot is not None:
            self.close_plot()
            self.build()

    def close_plot(self) -> None:
        """Let the plot go before the interpreter does."""
        if self._plot is not None:
            self._column.removeWidget(self._plot)
            self._plot.hide()  # pyqtgraph's close makes it a window of its own
            self._plot.close()
            self._plot.deleteLater()
            self._plot = self._curve = self._region = None

    def _show(self) -> None:
        if self._plot is None or self._histogram is None:
            return
        counts, edges = self._histogram
        self._curve.setData(edges, np.sqrt(counts))
        self._plot.setXRange(float(edges[0]), float(edges[-1]), padding=0.01)
        self._show_region()

    def _show_region(self) -> None:
        if self._region is None or self._edges is None:
            return
        self._settling = True
        self._region.setRegion(self._edges)
        self._settling = False

    def _dragged(self) -> None:
        if not self._settling:
            low, high = self._region.getRegion()
            self.windowed.emit(float(low), float(high))
