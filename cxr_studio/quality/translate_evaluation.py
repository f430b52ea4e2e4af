"""How a generator that sees the whole radiograph is measured: blind repairs against the truth, labels by what stays.

A blind repair is given a healthy radiograph with damaged places, and is not told where they are. Inside them it is
compared with the truth; outside it, every change is one that nobody asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_studio.events import Progress, silent
from cxr_studio.masks.boxes import Mask
from cxr_studio.metrics.fidelity import mae, psnr, ssim, ssim_map
from cxr_studio.quality.evaluation import read_images
from cxr_studio.quality.holes import draw_holes
from cxr_studio.quality.whole_images import Redrawn, unit_image
from cxr_studio.radiographs.radiograph import Radiograph, Stored

SEED = 20_210_301
"""Seed of the damaged places, unless another is asked for."""

SQUARE = 0.25
"""Side of a damaged square as a share of the shorter side: 64 of 256 pixels (ipA-MedGAN, section IV)."""

VISIBLE = 0.01
"""Share of the grey range from which on a change counts as one."""


@dataclass(frozen=True, eq=False)
class Damaged:
    """A healthy radiograph with a damaged place.

    Attributes:
        name: Of the radiograph's file.
        radiograph: As it was.
        mask: ``bool [H, W]``, the damaged place.
        number: Its number, also the seed of what is drawn.
    """

    name: str
    radiograph: Radiograph
    mask: Mask
    number: int

    @property
    def stored(self) -> Stored:
        """The damaged image: the place is black, as where a region is cropped out."""
        low, _ = self.radiograph.unit_range
        image = self.radiograph.stored.copy()
        black = self.radiograph.grey.encode(np.full(int(self.mask.sum()), low, np.float32), image.dtype)
        image[self.mask] = black
        image.setflags(write=False)
        return image


Repair = Callable[[Damaged], Redrawn]
Relabel = Callable[[Radiograph, int], Redrawn]
"""Draws a radiograph with its label, given the number of the radiograph as a seed."""


@dataclass(frozen=True)
class RepairScore:
    """Figures of one repair, on grey 0 to 255.

    Attributes:
        psnr_inside: In the damaged place, dB.
        ssim_inside: Mean over its pixels.
        psnr_outside: Of what was not damaged, dB; infinite where it came back as it was.
        ssim_outside: Mean over its pixels.
        changed: Share of what was not damaged that changed by more than 1 % of the grey range.
        seconds: Time.
    """

    psnr_inside: float
    ssim_inside: float
    psnr_outside: float
    ssim_outside: float
    changed: float
    seconds: float


@dataclass(frozen=True)
class LabelScore:
    """How much of the patient is left once a label was drawn.

    Attributes:
        psnr: Of the whole radiograph to its original, dB.
        ssim: Mean over the radiograph.
        difference: Mean absolute difference, share of the grey range: 0 = nothing was drawn.
        lungs: Dice of the lungs found before and after; NaN where none are found.
        seconds: Time.
    """

    psnr: float
    ssim: float
    difference: float
    lungs: float
    seconds: float


def damaged_radiographs(folder: Path, *, each: int, seed: int = SEED, square: float = SQUARE) -> list[Damaged]:
    """A square in the lungs of every radiograph, ``each`` times; the same seed gives the same ones.

    Args:
        folder: Radiographs, or one.
        each: Squares in each.
        seed: Of their places.
        square: Side as a share of the shorter side.

    Raises:
        StudioError: there are no radiographs, or one cannot be read or is too small.
    """
    found = []
    for path, radiograph in read_images(folder):
        side = round(square * min(radiograph.shape))
        holes = draw_holes(radiograph, path, count=each, seed=seed, side=side)
        found += [Damaged(path.name, radiograph, hole.mask(), hole.number) for hole in holes]
    return found


def repair_score(case: Damaged, answer: Redrawn) -> RepairScore:
    """Compare a repair with the truth, inside and outside the damaged place."""
    true, found = (255 * unit_image(case.radiograph, stored) for stored in (None, answer.stored))
    mask, similar = case.mask, ssim_map(found, true, value_range=255)
    return RepairScore(
        psnr(found[mask], true[mask], value_range=255),
        float(similar[mask].mean()),
        psnr(found[~mask], true[~mask], value_range=255),
        float(similar[~mask].mean()),
        float((np.abs(found - true)[~mask] > 255 * VISIBLE).mean()),
        answer.seconds,
    )


def label_score(radiograph: Radiograph, answer: Redrawn, lungs: Callable[[Stored], Mask | None]) -> LabelScore:
    """Compare a radiograph with a label drawn into it with its original.

    Args:
        radiograph: The original.
        answer: With the label.
        lungs: Finds the lungs in stored values, None where there are none.
    """
    true, found = (unit_image(radiograph, stored) for stored in (None, answer.stored))
    before, after = lungs(radiograph.stored), lungs(answer.stored)
    return LabelScore(
        psnr(found, true, value_range=1.0),
        ssim(found, true, value_range=1.0),
        mae(found, true),
        float("nan") if before is None or after is None else _dice(before, after),
        answer.seconds,
    )


def repaired(cases: Sequence[Damaged], repair: Repair, *, progress: Progress = silent) -> list[RepairScore]:
    """Repair every case and score it."""
    found = []
    for number, case in enumerate(cases, start=1):
        found.append(repair_score(case, repair(case)))
        progress(number / len(cases), case.name)
    return found


def means(scores: Sequence[RepairScore] | Sequence[LabelScore]) -> dict[str, float]:
    """Mean of each figure by name over the scores in which it is finite; infinite where it always is."""
    names = list(asdict(scores[0]))
    return {name: _mean(np.array([getattr(one, name) for one in scores])) for name in names}


def _mean(values: NDArray[np.float64]) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else float(values[0])


def _dice(first: Mask, second: Mask) -> float:
    return float(2 * (first & second).sum() / max(int(first.sum() + second.sum()), 1))
