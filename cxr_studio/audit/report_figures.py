"""The report's plots as SVG: areas of all questions, and what differs where one gives synthetic away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cxr_studio.audit.asking import Answer
from cxr_studio.audit.limits import Limits
from cxr_studio.audit.measures.places import BORDER, SIDE
from cxr_studio.audit.telling import Values
from cxr_studio.audit.traits import ABSENT
from cxr_studio.pages import drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TEXT, QUIET, LINE, PAGE = "#b9bec6", "#858b94", "#2a2d32", "#15171a"
COLOURS = {"pass": "#6fae83", "doubtful": "#d0a04e", "leak": "#d57a70"}
SYNTHETIC, REAL = "#d57a70", "#5aa9e6"

DARK: dict[str, Any] = {
    "figure_facecolor": PAGE,
    "axes_facecolor": PAGE,
    "axes_edgecolor": LINE,
    "axes_labelcolor": QUIET,
    "text_color": TEXT,
    "xtick_color": QUIET,
    "ytick_color": QUIET,
    "font_size": 8,
}
"""The window's dark colours."""

CURVES: dict[str, tuple[str, str]] = {
    "greys": ("grey level, 0 lowest to 1 highest used", "share of pixels"),
    "jpeg": ("column modulo 8 (last: border of a block)", "step over mean step"),
    "grain": ("distance from the middle, radii", "grain over outside, log₂"),
    "seam": ("pixels outside the box", "step over mean step"),
    "spectrum": ("periods a pixel", "power, log₁₀"),
}
"""Question → axes of its averaged curve."""


def areas_figure(name: str, answers: Sequence[Answer], limits: Limits) -> str:
    """ROC area of every question with its interval; the limits are the thin lines."""
    with drawing(name, (6.6, 0.5 + 0.25 * len(answers)), **DARK) as (figure, svg):
        axes = figure.subplots()
        for row, one in enumerate(reversed(answers)):
            colour, limit = COLOURS[one.verdict], limits.of(one.question.key)
            for area, line in ((limit.leak, COLOURS["leak"]), (limit.safe, COLOURS["pass"])):
                axes.plot([area, area], [row - 0.38, row + 0.38], color=line, lw=0.8, alpha=0.6)
            axes.plot([one.told.low, one.told.high], [row, row], color=colour, lw=1.6)
            axes.plot(one.told.area, row, "o", color=colour, ms=4.5)
            axes.plot(one.told.control, row, "|", color=QUIET, ms=7)
        axes.axvline(0.5, color=QUIET, lw=0.6)
        axes.set_yticks(range(len(answers)), [one.question.title for one in reversed(answers)])
        axes.set_xlim(min(0.3, *(one.told.low for one in answers)) - 0.02, 1.02)
        axes.set_xlabel("ROC area")
        axes.tick_params(length=0)
    return svg[0]


def clue_figure(name: str, answer: Answer) -> str:
    """The figure that tells best, of both groups; "" where there is none."""
    if not answer.clues:
        return ""
    with drawing(name, (3.3, 2.1), **DARK) as (figure, svg):
        axes = figure.subplots()
        clue = answer.clues[0]
        if clue.share:
            bars = axes.barh(["real", "synthetic"], [clue.real, clue.synthetic], color=[REAL, SYNTHETIC], height=0.55)
            axes.bar_label(bars, [f"{v:.0%}" for v in (clue.real, clue.synthetic)], padding=3, color=TEXT)
            axes.set_xlim(0, 1.15)
            axes.set_xlabel(clue.name)
        else:
            _overlay(axes, [_column(answer, clue.name, part) for part in ("synthetic", "real")])
            axes.set_xlabel(clue.name)
            axes.set_yticks([])
    return svg[0]


def curve_figure(name: str, answer: Answer) -> str:
    """What is averaged for a question, of both groups; "" where it has no curve."""
    key = answer.question.key
    if key not in CURVES:
        return ""
    with drawing(name, (3.3, 2.1), **DARK) as (figure, svg):
        axes = figure.subplots()
        for group, colour, title in ((answer.real, REAL, "real"), (answer.synthetic, SYNTHETIC, "synthetic")):
            curves = np.stack([_curve(key, sight.curves[key]) for sight in group])
            middle, spread = np.nanmean(curves, axis=0), np.nanstd(curves, axis=0) / np.sqrt(len(curves))
            across = _across(key, curves.shape[1])
            axes.fill_between(across, middle - 2 * spread, middle + 2 * spread, color=colour, alpha=0.25, lw=0)
            axes.plot(across, middle, color=colour, lw=1.2, label=title)
        axes.set_xlabel(CURVES[key][0])
        axes.set_ylabel(CURVES[key][1])
        axes.legend(fontsize=7)
    return svg[0]


def _column(answer: Answer, name: str, part: str) -> Values:
    group = answer.synthetic if part == "synthetic" else answer.real
    cells = [sight.traits[answer.question.key].get(name, ABSENT) for sight in group]
    values = np.array([float(cell) if cell != ABSENT else np.nan for cell in cells])
    return np.asarray(values[np.isfinite(values)], np.float64)


def _overlay(axes: Axes, groups: Sequence[Values]) -> None:
    whole = np.concatenate(groups)
    low, high = np.percentile(whole, [1, 99])
    ends = np.linspace(low, max(high, low + 1e-9), 25).tolist()
    for values, colour in zip(groups, (SYNTHETIC, REAL), strict=True):
        axes.hist(
            np.clip(values, low, high), ends, weights=np.full(len(values), 1 / len(values)), color=colour, alpha=0.55
        )


def _curve(key: str, curve: Values) -> Values:
    """The curve itself; of a spectrum its mean by frequency."""
    if key != "spectrum":
        return curve
    y, x = np.indices(curve.shape) - SIDE // 2
    radius = np.hypot(y, x).astype(int)
    inner = radius < SIDE // 2
    return np.asarray(np.bincount(radius[inner], curve[inner]) / np.bincount(radius[inner]))


def _across(key: str, count: int) -> Values:
    scale = {"greys": (0.0, 1.0), "grain": (0.1, 1.9), "spectrum": (0.0, 0.5), "jpeg": (1.0, 8.0)}
    low, high = scale.get(key, (float(BORDER[0]), float(BORDER[-1])))
    return np.linspace(low, high, count)
