"""The figures of a column: means over the panel's healthy cases, the Fréchet distance, the journal's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from cxr_studio.metrics.frechet import Moments, frechet_distance, merged
from cxr_studio.quality.comparison.cell import FIGURES, NAN, CellScores
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.panel import Panel

Better = Literal["higher", "lower", "one", ""]

FRECHET = "frechet"


@dataclass(frozen=True)
class Metric:
    """A figure of a column.

    Attributes:
        name: Its key in ``ColumnScores`` and in the journal.
        title: To show.
        unit: "dB", "ms" or "".
        better: Which values are better: "higher", "lower", nearest to "one", or "" where none is.
        decimals: Places to show.
        measured: True where it is measured on the panel, False where the journal of the run says it.
    """

    name: str
    title: str
    unit: str = ""
    better: Better = ""
    decimals: int = 3
    measured: bool = True

    def words(self, value: float) -> str:
        """The value with its unit, "–" where there is none."""
        if not np.isfinite(value):
            return "–"
        return f"{value:,.{self.decimals}f}{f' {self.unit}' if self.unit else ''}"

    def rank(self, value: float) -> float:
        """A sort key: the best value is the smallest, NaN comes last."""
        if not np.isfinite(value):
            return float("inf")
        return {"higher": -value, "one": abs(value - 1), "lower": value, "": value}[self.better]


METRICS: tuple[Metric, ...] = (
    Metric("psnr_db", "PSNR", "dB", "higher", 2),
    Metric("ssim", "SSIM", "", "higher", 3),
    Metric("mae", "MAE", "", "lower", 2),
    Metric(FRECHET, "Fréchet", "", "lower", 3),
    Metric("grain", "Grain ratio", "", "one", 2),
    Metric("seam", "Seam ratio", "", "one", 2),
    Metric("known", "Location-known observer", "", "lower", 2),
    Metric("human", "Human-like observer", "", "lower", 2),
    Metric("milliseconds", "Time", "ms", "lower", 0),
)
"""What is measured on the panel."""

JOURNAL_METRICS: tuple[Metric, ...] = (
    Metric("d_real", "D(real)", decimals=3, measured=False),
    Metric("d_fake", "D(fake)", decimals=3, measured=False),
    Metric("val_psnr_db", "Validation PSNR", "dB", "higher", 2, measured=False),
    Metric("val_masked_psnr_db", "Validation PSNR, masked", "dB", "higher", 2, measured=False),
    Metric("val_masked_psnr_told_db", "Validation PSNR, masked, density given", "dB", "higher", 2, measured=False),
    Metric("val_dice", "Validation Dice", "", "higher", 3, measured=False),
    Metric("reconstruction", "Reconstruction loss", "", "lower", 4, measured=False),
    Metric("region", "Region loss", "", "lower", 4, measured=False),
    Metric("l1", "L1 loss", "", "lower", 4, measured=False),
    Metric("perceptual", "Perceptual loss", "", "lower", 4, measured=False),
    Metric("adversarial", "Adversarial loss", "", "", 4, measured=False),
)
"""Figures of the trainers' journals that have a title of their own; others are shown by their name."""


def metric_of(name: str) -> Metric:
    """The metric of that name; for an unknown figure of a journal one that shows its name."""
    known = {metric.name: metric for metric in (*METRICS, *JOURNAL_METRICS)}
    return known.get(name) or Metric(name, name.replace("_", " "), decimals=4, measured=False)


@dataclass(frozen=True)
class ColumnScores:
    """Figures of a column.

    Attributes:
        cases: Healthy cases that count.
        total: Healthy cases of the panel: with fewer counted, cells are still missing.
        means: By metric's name, over those cases; NaN where no case has the figure.
        journal: Of the run at the step nearest to the column's, by name.
    """

    cases: int
    total: int
    means: dict[str, float]
    journal: dict[str, float] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """True when every healthy case counts."""
        return self.cases == self.total

    def value(self, name: str) -> float:
        """A figure by name, NaN where there is none."""
        return self.means.get(name, self.journal.get(name, float("nan")))


@dataclass(frozen=True, eq=False)
class Figures:
    """What is known of one cell for its column's figures.

    Attributes:
        scores: The cell's.
        moments: Of the features under the hole, filled.
        truth: Of the features under the hole, original.
    """

    scores: CellScores
    moments: Moments | None = None
    truth: Moments | None = None


def column_scores(
    panel: Panel, figures: Mapping[str, Figures], *, journal: Mapping[str, float] | None = None
) -> ColumnScores:
    """Sum up a column.

    Args:
        panel: The rows; only healthy cases count.
        figures: Of the column's cells by the case's name, as far as they are made.
        journal: Figures of the run at its step.
    """
    healthy = [case.name for case in panel.cases if case.healthy]
    counted = [figures[name] for name in healthy if name in figures]
    means = {name: _mean([getattr(f.scores, name) for f in counted]) for name in FIGURES}
    drawn, true = merged(f.moments for f in counted if f.moments), merged(f.truth for f in counted if f.truth)
    means[FRECHET] = float("nan") if drawn is None or true is None else frechet_distance(true, drawn)
    return ColumnScores(len(counted), len(healthy), means, dict(journal or {}))


def sorted_columns(columns: Sequence[Column], scores: Mapping[str, ColumnScores], name: str) -> tuple[Column, ...]:
    """Columns with the best value of a metric first; those without it last, in their order."""
    metric = metric_of(name)
    return tuple(sorted(columns, key=lambda c: metric.rank(scores[c.key].value(name) if c.key in scores else np.nan)))


def _mean(values: Sequence[float]) -> float:
    finite = [value for value in values if np.isfinite(value)]
    return float(np.mean(finite)) if finite else NAN
