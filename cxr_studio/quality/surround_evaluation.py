"""How a generator that keeps a box and draws the rest is measured: the box kept, and how real the rest looks.

There is no truth around a box: a radiograph that agrees with it is as good as the one it was cut from. So what is drawn
is compared with real radiographs as a group, and with itself for another seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cxr_studio.events import Progress, silent
from cxr_studio.masks.boxes import Box, Mask, cut
from cxr_studio.masks.lung_boxes import random_lung_point
from cxr_studio.metrics.seam import seam_ratio
from cxr_studio.quality.evaluation import read_images
from cxr_studio.quality.highlighting.boxed import FILE, read_boxes
from cxr_studio.quality.whole_images import Redrawn, Vectors, distances, features_of, unit_image
from cxr_studio.radiographs.radiograph import Radiograph

SEED = 20_191_001
"""Seed of the boxes and of what is drawn around them, unless another is asked for."""

SHARES = 0.12, 0.35
"""Side of a random box as a share of the image's: about the middle nine tenths of the boxes of ChestX-ray14."""

CONTROL = "Real radiographs, one half against the other"


@dataclass(frozen=True, eq=False)
class Boxed:
    """A radiograph with a box that is kept.

    Attributes:
        name: Of the radiograph's file.
        radiograph: The radiograph.
        box: The box.
    """

    name: str
    radiograph: Radiograph
    box: Box

    @property
    def around(self) -> Mask:
        """Where it is drawn, ``bool [H, W]``."""
        mask = np.ones(self.radiograph.shape, bool)
        mask[cut(self.box)] = False
        return mask


Draw = Callable[[Boxed, int], Redrawn]
"""Draws around a box with a seed."""


@dataclass(frozen=True)
class SurroundRow:
    """What measuring one generator came to.

    Attributes:
        title: The generator.
        boxes: How many.
        changed: Pixels inside the boxes that are not bit-identical to the input.
        frechet: Fréchet distance of the features around the boxes, drawn and real.
        kernel: Kernel distance of the same.
        varied: Mean absolute difference around the box between two seeds, share of the grey range; 0 = no variation.
        moved: Mean absolute difference around the box from the radiograph that it was cut from.
        seam: Gradient across the box's border over that near it; 1 = no seam.
        seconds: Median time of a radiograph.
    """

    title: str
    boxes: int
    changed: int
    frechet: float
    kernel: float
    varied: float
    moved: float
    seam: float
    seconds: float


def boxed_radiographs(folder: Path, *, each: int, seed: int = SEED) -> list[Boxed]:
    """The boxes of a folder's ``boxes.csv``, or random ones in the lungs where there is none.

    Args:
        folder: Radiographs.
        each: Most boxes in a radiograph.
        seed: Of random boxes; the same gives the same ones.

    Raises:
        StudioError: there are no radiographs, or one cannot be read.
    """
    images = read_images(folder)
    table = read_boxes(folder) if (folder / FILE).is_file() else []
    found = []
    for path, radiograph in images:
        own = [one.box for one in table if one.image == path.name] if table else _random(radiograph, path, each, seed)
        found += [Boxed(path.name, radiograph, box) for box in own[:each]]
    return found


def measured(title: str, cases: Sequence[Boxed], draw: Draw, *, progress: Progress = silent) -> SurroundRow:
    """Draw around every box with two seeds, and measure."""
    drawn, real, found = list[Vectors](), list[Vectors](), list[tuple[float, ...]]()
    for number, case in enumerate(cases):
        first, second = (draw(case, seed) for seed in (2 * number, 2 * number + 1))
        images = [unit_image(case.radiograph, stored) for stored in (None, first.stored, second.stored)]
        around = case.around
        inside = cut(case.box)
        changed = np.count_nonzero(first.stored[inside] != case.radiograph.stored[inside])
        varied, moved = (float(np.abs(images[1] - other)[around].mean()) for other in (images[2], images[0]))
        found.append((float(changed), varied, moved, seam_ratio(images[1], around), first.seconds))
        drawn.append(features_of(images[1], around))
        real.append(features_of(images[0], around))
        progress((number + 1) / len(cases), title)
    columns = np.array(found).T
    frechet, kernel = distances(drawn, real)
    varied, moved, seam = (float(np.nanmean(column)) for column in columns[1:4])
    seconds = float(np.median(columns[4]))
    return SurroundRow(title, len(cases), int(columns[0].sum()), frechet, kernel, varied, moved, seam, seconds)


def control(cases: Sequence[Boxed]) -> SurroundRow:
    """Real radiographs against each other: what the distances of a perfect generator are about."""
    nan = float("nan")
    real = [features_of(unit_image(case.radiograph), case.around) for case in cases]
    seam = float(np.nanmean([seam_ratio(unit_image(case.radiograph), case.around) for case in cases]))
    frechet, kernel = distances(real[::2], real[1::2]) if len(real) > 1 else (nan, nan)
    return SurroundRow(CONTROL, len(cases), 0, frechet, kernel, nan, nan, seam, nan)


def _random(radiograph: Radiograph, path: Path, count: int, seed: int) -> list[Box]:
    rng = np.random.default_rng([seed, *path.stem.encode()])
    height, width = radiograph.shape
    boxes = []
    for _ in range(count):
        rows, columns = (max(2, round(side * rng.uniform(*SHARES))) for side in (height, width))
        y, x = random_lung_point(rng, radiograph.shape)
        top, left = (
            int(np.clip(middle - length // 2, 0, side - length))
            for middle, length, side in ((y, rows, height), (x, columns, width))
        )
        boxes.append((top, left, top + rows, left + columns))
    return boxes
