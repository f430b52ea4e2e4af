"""Generated shapes beside real ones: distributions of their form, one region, and whether they are only remembered."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import StudioError
from cxr_studio.masks.regions import regions
from cxr_studio.metrics.shape import MEASURES, Figures, ks_distances, measured, nearest_overlap
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.nodules.ct_library import bundled_library, held_out, read_library
from cxr_studio.nodules.ct_silhouettes import held_out_shapes, views
from cxr_studio.nodules.shapes import one_shape, shape_fields

DRAWS = 1000
"""Shapes that are drawn, of seeds 0 to 999."""

COMPARED = 300
"""Of them, and of the held-out silhouettes, so many are laid over the silhouettes that were learned from."""

SEED = 20_240_901
"""Seed of the sides from which the nodules that were learned from are seen."""


@dataclass(frozen=True)
class ShapeReport:
    """What measuring a shape generator came to.

    Attributes:
        generated: Measures of the drawn shapes.
        real: Of the held-out silhouettes.
        distances: Kolmogorov–Smirnov distance of the two, by measure.
        yardstick: The same of the silhouettes learned from and the held-out ones.
        one_region: Share of the network's fields with one region, before the largest is taken.
        nearest: Intersection over union with the nearest silhouette learned from, of drawn shapes.
        nearest_real: Of held-out silhouettes.
        milliseconds: For a shape.
    """

    generated: Figures
    real: Figures
    distances: dict[str, float]
    yardstick: dict[str, float]
    one_region: float
    nearest: NDArray[np.float64]
    nearest_real: NDArray[np.float64]
    milliseconds: float

    def scores(self) -> dict[str, float]:
        """For the card."""
        found = {f"shape_ks_{name}": value for name, value in self.distances.items()}
        found |= {f"shape_ks_real_{name}": value for name, value in self.yardstick.items()}
        found["shape_one_region"] = self.one_region
        for name, overlaps in (("nearest", self.nearest), ("nearest_real", self.nearest_real)):
            found |= {
                f"shape_{name}_median": float(np.median(overlaps)),
                f"shape_{name}_largest": float(overlaps.max()),
            }
        return {name: round(value, 4) for name, value in found.items()}


def evaluate_shapes(checkpoint: Checkpoint, *, library: Path | None = None) -> ShapeReport:
    """Measure a shape generator.

    Args:
        checkpoint: A shape generator.
        library: File of CT nodules whose series that are not held out were learned from; the bundled one by default.

    Raises:
        StudioError: it draws no shapes, or the library has no nodule that was learned from.
    """
    nodules = read_library(library) if library else bundled_library()
    learned = tuple(nodule for nodule in nodules if not held_out(nodule.series))
    if not learned:
        raise StudioError("the library has no training nodules", file=library)
    known, real = views(learned, 1, seed=SEED), held_out_shapes()
    started = time.perf_counter()
    fields = shape_fields(range(DRAWS), checkpoint)
    drawn = np.stack([one_shape(field) for field in fields])
    each = (time.perf_counter() - started) / DRAWS
    generated, of_real = measured(drawn), measured(real)
    return ShapeReport(
        generated,
        of_real,
        ks_distances(generated, of_real),
        ks_distances(measured(known), of_real),
        one_region_share(fields),
        nearest_overlap(drawn[:COMPARED], known),
        nearest_overlap(real[:: max(1, len(real) // COMPARED)][:COMPARED], known),
        each * 1000,
    )


def one_region_share(fields: NDArray[np.float32]) -> float:
    """Share of fields ``[N, H, W]`` whose part above zero is one 8-connected region."""
    return float(np.mean([len(regions(field > 0)) == 1 for field in fields]))


def spread(figures: Figures, name: str) -> str:
    """Median and 5th to 95th percentile of a measure, for a table."""
    low, middle, high = np.percentile(figures[name], (5, 50, 95))
    return f"{middle:.3f} ({low:.3f} to {high:.3f})"


def table_of(report: ShapeReport) -> list[tuple[str, ...]]:
    """Rows of measure, generated, held-out real, distance, yardstick."""
    return [
        (
            name,
            spread(report.generated, name),
            spread(report.real, name),
            f"{report.distances[name]:.3f}",
            f"{report.yardstick[name]:.3f}",
        )
        for name in MEASURES
    ]
