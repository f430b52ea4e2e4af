"""The histogram's plot goes for good when it is recoloured or closed."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QApplication

from cxr_studio.ui.display.histogram_panel import HistogramPanel


def plots_left() -> list[str]:
    widgets = [type(each).__name__ for each in QApplication.topLevelWidgets() if each.isVisible()]
    return [name for name in widgets if name == "PlotWidget"]


def test_recoloured_and_closed_no_plot_is_left_on_the_screen(qtbot):
    panel = HistogramPanel()
    qtbot.addWidget(panel)
    panel.set_histogram(np.arange(4.0), np.arange(5.0))
    panel.resize(280, 120)
    panel.show()
    panel.build()
    panel.grab()
    for _ in range(2):
        panel.recolour()
        assert plots_left() == []
    panel.close_plot()
    qtbot.wait(20)
    assert plots_left() == []
