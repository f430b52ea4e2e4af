"""What a generator does to healthy lungs at each place: mean and standard deviation of its differences."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import StudioError
from cxr_studio.files import replaced
from cxr_studio.inpainting.classical import Unit
from cxr_studio.masks.boxes import Mask, clip, cut
from cxr_studio.quality.highlighting.map import Plane
from cxr_studio.quality.highlighting.places import lung_frame
from cxr_studio.resources import resource, user_models

GRID = 64
"""Cells a side of the grid that is laid over the box around both lungs."""

BLUR = 1.5
"""Standard deviation in cells over which neighbours are pooled: lungs are not aligned better than that."""

LEAST_IMAGES = 12.0
"""A cell that fewer radiographs reach takes the figures of all cells."""

FLOOR = 0.4
"""Least standard deviation of a cell, share of that of all cells."""

FOLDER = "highlighting"
SUFFIX = ".safetensors"
CARD_KEY = "card"


@dataclass(frozen=True)
class HealthyCard:
    """Where the figures come from.

    Attributes:
        generator: Registry name.
        checkpoint_sha256: Of the generator's file; "" for a built-in one.
        images: How many healthy radiographs with lungs that were found.
        scales: Of the search, see HighlightOptions.
        lungs_sha256: Of the lung network.
        source: A sentence on the radiographs.
    """

    generator: str
    checkpoint_sha256: str
    images: int
    scales: tuple[int, ...]
    lungs_sha256: str = ""
    source: str = ""


@dataclass(frozen=True, eq=False)
class HealthyDifferences:
    """Mean and standard deviation of the smoothed signed map of healthy lungs.

    Attributes:
        card: Where they come from.
        mean: ``float32 [stages, G, G]``; stage k is the map of the k + 1 coarsest scales.
        sd: The same for the standard deviation.
    """

    card: HealthyCard
    mean: Unit
    sd: Unit = field(repr=False)

    def z(self, signed: Plane, lungs: Mask, *, stage: int) -> Plane:
        """Standard deviations from healthy, ``float32 [H, W]``.

        Args:
            signed: The smoothed signed map.
            lungs: ``bool [H, W]``, both lungs.
            stage: How many scales the map is made of, minus 1.
        """
        import cv2

        y0, x0, y1, x1 = lung_frame(lungs)
        size = x1 - x0, y1 - y0
        mean, sd = (cv2.resize(plane[stage], size, interpolation=cv2.INTER_LINEAR) for plane in (self.mean, self.sd))
        scores = np.zeros(signed.shape, np.float32)
        scores[y0:y1, x0:x1] = (signed[y0:y1, x0:x1] - mean) / sd
        return scores


class HealthySums:
    """Adds up maps of healthy radiographs, one after the other.

    Args:
        stages: Maps of each radiograph.
    """

    def __init__(self, stages: int) -> None:
        self.images = 0
        self._count = np.zeros((GRID, GRID))
        self._sums = np.zeros((2, stages, GRID, GRID))

    def add(self, maps: Sequence[Plane], lungs: Mask, looked_at: Mask) -> None:
        """Add one radiograph's signed maps, coarsest first."""
        import cv2

        box = cut(clip(lung_frame(lungs), lungs.shape))
        weight = cv2.resize(looked_at[box].astype(np.float32), (GRID, GRID), interpolation=cv2.INTER_AREA)
        self.images += 1
        self._count += weight
        for stage, plane in enumerate(maps):
            small = cv2.resize(plane[box], (GRID, GRID), interpolation=cv2.INTER_AREA) / np.maximum(weight, 1e-3)
            for power in (1, 2):
                self._sums[power - 1, stage] += weight * small**power

    def finish(self, card: HealthyCard) -> HealthyDifferences:
        """Mean and standard deviation of every cell, neighbours pooled.

        Raises:
            StudioError: nothing was added.
        """
        if not self.images:
            raise StudioError("no lungs were found in any of these radiographs", remedy="Give frontal radiographs")
        count = _blurred(self._count)
        means, sds = [], []
        for first, second in zip(*self._sums, strict=True):
            mean, sd = _moments(_blurred(first), _blurred(second), count)
            all_mean, all_sd = _moments(*(np.asarray(part.sum()) for part in (first, second, self._count)))
            few = count < min(LEAST_IMAGES, 0.5 * self.images)
            means.append(np.where(few, all_mean, mean))
            sds.append(np.maximum(np.where(few, all_sd, sd), max(FLOOR * float(all_sd), 1e-6)))
        return HealthyDifferences(card, np.asarray(means, np.float32), np.asarray(sds, np.float32))


def save(path: Path, healthy: HealthyDifferences) -> None:
    """Write the figures with their card, half precision.

    Raises:
        WriteError: the file cannot be written.
    """
    from safetensors.numpy import save_file

    tensors = {"mean": healthy.mean.astype(np.float16), "sd": healthy.sd.astype(np.float16)}
    with replaced(path) as beside:
        save_file(tensors, beside, metadata={CARD_KEY: json.dumps(asdict(healthy.card), sort_keys=True)})


def read(path: Path) -> HealthyDifferences:
    """Read a file that ``save`` wrote.

    Raises:
        StudioError: it is none.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as opened:
            values = json.loads(opened.metadata()[CARD_KEY])
            mean, sd = (np.asarray(opened.get_tensor(name), np.float32) for name in ("mean", "sd"))
        values["scales"] = tuple(values["scales"])
        if mean.shape != sd.shape or mean.ndim != 3 or not (sd > 0).all():
            raise ValueError("its figures make no sense")
        return HealthyDifferences(HealthyCard(**values), mean, sd)
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as fault:
        raise StudioError(
            f"the file holds no figures of healthy lungs ({fault})",
            file=path,
            remedy="Write it anew with cxr-studio highlight --learn",
        ) from fault


def find_healthy(generator: str, checkpoint_sha256: str, *, scales: tuple[int, ...]) -> HealthyDifferences | None:
    """The figures of this very checkpoint with these scales, bundled or in the user's folder; None without."""
    folders = (resource(FOLDER), user_models() / FOLDER)
    for path in [path for folder in folders for path in sorted(folder.glob(f"*{SUFFIX}"))]:
        try:
            healthy = _read(path, path.stat().st_mtime_ns)
        except StudioError:
            continue
        card = healthy.card
        same = card.checkpoint_sha256 == checkpoint_sha256 and (checkpoint_sha256 or card.generator == generator)
        if same and card.scales == scales:
            return healthy
    return None


@lru_cache(maxsize=16)
def _read(path: Path, changed: int) -> HealthyDifferences:  # noqa: ARG001
    return read(path)


Cells = NDArray[np.float64]


def _moments(first: Cells, second: Cells, count: Cells) -> tuple[Cells, Cells]:
    mean = first / np.maximum(count, 1e-6)
    return mean, np.asarray(np.sqrt(np.maximum(second / np.maximum(count, 1e-6) - mean**2, 0)))


def _blurred(cells: Cells) -> Cells:
    import cv2

    return np.asarray(cv2.GaussianBlur(cells, (0, 0), BLUR, borderType=cv2.BORDER_CONSTANT))
