"""The search of one radiograph: its planes, the holes on each, and what they have added up to."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.errors import GeneratorError
from cxr_studio.generation.devices import choose_device, device_title
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.hashing import array_sha256
from cxr_studio.generation.precision import precision_on
from cxr_studio.masks.boxes import Mask
from cxr_studio.networks.card import Card, Role
from cxr_studio.nodules.lungs import Lungs, lung_mask
from cxr_studio.quality.highlighting.healthy import HealthyDifferences, find_healthy
from cxr_studio.quality.highlighting.map import AbnormalityMap, hot_spots
from cxr_studio.quality.highlighting.options import HighlightOptions, default_threshold
from cxr_studio.quality.highlighting.planes import enlarged, resized, shrunk, smoothed, unit_image
from cxr_studio.quality.highlighting.roundness import responses, small_side
from cxr_studio.quality.highlighting.square_fills import CLASSICAL_CARD, square_fill
from cxr_studio.quality.highlighting.trusted import trusted
from cxr_studio.quality.highlighting.windows import Differences, SquareFill, hole_corners
from cxr_studio.restore.classical import Unit
from cxr_studio.restore.field import grid_scale
from cxr_studio.roles import find
from cxr_studio.version import program_version

if TYPE_CHECKING:
    from cxr_studio.radiographs.radiograph import Radiograph

LARGEST_HOLE = 0.4
"""Side of the largest hole, share of the image's longest side: beyond, too little of the lungs is left to see."""

FACTORS = (1, 2, 4)
"""By how much the image is shrunk, finest first."""

STRIDES = ((0.08, 0.75), (0.16, 0.5), (0.28, 0.375), (1.0, 0.25))
"""Up to this side of a hole (share of the image) holes are this far apart (share of the hole): the fine ones are many
and the coarse ones few."""


@dataclass(frozen=True, eq=False)
class Level:
    """One plane and its holes.

    Attributes:
        factor: By how much it is shrunk from the generator's own grid.
        plane: Unit values ``float32 [h, w]``.
        corners: Top left corners of the holes.
        sums: What they differed by so far.
    """

    factor: int
    plane: Unit
    corners: list[tuple[int, int]]
    sums: Differences


@dataclass(frozen=True, eq=False)
class Search:
    """Everything that stays the same while one radiograph is searched; levels are finest first."""

    radiograph: Radiograph
    options: HighlightOptions
    facts: GeneratorFacts
    fill: SquareFill
    lungs: Lungs
    levels: list[Level]
    started: float

    @classmethod
    def begin(
        cls, radiograph: Radiograph, options: HighlightOptions, device: str, *, like: Card | None = None
    ) -> Search:
        """Find the lungs and lay out the holes.

        Args:
            radiograph: What is searched.
            options: What with.
            device: "auto", "cpu", "cuda" or "mps".
            like: Geometry for a classical generator, which has none of its own.

        Raises:
            GeneratorError: no such generator or device, or the radiograph is too small for its holes.
            CheckpointError: its weights do not fit.
        """
        started = time.perf_counter()
        facts, chosen = find(options.generator, Role.RESTORE), choose_device(device)
        fill = square_fill(facts, chosen, like=like or CLASSICAL_CARD, samples=options.samples)
        lungs = _believed(lung_mask(radiograph, device=chosen)) if options.limit_to_lungs else _everywhere(radiograph)
        levels = _levels(radiograph, fill.card, lungs.mask, factors=options.scales or usual_scales(fill.card))
        if not levels:
            raise GeneratorError(
                f"the radiograph is too small for holes of {fill.card.hole_side} network pixels",
                file=radiograph.source.path,
                remedy="Give a larger radiograph",
            )
        return cls(radiograph, options, facts, fill, lungs, levels, started)

    def hole(self, level: Level) -> int:
        """Side of a level's hole in pixels of the radiograph."""
        return int(self.fill.card.hole_side * self.radiograph.shape[0] / level.plane.shape[0] + 0.5)

    def maps(self, *, finest: int) -> tuple[Plane, Plane, Mask]:
        """Smoothed absolute and signed map of the levels from ``finest`` on, and where they looked."""
        shape = self.radiograph.shape
        looked_at = np.zeros(shape, bool)
        absolute, signed = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        counted = self.levels[finest:]
        for level in counted:
            mean_absolute, mean_signed = level.sums.means()
            absolute += enlarged(mean_absolute, shape) / len(counted)
            signed += enlarged(mean_signed, shape) / len(counted)
            looked_at |= enlarged((level.sums.weight > 0).astype(np.float32), shape) > 0.5
        looked_at &= self.lungs.mask
        return smoothed(absolute, looked_at), smoothed(signed, looked_at), looked_at

    def responses(self, looked_at: Mask, *, finest: int) -> tuple[Plane, Mask]:
        """Roundness at every size by the levels from ``finest`` on, and where they looked, shrunk."""
        small = small_side(self.radiograph.shape)
        inside = resized(looked_at.astype(np.float32), small) >= 0.5
        signed = [resized(level.sums.means()[1], small) for level in self.levels[finest:]]
        fine, every = (np.asarray(np.sum(planes, axis=0), np.float32) for planes in (signed[:2], signed))
        return responses(fine, every, resized(self.levels[finest].plane, small), inside), inside

    def focal(self, healthy: HealthyDifferences, looked_at: Mask, *, finest: int) -> Plane | None:
        """How much more like a round spot each place is than in healthy lungs, ``float32 [H, W]``, or None."""
        found, inside = self.responses(looked_at, finest=finest)
        lungs = resized(self.lungs.mask.astype(np.float32), (inside.shape[0], inside.shape[1])) >= 0.5
        scores = healthy.focal(found, lungs, stage=len(self.levels) - 1 - finest)
        if scores is None:
            return None
        whole = enlarged(np.where(inside, np.maximum(scores, 0), 0).astype(np.float32), self.radiograph.shape)
        return np.where(looked_at, whole, np.float32(0))

    def result(self, *, finest: int) -> AbnormalityMap:
        """The map of the levels from ``finest`` on."""
        absolute, signed, looked_at = self.maps(finest=finest)
        healthy, why = self._healthy()
        stage = len(self.levels) - 1 - finest
        z = focal = None
        if healthy is not None:
            z = np.where(looked_at, healthy.z(signed, self.lungs.mask, stage=stage), np.float32(0))
            focal = self.focal(healthy, looked_at, finest=finest)
        found = AbnormalityMap(
            absolute=absolute,
            signed=signed,
            z=z,
            looked_at=looked_at,
            spots=(),
            generator=self.facts.name,
            complete=finest == 0,
            seconds=time.perf_counter() - self.started,
            device=device_title(self.fill.device),
            provenance=self._provenance(healthy, finest),
            notes=(self.lungs.words, *why),
            focal=focal,
        )
        kind = found.main_kind
        threshold, spacing = default_threshold(kind), self.radiograph.spacing
        return replace(found, spots=hot_spots(found.layer(kind), looked_at, threshold=threshold, spacing=spacing))

    @property
    def factors(self) -> tuple[int, ...]:
        """Of the levels, finest first."""
        return tuple(level.factor for level in self.levels)

    @property
    def checkpoint_sha256(self) -> str:
        """Of the generator's file; "" for a built-in one."""
        return self.facts.checkpoint.sha256 if self.facts.checkpoint else ""

    def _healthy(self) -> tuple[HealthyDifferences | None, tuple[str, ...]]:
        if not self.options.normalise:
            return None, ()
        if not self.lungs.found:
            return None, ("No lungs were found, so no z-map is available.",)
        healthy = find_healthy(self.facts.name, self.checkpoint_sha256, scales=self.factors, samples=self.fill.samples)
        if healthy is None:
            words = f"{self.facts.title} has not been measured on healthy lungs, so no z-map is available."
            return None, (words,)
        return healthy, ()

    def _provenance(self, healthy: HealthyDifferences | None, finest: int) -> dict[str, object]:
        return {
            "radiograph_sha256": self.radiograph.source.sha256,
            "stored_sha256": array_sha256(self.radiograph.stored),
            "generator": self.facts.name,
            "checkpoint_sha256": self.checkpoint_sha256,
            "scales": list(self.factors[finest:]),
            "samples": self.fill.samples,
            "limit_to_lungs": self.options.limit_to_lungs,
            "lungs": self.lungs.words,
            "healthy": asdict(healthy.card) if healthy else None,
            "device": self.fill.device,
            "precision": precision_on(self.fill.device) if self.checkpoint_sha256 else "",
            "program": program_version(),
        }


def usual_scales(card: Card) -> tuple[int, ...]:
    """Factors at which a generator's hole is no larger than LARGEST_HOLE of the image."""
    share = card.hole_side / max(card.reference_side, 1)
    return tuple(factor for factor in FACTORS if factor * share <= LARGEST_HOLE) or FACTORS[:1]


def _levels(radiograph: Radiograph, card: Card, lungs: Mask, *, factors: tuple[int, ...]) -> list[Level]:
    scale = grid_scale(card, radiograph.shape, radiograph.spacing)
    image = unit_image(radiograph)
    levels = []
    for factor in factors:
        plane = shrunk(image, scale * factor)
        within = shrunk(lungs.astype(np.float32), scale * factor) >= 0.5
        share = card.hole_side * factor / max(card.reference_side, 1)
        apart = next((step for side, step in STRIDES if share <= side), STRIDES[-1][1])
        corners = hole_corners(within, card.hole_side, max(1, round(apart * card.hole_side)))
        if corners:
            levels.append(Level(factor, plane, corners, Differences.nothing(plane.shape)))
    return levels


def _believed(lungs: Lungs) -> Lungs:
    return replace(lungs, mask=trusted(lungs.mask)) if lungs.found else lungs


def _everywhere(radiograph: Radiograph) -> Lungs:
    return Lungs(np.ones(radiograph.shape, bool), False, "The whole image was searched.")
