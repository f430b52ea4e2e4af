"""Means with intervals by patient, differences from one row corrected for how many there are, groups of places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import StudioError
from cxr_studio.metrics.by_patient import Estimate, Spread, Values, estimate, jackknifed, means, patient_counts
from cxr_studio.metrics.frechet import Moments, frechet_distance, frechet_of, merged
from cxr_studio.metrics.kernel_distance import kernel_distance
from cxr_studio.metrics.many import holm
from cxr_studio.quality.benchmark.figures import Measured
from cxr_studio.quality.benchmark.measuring import Benchmark, Case
from cxr_studio.quality.benchmark.methods import Method
from cxr_studio.quality.comparison.scores import Metric

METRICS: tuple[Metric, ...] = (
    Metric("ssim", "SSIM", "", "higher", 4),
    Metric("psnr", "PSNR", "dB", "higher", 2),
    Metric("mse", "MSE", "", "lower", 2),
    Metric("uqi", "UQI", "", "higher", 4),
    Metric("mae", "MAE", "", "lower", 2),
    Metric("masked_ssim", "SSIM", "", "higher", 3),
    Metric("masked_psnr", "PSNR", "dB", "higher", 2),
    Metric("masked_mse", "MSE", "", "lower", 1),
    Metric("masked_uqi", "UQI", "", "higher", 3),
    Metric("masked_mae", "MAE", "", "lower", 2),
    Metric("mae_unit", "MAE", "", "lower", 5),
    Metric("masked_mae_unit", "MAE", "", "lower", 4),
    Metric("grain", "Grain ratio", "", "one", 2),
    Metric("seam", "Seam ratio", "", "one", 2),
    Metric("known", "Location-known", "", "lower", 2),
    Metric("human", "Human-like", "", "lower", 2),
    Metric("search", "Search", "", "lower", 2),
    Metric("frechet", "Fréchet", "", "lower", 3),
    Metric("kernel", "Kernel", "", "lower", 3),
)
METRIC = {metric.name: metric for metric in METRICS}

RANKED_BY = "masked_psnr"
"""The figure by which the row is chosen that the others are compared with."""

COMPARED = (
    *("ssim", "psnr", "mse", "uqi", "mae", "mae_unit"),
    *("masked_ssim", "masked_psnr", "masked_mae", "masked_mae_unit"),
)
"""Figures whose differences are tested, each a family of its own."""

PARTS = 3
"""Groups of mask sizes."""

LEAST = 2
"""Places of a group."""


@dataclass(frozen=True)
class Summary:
    """A figure of one row.

    Attributes:
        mean: Over the places in which it is finite.
        sd: Standard deviation over them.
        low: Lower end of the 95 % interval by patient; NaN with one patient.
        high: Its upper end.
        places: How many.
    """

    mean: float
    sd: float
    low: float
    high: float
    places: int


@dataclass(frozen=True)
class Difference:
    """A row's figure less that of the row that it is compared with, at the same places.

    Attributes:
        by: The difference and its 95 % interval by patient.
        adjusted: p corrected by Holm for the rows that are compared in this figure.
    """

    by: Estimate
    adjusted: float


@dataclass(frozen=True)
class Row:
    """One method summed up.

    Attributes:
        method: Which.
        figures: By name.
        frechet: Distance of the features under the masks from the originals', interval by patient.
        kernel: Kernel distance, one vector a place.
        differences: By figure; none for the row that is compared with.
    """

    method: Method
    figures: Mapping[str, Summary]
    frechet: Spread
    kernel: Spread
    differences: Mapping[str, Difference]

    def value(self, name: str) -> float:
        """The mean of a figure, or a distance."""
        spread = {"frechet": self.frechet, "kernel": self.kernel}.get(name)
        return self.figures[name].mean if spread is None else spread.value


@dataclass(frozen=True, eq=False)
class Group:
    """A part of the places.

    Attributes:
        title: Which, and how many.
        split: "size" or "finding".
        figures: By method's key and figure's name.
    """

    title: str
    split: str
    figures: Mapping[str, Mapping[str, Summary]]


@dataclass(frozen=True, eq=False)
class Table:
    """A benchmark summed up.

    Attributes:
        rows: In the order of the methods.
        reference: Key of the row that the others are compared with.
        groups: By size of the mask and by finding, where there are several.
    """

    rows: tuple[Row, ...]
    reference: str
    groups: tuple[Group, ...]


def summed_up(benchmark: Benchmark, reference: str = "") -> Table:
    """Sum up a benchmark.

    Args:
        benchmark: What was measured.
        reference: Title or name of the row to compare with; "" for the one with the best PSNR under the mask.

    Raises:
        StudioError: there is no such row.
    """
    counts = patient_counts([case.patient for case in benchmark.cases])
    values = {method.key: _values(benchmark, method.key) for method in benchmark.methods}
    figures = {key: {name: _summary(one[name], counts) for name in benchmark.names} for key, one in values.items()}
    chosen = _reference(benchmark.methods, figures, reference)
    others = [method.key for method in benchmark.methods if method.key != chosen and not method.budget]
    differences: dict[str, dict[str, Difference]] = {method.key: {} for method in benchmark.methods}
    least = least_p(len({case.patient for case in benchmark.cases}))
    for name in (name for name in COMPARED if name in benchmark.names):
        found = {key: estimate(means(values[key][name] - values[chosen][name], counts)) for key in others}
        for key, adjusted in zip(others, holm([max(one.p, least) for one in found.values()]), strict=True):
            differences[key][name] = Difference(found[key], adjusted)
    rows = tuple(
        Row(method, figures[method.key], *_distances(benchmark, method.key), differences[method.key])
        for method in benchmark.methods
    )
    groups = tuple(_group(benchmark, values, part) for part in (*_sizes(benchmark.cases), *_findings(benchmark.cases)))
    return Table(rows, chosen, groups)


def least_p(patients: int) -> float:
    """The least p that so many patients can show: that of all differences having one sign (sign test, two-sided)."""
    return float(min(1.0, 2.0 ** (1 - patients)))


def _values(benchmark: Benchmark, key: str) -> dict[str, Values]:
    measured = benchmark.found[key]
    found = {name: np.array([one.figures[name] for one in measured], np.float64) for name in benchmark.names}
    return {name: np.where(np.isfinite(one), one, np.nan) for name, one in found.items()}


def _summary(values: Values, counts: Values) -> Summary:
    known = values[np.isfinite(values)]
    if not len(known):
        return Summary(*(float("nan"),) * 4, places=0)
    resampled = means(values, counts)
    low, high = (float("nan"),) * 2 if np.ptp(counts[1:]) == 0 else astuple(estimate(resampled))[1:3]
    return Summary(float(known.mean()), float(known.std()), low, high, len(known))


def _reference(methods: Sequence[Method], figures: Mapping[str, Mapping[str, Summary]], wanted: str) -> str:
    usable = [method for method in methods if not method.budget]
    if wanted:
        named = [one for one in usable if wanted in (one.title, one.generator)]
        if not named:
            titles = "; ".join(one.title for one in usable)
            raise StudioError(f"there is no row {wanted!r} to compare with", remedy=f"Choose one of {titles}")
        return named[0].key
    metric = METRIC[RANKED_BY]
    return min(usable, key=lambda one: metric.rank(figures[one.key][RANKED_BY].mean)).key


def _distances(benchmark: Benchmark, key: str) -> tuple[Spread, Spread]:
    """Fréchet distance on all vectors; kernel distance on one a place, each feature in units of its spread."""
    patients = [case.patient for case in benchmark.cases]
    first = np.stack([case.vector for case in benchmark.cases])
    second = np.stack([one.vector for one in benchmark.found[key]])
    centre, spread = first.mean(0), first.std(0) + 1e-6
    scaled = (first - centre) / spread, (second - centre) / spread

    def frechet(kept: NDArray[np.bool_]) -> float:
        if single:
            return frechet_of(first[kept], second[kept])
        one, other = (merged(m for m, k in zip(side, kept, strict=True) if k) for side in (true, drawn))
        return float("nan") if one is None or other is None else frechet_distance(one, other)

    sides = benchmark.cases, benchmark.found[key]
    single = all(one.moments is None for side in sides for one in side)
    true, drawn = ([], []) if single else (_moments(side) for side in sides)
    kernel = jackknifed(lambda kept: kernel_distance(scaled[0][kept], scaled[1][kept], paired=True), patients)
    return jackknifed(frechet, patients), kernel


def _moments(side: Sequence[Case] | Sequence[Measured]) -> list[Moments]:
    return [Moments.of(one.vector[None]) if one.moments is None else one.moments for one in side]


Part = tuple[str, str, NDArray[np.bool_]]


def _sizes(cases: Sequence[Case]) -> list[Part]:
    """Equal parts of the places by the area of the mask; none where all have about the same."""
    shares = np.array([case.share for case in cases])
    if len(cases) < LEAST * PARTS or np.ptp(shares) < 0.1 * shares.mean():
        return []
    edges = np.quantile(shares, np.linspace(0, 1, PARTS + 1))
    part = np.clip(np.searchsorted(edges, shares, side="right") - 1, 0, PARTS - 1)
    found = []
    for k in range(PARTS):
        chosen = part == k
        low, high = 100 * shares[chosen].min(), 100 * shares[chosen].max()
        found.append((f"{low:.2f} to {high:.2f} % ({chosen.sum()})", "size", chosen))
    return found


def _findings(cases: Sequence[Case]) -> list[Part]:
    found = []
    for healthy, words in ((True, "healthy"), (False, "with a finding")):
        chosen = np.array([case.healthy is healthy for case in cases])
        if LEAST <= chosen.sum() < len(cases):
            found.append((f"{words} ({chosen.sum()})", "finding", chosen))
    return found


def _group(benchmark: Benchmark, values: Mapping[str, Mapping[str, Values]], part: Part) -> Group:
    title, split, chosen = part
    patients = [case.patient for case, k in zip(benchmark.cases, chosen, strict=True) if k]
    counts = patient_counts(patients)
    figures = {
        key: {name: _summary(one[name][chosen], counts) for name in benchmark.names} for key, one in values.items()
    }
    return Group(title, split, figures)
