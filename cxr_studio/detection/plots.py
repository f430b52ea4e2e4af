"""Plots of detectors: FROC curves with bands, and sensitivity by diameter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cxr_studio.detection.by_size import Bin
from cxr_studio.detection.matching import Matching
from cxr_studio.errors import WriteError
from cxr_studio.files import replaced
from cxr_studio.metrics.by_patient import patient_counts
from cxr_studio.metrics.froc import sensitivities

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#1f5a94", "#b35900", "#3b7d4f", "#7a4b94", "#8c6d1f", "#2b8a99", "#a03a5a", "#5b6875")
"""One a detector, in turn."""

RANGE = np.geomspace(1 / 16, 16, 97)
"""False positives an image along the axis."""

TICKS = (0.125, 0.25, 0.5, 1, 2, 4, 8)
BAND = (2.5, 97.5)
"""Percentiles of the resamples."""

RESAMPLES = 1000
ENDINGS = (".png", ".svg", ".pdf")


def write_plot(path: Path, matchings: Mapping[str, Matching], bins: Mapping[str, Sequence[Bin]]) -> None:
    """Draw FROC curves with 95 % bands by patient, and beside them the sensitivity by diameter.

    Args:
        path: Of one of ``ENDINGS``.
        matchings: By the detector's name.
        bins: Likewise.

    Raises:
        WriteError: another ending, or it cannot be written.
    """
    _refuse(path)
    with _figure(path, (9, 3.8)) as figure:
        left, right = figure.subplots(1, 2, width_ratios=(3, 2))
        for colour, (name, matching) in zip(COLOURS, matchings.items(), strict=False):
            _curve(left, name, matching, colour)
        for place, (colour, own) in enumerate(zip(COLOURS, bins.values(), strict=False)):
            _bars(right, own, colour, (place, len(bins)))
        left.set(xscale="log", xlim=(RANGE[0], RANGE[-1]), ylim=(0, 1))
        left.set(xlabel="false positives an image", ylabel="sensitivity")
        left.set_xticks(TICKS, [f"1/{round(1 / f)}" if f < 1 else f"{f:g}" for f in TICKS])
        left.minorticks_off()
        left.legend(loc="upper left", fontsize=8, frameon=False)
        right.set(ylim=(0, 1), ylabel="sensitivity at the operating point")


def write_histogram(path: Path, sizes: Mapping[str, Sequence[float]], unit: str) -> None:
    """Draw how many nodules of every diameter were found and missed, one upon the other.

    Args:
        path: Of one of ``ENDINGS``.
        sizes: Diameters by name.
        unit: Of the diameters, "mm" or "px".

    Raises:
        WriteError: another ending, or it cannot be written.
    """
    _refuse(path)
    edges = np.histogram_bin_edges(np.concatenate([np.asarray(own, float) for own in sizes.values()]), bins="sturges")
    with _figure(path, (4.8, 3.2)) as figure:
        axes = figure.subplots()
        labels = [f"{name} ({len(own)})" for name, own in sizes.items()]
        axes.hist(
            [list(own) for own in sizes.values()], bins=list(edges), stacked=True, label=labels, color=COLOURS[:2]
        )
        axes.set(xlabel=f"diameter, {unit}", ylabel="nodules")
        axes.legend(fontsize=8, frameon=False)


def _refuse(path: Path) -> None:
    if path.suffix.lower() not in ENDINGS:
        raise WriteError("a plot cannot be written in this format", file=path, remedy=f"Choose {', '.join(ENDINGS)}")


def _curve(axes: Axes, name: str, matching: Matching, colour: str) -> None:
    counts = patient_counts(matching.patients, resamples=RESAMPLES)
    found = sensitivities(matching.matched, counts, list(RANGE))
    low, high = np.nanpercentile(found[1:], BAND, axis=0)
    axes.fill_between(RANGE, low, high, color=colour, alpha=0.2, linewidth=0)
    axes.plot(RANGE, found[0], color=colour, label=name)


def _bars(axes: Axes, bins: Sequence[Bin], colour: str, place: tuple[int, int]) -> None:
    x = np.arange(len(bins)) + 0.2 * (place[0] - (place[1] - 1) / 2)
    values = np.array([one.found.value for one in bins])
    reach = [values - [one.found.low for one in bins], [one.found.high for one in bins] - values]
    axes.errorbar(x, values, yerr=np.clip(np.nan_to_num(np.array(reach)), 0, 1), fmt="o", color=colour, capsize=2)
    if place[0] == 0 and bins:
        labels = [f"{b.low:.3g}–{b.high:.3g}" if np.isfinite(b.high) else f"{b.low:.3g}+" for b in bins]
        ticks = [f"{label}\n({b.count})" for label, b in zip(labels, bins, strict=True)]
        axes.set_xticks(np.arange(len(bins)), ticks, fontsize=7)
        axes.set_xlabel(f"diameter, {bins[0].unit} (nodules)")


@contextmanager
def _figure(path: Path, size: tuple[float, float]) -> Iterator[Figure]:
    """A figure without pyplot's global state, written when the block ends."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=size, layout="constrained", facecolor="white")
        yield figure
        with replaced(path) as beside:
            figure.savefig(beside, format=path.suffix.lower().removeprefix("."), dpi=150)
