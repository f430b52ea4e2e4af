"""The report's plots of figures against the step, as SVG to stand inside HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cxr_studio.pages import FAINT, drawing
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.curves import Curve, journal_curves, measured_curves
from cxr_studio.quality.comparison.scores import METRICS, ColumnScores, metric_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = ("#1f5a94", "#b35900", "#3b7d4f", "#7a4b94", "#8a6d1b", "#5b6875")
"""One a run, in turn."""

LINES = ("--", ":", "-.")
"""Strokes of the built-in fills."""

ACROSS = 3
"""Plots side by side."""

CELL = 2.95, 1.9
"""Width and height of a plot, inches."""

DENSE = 200
"""More points than that are drawn without markers."""

TAILS = (0.5, 99.5)
"""Percentiles that the axis of a dense curve spans: one spike would flatten the rest."""


def measured_plot(columns: Sequence[Column], scores: Mapping[str, ColumnScores]) -> str:
    """Panel means against the step, built-in fills as dashed lines; "" where no run has two measured snapshots."""
    curves = [curve for curve in measured_curves(columns, scores) if len(curve.points) > 1]
    built_in = [column for column in columns if column.path is None and column.key in scores]
    names = [m.name for m in METRICS if any(c.metric == m.name for c in curves) and m.name != "milliseconds"]
    levels = {name: [(c.title, scores[c.key].value(name)) for c in built_in] for name in names}
    return _grid("measured", names, curves, levels)


def journal_plot(columns: Sequence[Column]) -> str:
    """The journals' figures against the step; "" where there are none."""
    curves = [curve for curve in journal_curves(columns) if len({value for _, value in curve.points}) > 1]
    return _grid("journal", list(dict.fromkeys(curve.metric for curve in curves)), curves, {})


def _grid(
    name: str, metrics: Sequence[str], curves: Sequence[Curve], levels: Mapping[str, list[tuple[str, float]]]
) -> str:
    if not metrics:
        return ""
    runs = list(dict.fromkeys(curve.run for curve in curves))
    rows = -(-len(metrics) // ACROSS)
    size = (CELL[0] * ACROSS, CELL[1] * rows + 0.3)
    with drawing(name, size, font_size=8, axes_titlesize=9) as (figure, svg):
        axes = figure.subplots(rows, ACROSS, squeeze=False).ravel()
        for place, metric in zip(axes, metrics, strict=False):
            _draw(place, metric, [c for c in curves if c.metric == metric], runs=runs, levels=levels.get(metric, []))
        for place in axes[len(metrics) :]:
            place.set_visible(False)
        handles, labels = axes[0].get_legend_handles_labels()
        if len(labels) > 1:
            figure.legend(handles, labels, loc="outside lower center", ncols=min(4, len(labels)), fontsize=8)
    return svg[0]


def _draw(
    axes: Axes, name: str, curves: Sequence[Curve], *, runs: Sequence[Path], levels: Sequence[tuple[str, float]]
) -> None:
    from matplotlib.ticker import EngFormatter

    metric = metric_of(name)
    for curve in curves:
        steps, values = zip(*curve.points, strict=True)
        colour = COLOURS[runs.index(curve.run) % len(COLOURS)]
        marker = "o" if curve.measured or len(steps) < DENSE else ""
        axes.plot(steps, values, color=colour, lw=1.2, marker=marker, ms=2.6, label=curve.run.resolve().name)
    for k, (title, value) in enumerate(levels):
        if np.isfinite(value):
            axes.axhline(value, color=FAINT, lw=1.2, ls=LINES[k % len(LINES)], label=title)
    if len(curves[0].points) >= DENSE:
        low, high = np.percentile([value for curve in curves for _, value in curve.points], TAILS)
        axes.set_ylim(low - 0.1 * (high - low), high + 0.1 * (high - low))
    axes.set_title(f"{metric.title}{f', {metric.unit}' if metric.unit else ''}", loc="left")
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    axes.locator_params(nbins=5)
