"""What an observer table is made of: which radiographs, which holes, which fills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

import numpy as np

from cxr_studio.errors import StudioError
from cxr_studio.inpainting.generators import EXEMPLAR, find
from cxr_studio.inpainting.request import VARIATIONS
from cxr_studio.quality.evaluation import SEED, Way
from cxr_studio.quality.holes import SIDE
from cxr_studio.radiographs.patient import patient_of
from cxr_studio.radiographs.reading import SUFFIXES

Shape = Literal["square", "stroke"]

TRAIN_SHARE = 0.6
"""Of the patients of one folder, where no other folder is given to train on."""

TRAIN_RADIOGRAPHS, TEST_RADIOGRAPHS = 110, 60
"""Most radiographs that are used by default."""


@dataclass(frozen=True)
class HolePlan:
    """Which holes are filled.

    Attributes:
        each: Holes in each radiograph.
        side: Of a hole, or of the square that a stroke lies in, pixels.
        shape: Squares, or brush strokes.
        seed: Of the places.
    """

    each: int = 6
    side: int = SIDE
    shape: Shape = "square"
    seed: int = SEED


@dataclass(frozen=True)
class Drawn:
    """One fill of every hole: a generator with its grain, and which of its variations.

    Attributes:
        way: Generator and grain.
        variation: 0 for the first; others have other seeds.
    """

    way: Way
    variation: int = 0

    def seed(self, name: str, number: int) -> int:
        """Seed of the fill of a radiograph's hole, 0 to 2³¹ - 1.

        No two holes share one, so that no observer can learn a noise by heart; but the variations of a generator that
        copies donors are asked for by their number.
        """
        if self.variation and copies_donors(self.way.generator):
            return self.variation
        digest = sha256(f"{name} {number} {self.variation}".encode()).digest()
        return max(VARIATIONS, int.from_bytes(digest[:4], "little") >> 1)


def copies_donors(generator: str) -> bool:
    """Whether a generator takes windows of other radiographs."""
    facts = find(generator)
    return facts.name == EXEMPLAR or facts.donors


@dataclass(frozen=True)
class Split:
    """Radiographs to train observers on, and others to test them on, of other patients.

    Attributes:
        train: Files.
        test: Files.
        left_out: Training files of patients that are tested on.
    """

    train: tuple[Path, ...]
    test: tuple[Path, ...]
    left_out: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Amounts:
    """Most radiographs of either part; spread evenly over the folder's names."""

    train: int = TRAIN_RADIOGRAPHS
    test: int = TEST_RADIOGRAPHS


def split_of(images: Path, train: Path | None, amounts: Amounts = Amounts()) -> Split:
    """Part radiographs by patient.

    Args:
        images: Folder to test on; without ``train`` a part of its patients is trained on.
        train: Folder to train on; patients of ``images`` in it are left out.
        amounts: Most radiographs.

    Raises:
        StudioError: a folder holds no radiographs, or too few patients to part.
    """
    listed = radiograph_files(images)
    if train is None:
        names = sorted({patient_of(path, None) for path in listed})
        order = np.random.default_rng(SEED).permutation(len(names))
        learnt = {names[int(k)] for k in order[: round(TRAIN_SHARE * len(names))]}
        if not learnt or len(learnt) == len(names):
            raise StudioError(
                "there are too few patients to train on some and test on others", remedy="Give --train-images too"
            )
        first = [path for path in listed if patient_of(path, None) in learnt]
        tested = _spread([path for path in listed if patient_of(path, None) not in learnt], amounts.test)
        return Split(_spread(first, amounts.train), tested)
    tested = _spread(listed, amounts.test)
    barred = {patient_of(path, None) for path in tested}
    others = radiograph_files(train)
    usable = [path for path in others if patient_of(path, None) not in barred]
    return Split(_spread(usable, amounts.train), tested, tuple(path for path in others if path not in usable))


def radiograph_files(folder: Path) -> list[Path]:
    """The radiographs of a folder in name order.

    Raises:
        StudioError: there are none.
    """
    found = sorted(p for p in folder.glob("*") if p.suffix.lower() in SUFFIXES) if folder.is_dir() else []
    if not found:
        raise StudioError("the folder holds no radiographs", file=folder, remedy="Give another folder")
    return found


def _spread(paths: Sequence[Path], most: int) -> tuple[Path, ...]:
    if len(paths) <= most:
        return tuple(paths)
    return tuple(paths[int(k)] for k in np.linspace(0, len(paths) - 1, most).round())
