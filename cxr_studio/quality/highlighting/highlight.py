"""Finding what is abnormal by what inpainting removes (Belli et al. 2018, "Context encoding chest X-rays").

Square holes slide over the lungs; a generator that has seen healthy lungs only fills them, and what it would have
drawn otherwise is the map. A structure larger than the hole reaches the known surroundings and is continued instead
of removed, so the holes slide over the halved and the quartered image too.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cxr_studio.errors import GeneratorError
from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.inpainting.classical import Unit
from cxr_studio.inpainting.devices import choose_device, device_title
from cxr_studio.inpainting.field import grid_scale
from cxr_studio.inpainting.generators import GeneratorFacts, find
from cxr_studio.inpainting.hashing import array_sha256
from cxr_studio.masks.boxes import Mask
from cxr_studio.nodules.lungs import Lungs, lung_mask
from cxr_studio.quality.highlighting.map import AbnormalityMap, Kind, hot_spots
from cxr_studio.quality.highlighting.windows import Differences, SquareFill, hole_corners, slide, square_fill
from cxr_studio.radiographs.presets import default_window
from cxr_studio.version import program_version

if TYPE_CHECKING:
    from cxr_studio.radiographs.radiograph import Radiograph

THRESHOLDS: dict[Kind, float] = {"absolute": 0.05, "signed": 0.04, "z": 2.5}
"""Where a hot spot begins; shares of the window, and standard deviations."""

SMOOTHING = 0.012
"""Standard deviation of the Gaussian that smooths the map, share of the image's longest side."""


@dataclass(frozen=True)
class HighlightOptions:
    """How a radiograph is searched.

    Attributes:
        generator: Registry name of a generator whose role is to restore, or a checkpoint file.
        normalise: Make the z-map too, where the generator's differences in healthy lungs are known.
        limit_to_lungs: Search the lungs alone, where they are found.
        scales: By how much the image is shrunk, finest first; holes grow by the same factor.
        strides: From hole to hole at each scale, share of the hole's side; coarse ones are cheap and need more.
    """

    generator: str = "context-encoder"
    normalise: bool = True
    limit_to_lungs: bool = True
    scales: tuple[int, ...] = (1, 2, 4)
    strides: tuple[float, ...] = (0.75, 0.5, 0.375)


def default_threshold(kind: Kind) -> float:
    """Where a hot spot begins, in the units of that map."""
    return THRESHOLDS[kind]


def highlight(
    radiograph: Radiograph,
    options: HighlightOptions = HighlightOptions(),
    *,
    device: str = "auto",
    cancel: CancelToken | None = None,
    progress: Progress = silent,
) -> AbnormalityMap:
    """Return the complete map; see ``refinements``."""
    *_, last = refinements(radiograph, options, device=device, cancel=cancel, progress=progress)
    return last


def refinements(
    radiograph: Radiograph,
    options: HighlightOptions = HighlightOptions(),
    *,
    device: str = "auto",
    cancel: CancelToken | None = None,
    progress: Progress = silent,
) -> Iterator[AbnormalityMap]:
    """Search a radiograph, coarse scales first.

    Args:
        radiograph: Of any size from 64 pixels a side.
        options: What to search with.
        device: "auto", "cpu", "cuda" or "mps".
        cancel: Looked at between batches of holes.
        progress: Called after every batch.

    Yields:
        A map after every scale; the last one is ``complete``.

    Raises:
        GeneratorError: there is no such generator or device, or it fills no mask.
        CheckpointError: its weights do not fit.
        Cancelled: on request.
    """
    search = _Search.begin(radiograph, options, device)
    cancel = cancel or CancelToken()
    total, done = max(1, sum(len(corners) for _, _, corners in search.levels)), 0
    for place in reversed(range(len(search.levels))):
        _, plane, corners = search.levels[place]
        onto = search.sums[place]
        for count in slide(search.fill, plane, corners, onto=onto, cancel=cancel):
            progress((done + count) / total, f"Searching, holes of {search.hole(place)} pixels")
        done += len(corners)
        yield search.result(from_level=place)


@dataclass(frozen=True, eq=False)
class _Search:
    """Everything that stays the same while one radiograph is searched."""

    radiograph: Radiograph
    options: HighlightOptions
    facts: GeneratorFacts
    fill: SquareFill
    lungs: Lungs
    levels: list[tuple[int, Unit, list[tuple[int, int]]]]
    sums: list[Differences]
    started: float

    @classmethod
    def begin(cls, radiograph: Radiograph, options: HighlightOptions, device: str) -> _Search:
        started = time.perf_counter()
        facts, chosen = find(options.generator), choose_device(device)
        fill = square_fill(facts, chosen)
        lungs = lung_mask(radiograph, device=chosen) if options.limit_to_lungs else _everywhere(radiograph)
        scale = grid_scale(fill.card, radiograph.shape, radiograph.spacing)
        image = _unit(radiograph)
        levels = []
        for shrink, step in zip(options.scales, options.strides, strict=True):
            plane = _shrunk(image, scale * shrink)
            within = _shrunk(lungs.mask.astype(np.float32), scale * shrink) >= 0.5
            stride = max(1, round(step * fill.card.hole_side))
            corners = hole_corners(within, fill.card.hole_side, stride)
            if corners:
                levels.append((shrink, plane, corners))
        if not levels:
            raise GeneratorError(
                f"the radiograph is too small for holes of {fill.card.hole_side} network pixels",
                file=radiograph.source.path,
                remedy="Give a larger radiograph",
            )
        sums = [Differences.nothing(plane.shape) for _, plane, _ in levels]
        return cls(radiograph, options, facts, fill, lungs, levels, sums, started)

    def hole(self, place: int) -> int:
        """Side of a hole of a level in pixels of the radiograph."""
        scale = self.radiograph.shape[0] / self.levels[place][1].shape[0]
        return int(self.fill.card.hole_side * scale + 0.5)

    def result(self, *, from_level: int) -> AbnormalityMap:
        """The map from this level and all coarser ones."""
        shape = self.radiograph.shape
        looked_at = np.zeros(shape, bool)
        absolute, signed = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        counted = self.sums[from_level:]
        for sums in counted:
            mean_absolute, mean_signed = sums.means()
            absolute += _enlarged(mean_absolute, shape) / len(counted)
            signed += _enlarged(mean_signed, shape) / len(counted)
            looked_at |= _enlarged((sums.weight > 0).astype(np.float32), shape) > 0.5
        looked_at &= self.lungs.mask
        absolute, signed = (_smoothed(plane, looked_at) for plane in (absolute, signed))
        threshold = default_threshold("absolute")
        return AbnormalityMap(
            absolute=absolute,
            signed=signed,
            z=None,
            looked_at=looked_at,
            spots=hot_spots(absolute, looked_at, threshold=threshold, spacing=self.radiograph.spacing),
            generator=self.facts.name,
            complete=from_level == 0,
            seconds=time.perf_counter() - self.started,
            device=device_title(self.fill.device),
            provenance=self.provenance(),
            notes=(self.lungs.words,),
        )

    def provenance(self) -> dict[str, object]:
        """What the map came from."""
        checkpoint = self.facts.checkpoint
        return {
            "radiograph_sha256": self.radiograph.source.sha256,
            "stored_sha256": array_sha256(self.radiograph.stored),
            "generator": self.facts.name,
            "checkpoint_sha256": checkpoint.sha256 if checkpoint else "",
            "scales": list(self.options.scales),
            "strides": list(self.options.strides),
            "limit_to_lungs": self.options.limit_to_lungs,
            "lungs": self.lungs.words,
            "program": program_version(),
        }


def _unit(radiograph: Radiograph) -> Unit:
    """The image in the values that generators see, cut to the window so that burnt-in marks weigh no more."""
    low, high = radiograph.grey.unit_range(default_window(radiograph))
    return np.asarray(np.clip((radiograph.pixels - np.float32(low)) / np.float32(high - low), 0, 1), np.float32)


def _everywhere(radiograph: Radiograph) -> Lungs:
    return Lungs(np.ones(radiograph.shape, bool), False, "The whole image was searched, as asked.")


def _shrunk(image: Unit, scale: float) -> Unit:
    import cv2

    if scale == 1.0:
        return image
    size = max(2, round(image.shape[1] / scale)), max(2, round(image.shape[0] / scale))
    how = cv2.INTER_AREA if scale > 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, size, interpolation=how))


def _enlarged(image: Unit, shape: tuple[int, int]) -> Unit:
    import cv2

    if image.shape == shape:
        return image
    return np.asarray(cv2.resize(image, shape[::-1], interpolation=cv2.INTER_LINEAR))


def _smoothed(plane: Unit, inside: Mask) -> Unit:
    """Gaussian mean over the pixels that were looked at; 0 elsewhere."""
    import cv2

    sigma = SMOOTHING * max(plane.shape)
    weight = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), sigma)
    total = cv2.GaussianBlur(np.where(inside, plane, np.float32(0)), (0, 0), sigma)
    return np.where(inside, total / np.maximum(weight, 1e-3), 0).astype(np.float32)
