"""Scenes: a hole with its surroundings, as it was and as each generator filled it through an ordinary request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.datasets.patients import patient_of
from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.generation.request import view_of
from cxr_studio.masks.boxes import Box, Mask, cut, cut_square
from cxr_studio.masks.brush import paint_segment
from cxr_studio.networks.observers.network import Kind
from cxr_studio.networks.observers.pairs import Pairs
from cxr_studio.quality.holes import Hole, draw_holes
from cxr_studio.quality.observers.asking import Drawn, HolePlan
from cxr_studio.quality.observers.kept_fills import FillCache
from cxr_studio.radiographs.radiograph import Radiograph, Stored
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.restore.options import FillOptions, FillRequest

CROP, WINDOW = 2, 4
"""Sides of the crop that is centred on the hole, and of the window that is searched, over the hole's side."""

STROKE_POINTS = (2, 4)
STROKE_WIDTH = (0.10, 0.22)
"""Points of a stroke, and the brush's radius over the side of the square that it lies in."""


@dataclass(frozen=True, eq=False)
class Scene:
    """One hole.

    Attributes:
        patient: Whose.
        name: The radiograph's file name.
        real: Window around the hole as it was, unit values ``float32 [W, W]``.
        hole: Where it was filled, ``bool [W, W]``.
        crop: The crop of twice the hole's side, the hole in its middle, in the window.
        fills: What generators put into the hole's bounding box, in the window.
        box: That bounding box.
    """

    patient: str
    name: str
    real: Plane
    hole: Mask
    crop: Box
    box: Box
    fills: dict[Drawn, Plane] = field(default_factory=dict)

    def filled(self, drawn: Drawn) -> Plane:
        """The window after a fill."""
        window = self.real.copy()
        window[cut(self.box)] = self.fills[drawn]
        return window


@dataclass(frozen=True, eq=False)
class Filler:
    """What fills holes.

    Attributes:
        device: Where generators run.
        cache: Fills made before.
        cancel: Looked at between holes.
    """

    device: str = "auto"
    cache: FillCache = field(default_factory=FillCache)
    cancel: CancelToken = field(default_factory=CancelToken)


def scenes_of(
    paths: Sequence[Path], plan: HolePlan, drawn: Sequence[Drawn], *, filler: Filler, progress: Progress = silent
) -> list[Scene]:
    """Draw the holes of every radiograph, fill them, and cut them out.

    Args:
        paths: Radiographs.
        plan: Which holes.
        drawn: Fills of every hole.
        filler: Device, cache.
        progress: Called after every radiograph.

    Raises:
        StudioError: a radiograph cannot be read or is too small, or a generator fails.
        Cancelled: through the filler.
    """
    found: list[Scene] = []
    for done, path in enumerate(paths):
        radiograph = read_radiograph(path)
        for hole in draw_holes(radiograph, path, count=plan.each, seed=plan.seed, side=plan.side):
            filler.cancel.raise_if_cancelled()
            found.append(_scene(hole, plan, drawn, filler))
        progress((done + 1) / len(paths), f"holes of {path.name}")
    return found


def pairs_of(scenes: Sequence[Scene], drawn: Drawn, kind: Kind) -> Pairs:
    """Real and filled, as an observer of a kind gets them: the crop, or the whole window to search."""
    return _pairs(scenes, kind, [scene.real for scene in scenes], [scene.filled(drawn) for scene in scenes])


def both_filled(scenes: Sequence[Scene], first: Drawn, second: Drawn, kind: Kind) -> Pairs:
    """Control: two fills of the same hole by other seeds; which of them is called real is drawn by chance."""
    fills = [[scene.filled(one) for scene in scenes] for one in (first, second)]
    return _by_chance(_pairs(scenes, kind, fills[0], fills[1]))


def both_real(scenes: Sequence[Scene], kind: Kind) -> Pairs:
    """Control: two holes of the same radiograph that nobody filled, one of them called filled by chance."""
    real, fake, groups, holes = [], [], [], []
    for first, second in _neighbours(scenes):
        real.append(_shown(first, kind, first.real))
        fake.append(_shown(second, kind, second.real))
        holes.append(_shown(first, kind, first.hole))
        groups.append(first.patient)
    return _by_chance(Pairs(np.stack(real), np.stack(fake), tuple(groups), np.stack(holes)))


def stroke_in(box: Box, rng: np.random.Generator, shape: tuple[int, int]) -> Mask:
    """A brush stroke that stays in a square."""
    side = box[2] - box[0]
    radius = float(rng.uniform(*STROKE_WIDTH)) * side
    count = int(rng.integers(STROKE_POINTS[0], STROKE_POINTS[1] + 1))
    points = rng.uniform(radius, side - 1 - radius, (count, 2)) + np.array(box[:2])
    mask = np.zeros(shape, bool)
    for start, end in pairwise(points):
        paint_segment(mask, (start[0], start[1]), (end[0], end[1]), radius=radius)
    return mask


def _scene(hole: Hole, plan: HolePlan, drawn: Sequence[Drawn], filler: Filler) -> Scene:
    radiograph = hole.radiograph
    rng = np.random.default_rng([plan.seed, hole.number, *hole.name.encode()])
    mask = stroke_in(hole.box, rng, radiograph.shape) if plan.shape == "stroke" else hole.mask()
    mask.setflags(write=False)
    y0, x0 = _corner(hole.box, plan.side, radiograph.shape, rng)
    unit = radiograph.unit_range
    place = tuple(v - (y0, x0)[k % 2] for k, v in enumerate(hole.box))
    box: Box = (place[0], place[1], place[2], place[3])
    top, left = (box[k] - (CROP - 1) * plan.side // 2 for k in (0, 1))
    crop: Box = (top, left, top + CROP * plan.side, left + CROP * plan.side)
    window = _unit(radiograph, cut_square(radiograph.stored, (y0, x0), WINDOW * plan.side), unit)  # type: ignore[arg-type]
    patient = patient_of(Path(hole.name), radiograph.header)
    scene = Scene(patient, hole.name, window, cut_square(mask, (y0, x0), WINDOW * plan.side), crop, box)
    for one in drawn:
        stored = _filled(hole, mask, one, filler)
        scene.fills[one] = _unit(radiograph, stored[cut(hole.box)], unit)
    return scene


def _filled(hole: Hole, mask: Mask, drawn: Drawn, filler: Filler) -> Stored:
    """The stored values after an ordinary request, with the options that window and studies use.

    Donors are windows of other patients only, and never of a user's own folder: patients that are tested on may be in
    it.
    """
    radiograph = hole.radiograph
    patient = patient_of(Path(hole.name), radiograph.header)
    seed = drawn.seed(hole.name, hole.number)
    options = FillOptions(drawn.way.generator, seed=seed, grain=drawn.way.grain, without=patient)
    request = FillRequest(1, view_of(radiograph), options, mask)
    stored = radiograph.stored.copy()
    for patch in filler.cache.patches(request, device=filler.device, cancel=filler.cancel):
        stored[cut(patch.box)] = patch.stored
    return stored


def _corner(box: Box, side: int, shape: tuple[int, int], rng: np.random.Generator) -> tuple[int, int]:
    """Corner of a window that holds the crop somewhere; beyond the image only where the image is too small for it."""
    found = []
    spare = (WINDOW - CROP) * side
    for k in (0, 1):
        crop = box[k] - (CROP - 1) * side // 2
        least, most = crop - spare, crop
        inside = max(0, min(least, shape[k] - WINDOW * side)), min(most, max(0, shape[k] - WINDOW * side))
        low, high = max(least, inside[0]), max(max(least, inside[0]), inside[1])
        found.append(int(rng.integers(low, high + 1)))
    return found[0], found[1]


def _unit(radiograph: Radiograph, stored: Stored, unit: tuple[float, float]) -> Plane:
    low, high = unit
    return np.asarray((radiograph.grey.decode(stored) - low) / np.float32(high - low), np.float32)


def _pairs(scenes: Sequence[Scene], kind: Kind, real: Sequence[Plane], fake: Sequence[Plane]) -> Pairs:
    shown = [
        np.stack([_shown(scene, kind, window) for scene, window in zip(scenes, windows, strict=True)])
        for windows in (real, fake)
    ]
    holes = np.stack([_shown(scene, kind, scene.hole) for scene in scenes])
    return Pairs(shown[0], shown[1], tuple(scene.patient for scene in scenes), holes)


def _shown(scene: Scene, kind: Kind, window: NDArray) -> NDArray:  # type: ignore[type-arg]
    return window if kind == "search" else window[cut(scene.crop)]


def _by_chance(pairs: Pairs) -> Pairs:
    """Which of two is called real is drawn by a fixed seed."""
    swapped = np.random.default_rng(len(pairs)).random((len(pairs), 1, 1)) < 0.5
    real = np.where(swapped, pairs.fake, pairs.real)
    return Pairs(real, np.where(swapped, pairs.real, pairs.fake), pairs.groups, pairs.holes)


def _neighbours(scenes: Sequence[Scene]) -> Iterator[tuple[Scene, Scene]]:
    """Two and two scenes of the same radiograph."""
    by_name: dict[str, list[Scene]] = {}
    for scene in scenes:
        by_name.setdefault(scene.name, []).append(scene)
    for group in by_name.values():
        yield from zip(group, (*group[1:], group[0]), strict=True) if len(group) > 1 else ()
