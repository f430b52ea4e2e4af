"""How near drawn nodules come to simulated ones, as in the table of Shen et al.

Pairs are made by ``nodules.simulation``: a radiograph with a CT nodule added, its silhouette exact. A way of drawing
sees the radiograph without the nodule, nothing of what lies under the silhouette, and the silhouette.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.datasets.patients import Patients
from cxr_studio.errors import StudioError
from cxr_studio.events import Progress, silent
from cxr_studio.metrics.fidelity import mae, psnr, ssim_map
from cxr_studio.metrics.grain import band_ratios, grain_ratio
from cxr_studio.nodules.ct_library import bundled_library, held_out, read_library
from cxr_studio.nodules.diameter import PATCH_SIDE
from cxr_studio.nodules.simulation import Simulated, Simulator, views
from cxr_studio.quality.evaluation import read_images
from cxr_studio.radiographs.radiograph import Radiograph

SEED = 20_200_601
"""Seed of the pairs, unless another is asked for."""

DIAMETERS = (8.0, 90.0)
"""Range of the nodules' diameters in pixels; the logarithm is uniform."""

NOMINAL_MM = 0.375
"""Millimetres a pixel of a ChestX-ray14 PNG: 0.143 mm at 2682 pixels, shrunk to 1024."""

AT_ONCE = 8

Drawing = Callable[[Sequence[Simulated]], list[Plane]]
"""Draws the nodules of pairs: patches ``float32 [S, S]`` in -1 to 1."""


@dataclass(frozen=True, eq=False)
class Panel:
    """Simulated pairs to score on.

    Attributes:
        pairs: The pairs.
        patients: Whose radiograph each is in.
        words: A sentence on where the nodules are from.
    """

    pairs: tuple[Simulated, ...]
    patients: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class NoduleScore:
    """Figures of one patch, on grey 0 to 1.

    Attributes:
        psnr: Of the whole patch, dB.
        ssim: Of the whole patch.
        mae: Of the whole patch.
        masked_psnr: Under the silhouette, dB.
        masked_ssim: Mean over the silhouette's pixels.
        masked_mae: Under the silhouette.
        grain: Standard deviation of the Laplacian under the silhouette, drawn over simulated.
        fine: Power of the structures of 1 to 2 pixels under the silhouette, drawn over simulated.
        middle: Of 2 to 4 pixels.
        coarse: Of 4 to 8 pixels.
    """

    psnr: float
    ssim: float
    mae: float
    masked_psnr: float
    masked_ssim: float
    masked_mae: float
    grain: float
    fine: float
    middle: float
    coarse: float


@dataclass(frozen=True)
class NoduleRow:
    """One way of drawing: means and standard deviations over all pairs."""

    title: str
    pairs: int
    mean: NoduleScore
    sd: NoduleScore


def simulated_panel(
    images: Path, library: Path | None, *, count: int, seed: int = SEED, known: Patients | None = None
) -> Panel:
    """Make pairs from a folder of healthy radiographs.

    Args:
        images: The folder; radiographs of 1024 pixels are taken for ChestX-ray14's.
        library: CT nodules (.npz), of which only the held-out series are used; the bundled ones by default.
        count: Number of pairs.
        seed: Of everything random.
        known: A table of patients; without one they are taken from file or name.

    Raises:
        StudioError: no radiographs, or smaller than a patch; or the library cannot be read.
    """
    nodules = bundled_library() if library is None else read_library(library)
    unseen = [nodule for nodule in nodules if held_out(nodule.series)]
    words = f"Nodules: {len(unseen)} of CT series held out of all training."
    if not unseen:
        words = "Nodules: of CT series used in training; provide a library with held-out series for a fair test."
    seen = views(unseen or nodules, each=1, seed=0)
    read = read_images(images)
    shown = [_shown(path, image) for path, image in read]
    patients = [(known or Patients()).of(path, image.header) for path, image in read]
    simulator = Simulator(shown, seen, side=PATCH_SIDE, mm_per_pixel=NOMINAL_MM)
    low, high = np.log(DIAMETERS)
    found = []
    for k in range(count):
        rng = np.random.default_rng([seed, k])
        diameter = float(np.exp(rng.uniform(low, high)))
        found.append(simulator.pair(rng, diameter=diameter, subtlety=1.0, image=k % len(shown)))
    return Panel(tuple(found), tuple(patients[k % len(shown)] for k in range(count)), words)


def score(drawn: Plane, pair: Simulated) -> NoduleScore:
    """Compare one drawn patch with the simulated one."""
    image, truth, mask = np.clip(drawn, -1, 1) / 2 + np.float32(0.5), pair.real / 2 + 0.5, pair.mask
    similar = ssim_map(image, truth, value_range=1.0)
    fine, middle, coarse = band_ratios(image, truth, mask)
    return NoduleScore(
        psnr=psnr(image, truth, value_range=1.0),
        ssim=float(similar.mean()),
        mae=mae(image, truth),
        masked_psnr=psnr(image[mask], truth[mask], value_range=1.0),
        masked_ssim=float(similar[mask].mean()),
        masked_mae=mae(image[mask], truth[mask]),
        grain=grain_ratio(image, truth, mask),
        fine=fine,
        middle=middle,
        coarse=coarse,
    )


def evaluate_nodules(
    pairs: Sequence[Simulated], ways: dict[str, Drawing], *, progress: Progress = silent
) -> list[NoduleRow]:
    """Score every way on every pair."""
    rows = []
    for place, (title, drawing) in enumerate(ways.items()):
        scores: list[NoduleScore] = []
        for start in range(0, len(pairs), AT_ONCE):
            part = pairs[start : start + AT_ONCE]
            scores += [score(drawn, pair) for drawn, pair in zip(drawing(part), part, strict=True)]
            progress((place + len(scores) / len(pairs)) / len(ways), title)
        rows.append(_summary(title, scores))
    return rows


def _shown(path: Path, image: Radiograph) -> NDArray[np.uint8]:
    if min(image.shape) < PATCH_SIDE:
        raise StudioError(
            f"the radiograph is smaller than a patch of {PATCH_SIDE} pixels", file=path, remedy="Leave it out"
        )
    return image.unit_bytes()


def _summary(title: str, scores: Sequence[NoduleScore]) -> NoduleRow:
    names = list(asdict(scores[0]))
    values = np.array([[getattr(one, name) for name in names] for one in scores])
    finite = np.where(np.isfinite(values), values, np.nan)
    mean = dict(zip(names, map(float, np.nanmean(finite, axis=0)), strict=True))
    sd = dict(zip(names, map(float, np.nanstd(finite, axis=0)), strict=True))
    return NoduleRow(title, len(scores), NoduleScore(**mean), NoduleScore(**sd))
