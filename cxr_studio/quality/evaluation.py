"""How near generators come to the truth on the same holes, and whether they keep the grain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_studio.datasets.listing import radiograph_files
from cxr_studio.datasets.patients import patient_of
from cxr_studio.events import Progress, silent
from cxr_studio.generation.request import view_of
from cxr_studio.masks.boxes import cut, padded
from cxr_studio.metrics.fidelity import mse, psnr, ssim
from cxr_studio.metrics.grain import grain_ratio
from cxr_studio.metrics.seam import seam_ratio
from cxr_studio.networks.checkpoint import is_checkpoint_name
from cxr_studio.quality.holes import Hole, draw_holes
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import VARIATIONS, FillOptions, FillRequest, Grain

SEED = 20_180_701
"""Seed of the holes, unless another is asked for."""

RANGE = 255.0
"""Values are compared on the scale on which the generator's 0 and 1 are 0 and 255."""

SURROUNDINGS = 32
"""Pixels around a hole that the seam is judged with."""

GRAINS: dict[Grain, str] = {"off": "", "match": ", grain matched", "spectrum": ", grain of every scale"}
"""What a row's title says of its grain."""

BASELINES = ("telea", "navier-stokes", "biharmonic")


@dataclass(frozen=True)
class Way:
    """One row of the table: a generator and its grain."""

    generator: str
    grain: Grain

    @property
    def title(self) -> str:
        """What the table calls it."""
        name = Path(self.generator).stem if is_checkpoint_name(self.generator) else self.generator
        return name + GRAINS[self.grain]


@dataclass(frozen=True)
class Score:
    """Figures of one hole; PSNR in dB and MSE on the 0 to 255 scale, over the 64 × 64 hole."""

    psnr: float
    mse: float
    ssim: float
    grain: float
    seam: float
    seconds: float


@dataclass(frozen=True)
class Row:
    """A way's means and standard deviations over all holes."""

    way: Way
    holes: int
    mean: Score
    sd: Score


def read_images(folder: Path) -> list[tuple[Path, Radiograph]]:
    """Read the radiographs of a folder in name order.

    Raises:
        StudioError: there are none, or one cannot be read.
    """
    return [(path, read_radiograph(path)) for path in radiograph_files(folder)]


def all_holes(images: Iterable[tuple[Path, Radiograph]], *, each: int, seed: int = SEED) -> list[Hole]:
    """Draw ``each`` holes in every radiograph."""
    return [hole for path, image in images for hole in draw_holes(image, path, count=each, seed=seed)]


def ways_of(generator: str) -> tuple[Way, ...]:
    """The classical baselines, the generator's plain output and its output with grain."""
    plain = (*(name for name in BASELINES if name != generator), generator)
    return (*(Way(name, "off") for name in plain), Way(generator, "match"))


def filled_patch(hole: Hole, way: Way, *, margin: int = 0, device: str = "auto") -> tuple[NDArray[np.float32], float]:
    """Fill a hole and cut it out; returns values on the 0 to 255 scale, with ``margin`` around, and the seconds."""
    radiograph = hole.radiograph
    unit = radiograph.unit_range
    patient = patient_of(Path(hole.name), radiograph.header)
    options = FillOptions(
        way.generator, seed=VARIATIONS + hole.number, grain=way.grain, grow=0, feather=0, without=patient
    )
    request = FillRequest(hole.number, view_of(radiograph), options, hole.mask())
    result = fill(request, device=device)
    box = padded(hole.box, margin, radiograph.shape)
    values = true_patch(hole, margin=margin).copy()
    for patch in result.patches:
        y, x = patch.box[0] - box[0], patch.box[1] - box[1]
        height, width = patch.stored.shape
        values[y : y + height, x : x + width] = scaled(radiograph, patch.stored, unit)
    return values, result.seconds


def true_patch(hole: Hole, *, margin: int = 0) -> NDArray[np.float32]:
    """The hole's own pixels on the 0 to 255 scale, with ``margin`` around."""
    radiograph = hole.radiograph
    unit = radiograph.unit_range
    return scaled(radiograph, radiograph.stored[cut(padded(hole.box, margin, radiograph.shape))], unit)


def scaled(radiograph: Radiograph, stored: NDArray[np.generic], unit: tuple[float, float]) -> NDArray[np.float32]:
    """Stored values on the scale on which the unit range is 0 to 255."""
    pixels = radiograph.grey.decode(stored)  # type: ignore[arg-type]
    return np.asarray((pixels - unit[0]) * np.float32(RANGE / (unit[1] - unit[0])), np.float32)


def score(hole: Hole, way: Way, *, device: str = "auto") -> Score:
    """Fill one hole and compare it with the truth."""
    wide, seconds = filled_patch(hole, way, margin=SURROUNDINGS, device=device)
    true_wide = true_patch(hole, margin=SURROUNDINGS)
    around = padded(hole.box, SURROUNDINGS, hole.radiograph.shape)
    mask = hole.mask()[cut(around)]
    inner = cut((hole.box[0] - around[0], hole.box[1] - around[1], hole.box[2] - around[0], hole.box[3] - around[1]))
    filled, true = wide[inner], true_wide[inner]
    return Score(
        psnr=psnr(filled, true, value_range=RANGE),
        mse=mse(filled, true),
        ssim=ssim(filled, true, value_range=RANGE),
        grain=grain_ratio(wide, true_wide, mask),
        seam=seam_ratio(wide, mask),
        seconds=seconds,
    )


def evaluate(
    holes: Sequence[Hole], ways: Sequence[Way], *, device: str = "auto", progress: Progress = silent
) -> list[Row]:
    """Score every way on every hole."""
    rows = []
    for place, way in enumerate(ways):
        scores = []
        for done, hole in enumerate(holes):
            scores.append(score(hole, way, device=device))
            progress((place * len(holes) + done + 1) / (len(ways) * len(holes)), way.title)
        rows.append(_summary(way, scores))
    return rows


def as_json(rows: Iterable[Row]) -> list[dict[str, object]]:
    """Rows as plain JSON values."""
    return [
        {
            "generator": r.way.generator,
            "grain": r.way.grain,
            "holes": r.holes,
            "mean": asdict(r.mean),
            "sd": asdict(r.sd),
        }
        for r in rows
    ]


def _summary(way: Way, scores: Sequence[Score]) -> Row:
    names = list(asdict(scores[0]))
    values = np.array([[getattr(one, name) for name in names] for one in scores])
    finite = np.where(np.isfinite(values), values, np.nan)
    mean = {n: float(v) for n, v in zip(names, np.nanmean(finite, axis=0), strict=True)}
    sd = {n: float(v) for n, v in zip(names, np.nanstd(finite, axis=0), strict=True)}
    return Row(way, len(scores), Score(**mean), Score(**sd))
