"""The bar above the grid: the shown figure, the order, the difference, and what the window does by itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QSlider, QToolBar, QToolButton, QWidget

from cxr_studio.quality.comparison.scores import Metric
from cxr_studio.ui.qa.look import SIDES
from cxr_studio.ui.shell.registry import ActionRegistry

ARROWS = {"higher": "↑", "lower": "↓", "one": "→ 1", "": ""}
"""Which direction is better."""


class TopBar(QToolBar):
    """Widgets without the focus: the keys stay with the grid.

    Signals:
        metric_chosen: (name) another figure.
        side_chosen: (logical pixels) another cell size.
    """

    metric_chosen = Signal(str)
    side_chosen = Signal(int)

    def __init__(self, registry: ActionRegistry, parent: QWidget | None = None) -> None:
        super().__init__("Comparison", parent)
        self.setMovable(False)
        self._registry = registry
        self._names: list[str] = []
        self.figure = QComboBox()
        self.figure.setToolTip("Figure in the headers (] and [): unit, and which direction is better")
        self.figure.setAccessibleName("Figure in the headers")
        self.figure.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.figure.setMinimumWidth(170)
        self.figure.activated.connect(lambda index: self.metric_chosen.emit(self._names[index]))
        self.cell_size = QSlider(Qt.Orientation.Horizontal)
        self.cell_size.setRange(SIDES[0], SIDES[-1])
        self.cell_size.setFixedWidth(110)
        self.cell_size.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.cell_size.setToolTip("Cell size (+ and -, Ctrl+wheel)")
        self.cell_size.setAccessibleName("Cell size")
        self.cell_size.valueChanged.connect(self.side_chosen)
        self.against = QLabel()

    def set_metrics(self, metrics: Sequence[Metric], shown: str) -> None:
        """Offer these figures."""
        names = [metric.name for metric in metrics]
        if names != self._names:
            self._names = names
            self.figure.clear()
            self.figure.addItems([_words(metric) for metric in metrics])
        if shown in names:
            self.figure.setCurrentIndex(names.index(shown))

    def set_side(self, side: int) -> None:
        """Show the cell size."""
        self.cell_size.blockSignals(True)
        self.cell_size.setValue(side)
        self.cell_size.blockSignals(False)

    def build(self) -> None:
        """Put everything in its place, once the actions are declared."""
        self._add("run.open", words=False)
        self._gap()
        self.addWidget(self.figure)
        self._add("column.sort", "column.sort-step")
        self._gap()
        self._add("look.difference")
        self.addWidget(self.against)
        self._add("look.reference", "look.reset", "look.outline", words=False)
        self.addWidget(self.cell_size)
        self._gap()
        self._add("run.follow", "run.measure", "look.plot")
        self._gap()
        self._add("run.report", "run.keep")

    def _gap(self) -> None:
        space = QWidget()
        space.setFixedWidth(14)
        self.addWidget(space)

    def _add(self, *names: str, words: bool = True) -> None:
        style = Qt.ToolButtonStyle
        for name in names:
            button = QToolButton()
            button.setDefaultAction(self._registry.action(name))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setToolButtonStyle(style.ToolButtonTextBesideIcon if words else style.ToolButtonIconOnly)
            self.addWidget(button)


def _words(metric: Metric) -> str:
    named = f"{metric.title}, {metric.unit}" if metric.unit else metric.title
    return f"{named[:1].upper()}{named[1:]} {ARROWS[metric.better]}".strip()
