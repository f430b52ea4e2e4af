"""Whether a small network can tell drawn nodules from simulated ones: 50 % is the best a generator can do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.events import Progress, silent
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.networks.observer import Training, cross_validated
from cxr_studio.nodules.simulation import Simulated
from cxr_studio.nodules.thickness import drawn_density
from cxr_studio.quality.nodule_evaluation import Panel
from cxr_studio.quality.nodule_ways import grained, kept

CROP = 96
"""Side in pixels of the square around the nodule that the observer sees."""

BLOB = 0.25
"""Standard deviation of the naive Gaussian blob, as a share of the diameter."""

RESAMPLES = 2000


@dataclass(frozen=True)
class Realism:
    """How well one source is told from simulated nodules.

    Attributes:
        title: The source.
        patches: Number of patches, half of them drawn.
        accuracy: Share told right, by networks that saw nothing of the patient.
        low: Of its 95 % interval, by bootstrap over patients.
        high: Likewise.
    """

    title: str
    patches: int
    accuracy: float
    low: float
    high: float


def realism(title: str, drawn: Sequence[Plane], pairs: Sequence[Simulated], *, groups: Sequence[str]) -> Realism:
    """Train the observer on every second pair as drawn and on the others as simulated, and ask it.

    Args:
        title: The source.
        drawn: Patches of all pairs with the drawn nodule.
        pairs: The pairs.
        groups: Patient of each pair.
    """
    fake = _alternating(groups)
    patches = np.stack([_crop(d if f else pair.real) for d, pair, f in zip(drawn, pairs, fake, strict=True)])
    found = cross_validated(patches, fake, groups=list(groups), training=Training(seed=1))
    right = (found > 0.5) == fake
    low, high = _interval(right, groups)
    return Realism(title, len(patches), float(right.mean()), low, high)


def drawn_densities(count: int) -> list[float]:
    """Densities as the program draws them by seed."""
    return [drawn_density(None, number) for number in range(count)]


def blobs(pairs: Sequence[Simulated]) -> list[Plane]:
    """A naive nodule: a Gaussian that adds as much grey in all as a nodule of the usual density."""
    found = []
    for number, pair in enumerate(pairs):
        total = float(pair.contrast(drawn_density(None, number)).sum())
        y, x = np.mgrid[: pair.mask.shape[0], : pair.mask.shape[1]]
        rows, columns = np.nonzero(pair.mask)
        sigma = BLOB * 2 * np.sqrt(len(rows) / np.pi)
        blob = np.exp(-((y - rows.mean()) ** 2 + (x - columns.mean()) ** 2) / (2 * sigma**2))
        found.append(np.clip(pair.healthy + (total / blob.sum() * blob).astype(np.float32), -1, 1))
    return found


def all_realisms(
    checkpoint: Checkpoint, panel: Panel, superposed: Panel, *, device: str = "auto", progress: Progress = silent
) -> list[Realism]:
    """Ask about the texture generator both ways, CT superposition and a Gaussian blob.

    Args:
        checkpoint: The texture generator.
        panel: Pairs of held-out CT series.
        superposed: Pairs of the CT nodules that the program superposes, on the same radiographs.
        device: Where the generator runs.
        progress: Called after every source.
    """
    pairs, title = panel.pairs, checkpoint.card.title
    densities = drawn_densities(len(pairs))
    sources: dict[str, Callable[[], list[Plane]]] = {
        f"{title}, own background": lambda: kept(checkpoint, pairs, densities, device=device),
        f"{title}, all drawn": lambda: grained(checkpoint, pairs, densities, device=device),
        "CT superposition, bundled nodules": lambda: [pair.real for pair in superposed.pairs],
        "Gaussian blob": lambda: blobs(pairs),
    }
    found = []
    for place, (name, draw) in enumerate(sources.items()):
        found.append(realism(name, draw(), pairs, groups=panel.patients))
        progress((place + 1) / len(sources), name)
    return found


def _alternating(groups: Sequence[str]) -> NDArray[np.bool_]:
    """Every second pair of a patient is drawn, the other simulated."""
    seen: dict[str, int] = {}
    fake = []
    for group in groups:
        seen[group] = seen.get(group, -1) + 1
        fake.append(seen[group] % 2 == 1)
    return np.array(fake)


def _crop(patch: Plane) -> Plane:
    edge = (patch.shape[0] - CROP) // 2
    return np.asarray(patch[edge : edge + CROP, edge : edge + CROP], np.float32)


def _interval(right: NDArray[np.bool_], groups: Sequence[str]) -> tuple[float, float]:
    """95 % of bootstrap samples of patients."""
    names, index = np.unique(np.asarray(groups), return_inverse=True)
    hits, counts = np.bincount(index, right.astype(float)), np.bincount(index)
    chosen = np.random.default_rng(0).integers(0, len(names), (RESAMPLES, len(names)))
    shares = hits[chosen].sum(axis=1) / counts[chosen].sum(axis=1)
    low, high = np.percentile(shares, (2.5, 97.5))
    return float(low), float(high)
