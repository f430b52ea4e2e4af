"""Figures against the step, drawn by pyqtgraph once they are wanted; a click leads to the column."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cxr_studio.quality.comparison.curves import Curve
from cxr_studio.quality.comparison.scores import metric_of
from cxr_studio.ui.qa.plot_choices import PlotChoice, plot_choices
from cxr_studio.ui.theme import tokens

COLOURS = ("#5aa9e6", "#d0a04e", "#6fae83", "#d57a70", "#b58bd9", "#7fc7c4")
REACH = 24.0
"""Pixels from a point within which the pointer means it."""

DRAW_MS = 120
"""Curves that go on changing are drawn so often."""

DOTS = 60
"""A curve of fewer points shows them."""


class PlotPanel(QWidget):
    """One plot and its menu.

    Signals:
        jumped: (run, step) a point was clicked.
    """

    jumped = Signal(object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves: tuple[Curve, ...] = ()
        self._choices: list[PlotChoice] = []
        self._plot: Any = None
        self._marker: Any = None
        self._spot: Any = None
        self._step: int | None = None
        self._menu = QComboBox()
        self._menu.setToolTip("Figure that is drawn against the step (Alt+Right and Alt+Left)")
        self._menu.setAccessibleName("Figure that is drawn")
        self._menu.setMinimumWidth(340)
        self._menu.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._menu.activated.connect(lambda _index: self._draw())
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._hover = QLabel("Click a point to go to its column")
        self._hover.setProperty("quiet", True)
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 0)
        row.addWidget(self._menu)
        row.addSpacing(8)
        row.addWidget(self._words)
        row.addStretch(1)
        row.addWidget(self._hover)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addLayout(row)
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(DRAW_MS)
        self._due.timeout.connect(self._renew)

    @property
    def hovered(self) -> str:
        """What is said of the point under the pointer."""
        return self._hover.text()

    @property
    def choices(self) -> list[str]:
        """Titles in the menu."""
        return [choice.title for choice in self._choices]

    def set_curves(self, curves: Sequence[Curve]) -> None:
        """Draw these soon."""
        self._curves = tuple(curves)
        if not self._due.isActive():
            self._due.start()

    def choose(self, title: str) -> None:
        """Draw the figure of this title."""
        self._menu.setCurrentIndex(self.choices.index(title))
        self._draw()

    def step(self, steps: int) -> None:
        """Draw the next figure of the menu, or the one before."""
        if self._choices:
            self._menu.setCurrentIndex((self._menu.currentIndex() + steps) % len(self._choices))
            self._draw()

    def mark(self, step: int | None) -> None:
        """Draw a line at the current column's step."""
        self._step = step
        if self._marker is not None:
            self._marker.setVisible(step is not None)
            self._marker.setValue(step or 0)

    def clear(self) -> None:
        """Show nothing, at once."""
        self._curves = ()
        self._due.stop()
        self.mark(None)
        self._renew()

    def close_plot(self) -> None:
        """Let the plot go before the interpreter does."""
        self._due.stop()
        if self._plot is not None:
            self._column.removeWidget(self._plot)
            self._plot.close()
            self._plot.deleteLater()
            self._plot = self._marker = self._spot = None

    def point_near(self, x: float, y: float) -> tuple[Curve, int, float] | None:
        """The curve, step and value of the point nearest to a place in the scene; None where none is near."""
        if self._plot is None:
            return None
        box = self._plot.getPlotItem().vb
        found: tuple[float, tuple[Curve, int, float]] | None = None
        for curve in self._drawn():
            for step, value in curve.points:
                place = box.mapViewToScene(QPointF(step, value))
                far = hypot(place.x() - x, place.y() - y)
                if far <= REACH and (found is None or far < found[0]):
                    found = far, (curve, step, value)
        return found[1] if found else None

    def _renew(self) -> None:
        """Offer what there is and draw the chosen figure."""
        before = self._menu.currentText()
        self._choices = plot_choices(self._curves)
        self._menu.clear()
        self._menu.addItems(self.choices)
        if before in self.choices:
            self._menu.setCurrentIndex(self.choices.index(before))
        self._draw()

    def _drawn(self) -> list[Curve]:
        index = self._menu.currentIndex()
        return self._choices[index].curves(self._curves) if 0 <= index < len(self._choices) else []

    def _draw(self) -> None:
        if self._plot is None:
            if not self._curves or not self.isVisible():
                return
            self._build()
        plot, drawn, words = self._plot, self._drawn(), []
        plot.clear()
        plot.addItem(self._marker)
        runs = list(dict.fromkeys(curve.run for curve in drawn))
        for number, curve in enumerate(drawn):
            colour = COLOURS[number % len(COLOURS)]
            steps, values = [p[0] for p in curve.points], [p[1] for p in curve.points]
            few = len(steps) <= DOTS
            dots = {"symbol": "o", "symbolSize": 6, "symbolBrush": colour, "symbolPen": None} if few else {}
            plot.plot(steps, values, pen={"color": colour, "width": 1.5}, antialias=True, **dots)
            name = metric_of(curve.metric).title
            label = f"{curve.run.name}: {name}" if len(runs) > 1 else name
            words.append(f'<span style="color:{colour}">●</span> {label}')
        plot.addItem(self._spot)
        self._spot.setData([], [])
        self._words.setText("&nbsp;&nbsp;".join(words))
        self.mark(self._step)

    def _build(self) -> None:
        import pyqtgraph as pg

        now = tokens.current()
        self._plot = pg.PlotWidget(background=QColor(now.window))
        self._plot.setMenuEnabled(False)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.showGrid(x=True, y=True, alpha=0.12)
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setTextPen(QColor(now.quiet))
            axis.setPen(QColor(now.line))
            axis.enableAutoSIPrefix(False)
        self._plot.setLabel("bottom", "step", color=now.quiet)
        self._plot.getAxis("left").setWidth(56)
        self._marker = pg.InfiniteLine(angle=90, pen={"color": now.accent, "width": 1, "style": Qt.PenStyle.DashLine})
        self._spot = pg.ScatterPlotItem(size=11, pen=pg.mkPen(now.text), brush=None)
        self._plot.scene().sigMouseMoved.connect(self._moved)
        self._plot.scene().sigMouseClicked.connect(self._clicked)
        self._column.addWidget(self._plot, 1)

    def _moved(self, place: QPointF) -> None:
        found = self.point_near(place.x(), place.y())
        if found is None:
            self._spot.setData([], [])
            return
        curve, step, value = found
        self._spot.setData([step], [value])
        metric = metric_of(curve.metric)
        self._hover.setText(f"{curve.run.name}, step {step:,}: {metric.title} {metric.words(value)}")

    def _clicked(self, event: Any) -> None:
        place = event.scenePos()
        found = self.point_near(place.x(), place.y())
        if found is not None:
            self.go_to(found[0].run, found[1])

    def go_to(self, run: Path, step: int) -> None:
        """Ask for the column of a step."""
        self.jumped.emit(run, step)
