"""What fills look like beside how visible they are: ridges, grain at every scale, distances, variations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.events import Progress, silent
from cxr_studio.masks.boxes import cut
from cxr_studio.metrics.by_patient import Estimate, Spread, estimate, jackknifed, means, patient_counts
from cxr_studio.metrics.fidelity import psnr, ssim_map
from cxr_studio.metrics.frechet import Moments, frechet_distance, merged
from cxr_studio.metrics.grain import band_ratios, grain_ratio
from cxr_studio.metrics.kernel_distance import kernel_distance
from cxr_studio.metrics.ridges import RIBS, VESSELS, ridges
from cxr_studio.quality.evaluation import RANGE, Way
from cxr_studio.quality.observers.asking import Drawn
from cxr_studio.quality.observers.features import hole_features
from cxr_studio.quality.observers.scenes import Scene

ORIGINAL = "original"


@dataclass(frozen=True)
class SceneFigures:
    """Figures of one fill of one hole; NaN where there is nothing to measure.

    Attributes:
        psnr: Over the hole's pixels, dB, on the scale on which the window's edges are 0 and 255.
        ssim: Mean over the hole's pixels.
        grain: Standard deviation of the Laplacian, filled over original.
        fine: Power at 1 to 2 pixels, filled over original.
        middle: At 2 to 4 pixels.
        coarse: At 4 to 8 pixels.
        vessels: Ridges of 3 to 6 pixels, inside over around.
        vessels_on: Their continuity across the border.
        ribs: Ridges of 10 to 20 pixels, inside over around.
        ribs_on: Their continuity across the border.
        variations: Mean PSNR between variations of the fill, dB; NaN where there is one only, infinite for none.
    """

    psnr: float
    ssim: float
    grain: float
    fine: float
    middle: float
    coarse: float
    vessels: float
    vessels_on: float
    ribs: float
    ribs_on: float
    variations: float


FIGURES = tuple(one.name for one in fields(SceneFigures))


@dataclass(frozen=True)
class Structure:
    """A row: a fill's figures with intervals by patient.

    Attributes:
        title: The fill, or "original".
        figures: Means by name.
        frechet: Distance of features under the holes from those of the originals.
        kernel: Kernel distance likewise, a vector a hole.
    """

    title: str
    figures: dict[str, Estimate]
    frechet: Spread
    kernel: Spread


def structure_rows(
    scenes: Sequence[Scene], ways: Sequence[Way], *, variations: int = 1, progress: Progress = silent
) -> list[Structure]:
    """Measure the originals, then every way.

    Args:
        scenes: Of test patients, with the fills of all ways and variations.
        ways: Rows.
        variations: How many of each way the scenes hold.
        progress: Called after every way.
    """
    rows = [_row(ORIGINAL, scenes, [[scene.real] for scene in scenes])]
    for done, way in enumerate(ways):
        there = [k for k in range(variations) if all(Drawn(way, k) in scene.fills for scene in scenes)]
        rows.append(_row(way.title, scenes, [[scene.filled(Drawn(way, k)) for k in there] for scene in scenes]))
        progress((done + 1) / len(ways), f"structure of {way.title}")
    return rows


def figures_of(scene: Scene, windows: Sequence[Plane]) -> SceneFigures:
    """Measure one fill, and how its variations differ.

    Args:
        scene: The hole.
        windows: The window after the fill, then after its variations.
    """
    hole, crop = scene.hole[cut(scene.crop)], cut(scene.crop)
    filled, true = windows[0][crop] * RANGE, scene.real[crop] * RANGE
    vessels, ribs = (ridges(windows[0][crop], hole, sigma) for sigma in (VESSELS, RIBS))
    fine, middle, coarse = band_ratios(filled, true, hole)
    between = [
        psnr(a[scene.hole] * RANGE, b[scene.hole] * RANGE, value_range=RANGE) for a, b in combinations(windows, 2)
    ]
    return SceneFigures(
        psnr=psnr(filled[hole], true[hole], value_range=RANGE),
        ssim=float(ssim_map(filled, true, value_range=RANGE)[hole].mean()),
        grain=grain_ratio(filled, true, hole),
        fine=fine,
        middle=middle,
        coarse=coarse,
        vessels=vessels.ratio,
        vessels_on=vessels.continuity,
        ribs=ribs.ratio,
        ribs_on=ribs.continuity,
        variations=float(np.mean(between)) if between else float("nan"),
    )


def _row(title: str, scenes: Sequence[Scene], windows: Sequence[Sequence[Plane]]) -> Structure:
    patients = [scene.patient for scene in scenes]
    measured = [figures_of(scene, shown) for scene, shown in zip(scenes, windows, strict=True)]
    counts = patient_counts(patients)
    figures = {
        name: estimate(means(np.array([getattr(one, name) for one in measured]), counts), null=1.0) for name in FIGURES
    }
    true = [hole_features(scene.real[cut(scene.crop)], scene.hole[cut(scene.crop)]) for scene in scenes]
    drawn = [
        hole_features(shown[0][cut(scene.crop)], scene.hole[cut(scene.crop)])
        for scene, shown in zip(scenes, windows, strict=True)
    ]
    return Structure(title, figures, _frechet(true, drawn, patients), _kernel(true, drawn, patients))


def _frechet(true: Sequence[Plane], drawn: Sequence[Plane], patients: Sequence[str]) -> Spread:
    """On all vectors; moments of each hole are computed once."""
    moments = [[Moments.of(vectors) for vectors in side] for side in (true, drawn)]

    def distance(kept: NDArray[np.bool_]) -> float:
        first, second = (merged(m for m, k in zip(side, kept, strict=True) if k) for side in moments)
        return float("nan") if first is None or second is None else frechet_distance(first, second)

    return jackknifed(distance, patients)


def _kernel(true: Sequence[Plane], drawn: Sequence[Plane], patients: Sequence[str]) -> Spread:
    """On one vector a hole, each feature in units of its spread among originals."""
    first, second = (np.stack([vectors.mean(0) for vectors in side]) for side in (true, drawn))
    centre, spread = first.mean(0), first.std(0) + 1e-6
    first, second = (first - centre) / spread, (second - centre) / spread
    return jackknifed(lambda kept: kernel_distance(first[kept], second[kept], paired=True), patients)
