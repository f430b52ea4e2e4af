"""What a generator does to healthy lungs at each place: mean and standard deviation of its differences."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.errors import StudioError
from cxr_studio.files import replaced
from cxr_studio.masks.boxes import Mask
from cxr_studio.quality.highlighting.places import lung_frame
from cxr_studio.quality.highlighting.roundness import together
from cxr_studio.resources import resource, user_models
from cxr_studio.restore.classical import Unit

GRID = 64
"""Cells a side of the grid that is laid over the box around both lungs."""

FOLDER = "highlighting"
SUFFIX = ".safetensors"
CARD_KEY = "card"
TENSORS = "mean", "sd", "round_mean", "round_sd"


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
        samples: Fills of every hole, see HighlightOptions.
    """

    generator: str
    checkpoint_sha256: str
    images: int
    scales: tuple[int, ...]
    lungs_sha256: str = ""
    source: str = ""
    samples: int = 1


@dataclass(frozen=True, eq=False)
class HealthyDifferences:
    """Mean and standard deviation of what the maps of healthy lungs show at each place.

    Attributes:
        card: Where they come from.
        mean: Of the smoothed signed map, ``float32 [stages, G, G]``; stage k is that of the k + 1 coarsest scales.
        sd: The same for the standard deviation.
        round_mean: Of the roundness at every size, ``float32 [stages, sizes, G, G]``; None where it was not learned.
        round_sd: The same for the standard deviation.
    """

    card: HealthyCard
    mean: Unit
    sd: Unit = field(repr=False)
    round_mean: Unit | None = field(default=None, repr=False)
    round_sd: Unit | None = field(default=None, repr=False)

    def z(self, signed: Plane, lungs: Mask, *, stage: int) -> Plane:
        """Standard deviations from healthy, ``float32 [H, W]``.

        Args:
            signed: The smoothed signed map.
            lungs: ``bool [H, W]``, both lungs.
            stage: How many scales the map is made of, minus 1.
        """
        return _standard(signed, lungs, self.mean[stage], self.sd[stage])

    def focal(self, responses: Plane, lungs: Mask, *, stage: int) -> Plane | None:
        """How much rounder a place is than healthy ones, standard deviations ``float32 [h, w]``; see ``together``.

        Args:
            responses: Roundness at every size, ``float32 [sizes, h, w]``.
            lungs: ``bool [h, w]``, both lungs.
            stage: How many scales the map is made of, minus 1.

        Returns:
            None where it was not learned.
        """
        if self.round_mean is None or self.round_sd is None or self.round_mean.shape[1] != len(responses):
            return None
        figures = zip(responses, self.round_mean[stage], self.round_sd[stage], strict=True)
        return together(np.stack([_standard(plane, lungs, mean, sd) for plane, mean, sd in figures]))


def _standard(plane: Plane, lungs: Mask, mean: Unit, sd: Unit) -> Plane:
    """Standard deviations from a mean, both given on the grid over the box around the lungs; 0 outside that box."""
    import cv2

    y0, x0, y1, x1 = lung_frame(lungs)
    usual, spread = (cv2.resize(part, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR) for part in (mean, sd))
    scores = np.zeros(plane.shape, np.float32)
    scores[y0:y1, x0:x1] = (plane[y0:y1, x0:x1] - usual) / spread
    return scores


def save(path: Path, healthy: HealthyDifferences) -> None:
    """Write the figures with their card, half precision.

    Raises:
        WriteError: the file cannot be written.
    """
    from safetensors.numpy import save_file

    there = [name for name in TENSORS if getattr(healthy, name) is not None]
    tensors = {name: getattr(healthy, name).astype(np.float16) for name in there}
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
            there = set(opened.keys())
            parts = {name: np.asarray(opened.get_tensor(name), np.float32) for name in TENSORS if name in there}
        values["scales"] = tuple(values["scales"])
        _check(parts)
        return HealthyDifferences(HealthyCard(**values), **parts)
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as fault:
        raise StudioError(
            f"the file holds no figures of healthy lungs ({fault})",
            file=path,
            remedy="Create it again with cxr-studio highlight --learn",
        ) from fault


def _check(parts: dict[str, Unit]) -> None:
    """Refuse figures that make no sense with a ValueError; those of roundness may be missing."""
    for mean, sd, axes in (("mean", "sd", 3), ("round_mean", "round_sd", 4)):
        if mean not in parts and sd not in parts and axes == 4:
            continue
        shapes = {parts[mean].shape, parts[sd].shape}
        if len(shapes) != 1 or parts[mean].ndim != axes or not (parts[sd] > 0).all():
            raise ValueError("its figures are invalid")


def find_healthy(
    generator: str, checkpoint_sha256: str, *, scales: tuple[int, ...], samples: int = 1
) -> HealthyDifferences | None:
    """The figures of this very checkpoint with these scales and samples, bundled or the user's; None without."""
    folders = (resource(FOLDER), user_models() / FOLDER)
    for path in [path for folder in folders for path in sorted(folder.glob(f"*{SUFFIX}"))]:
        try:
            healthy = _read(path, path.stat().st_mtime_ns)
        except StudioError:
            continue
        card = healthy.card
        same = card.checkpoint_sha256 == checkpoint_sha256 and (checkpoint_sha256 or card.generator == generator)
        if same and (card.scales, card.samples) == (scales, samples):
            return healthy
    return None


@lru_cache(maxsize=16)
def _read(path: Path, changed: int) -> HealthyDifferences:  # noqa: ARG001
    return read(path)
