"""What an observer table is made of: which radiographs, which holes, which fills."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

import numpy as np

from cxr_studio.datasets.listing import radiograph_folder, spread
from cxr_studio.datasets.patients import Patients
from cxr_studio.errors import StudioError
from cxr_studio.networks.card import Role
from cxr_studio.quality.evaluation import SEED, Way
from cxr_studio.quality.holes import SIDE
from cxr_studio.restore.built_in import EXEMPLAR
from cxr_studio.restore.options import VARIATIONS
from cxr_studio.roles import find

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
    facts = find(generator, Role.RESTORE)
    return facts.name == EXEMPLAR or facts.donors


BY_NAME = Patients()
"""Patients as their files or names tell them."""


@dataclass(frozen=True)
class Split:
    """Radiographs to train observers on, and others to test them on, of other patients.

    Attributes:
        train: Files.
        test: Files.
        left_out: Training files of patients that are tested on.
        known: Whose radiographs they are.
    """

    train: tuple[Path, ...]
    test: tuple[Path, ...]
    left_out: tuple[Path, ...] = ()
    known: Patients = BY_NAME


@dataclass(frozen=True)
class Amounts:
    """Most radiographs of either part; spread evenly over the folder's names."""

    train: int = TRAIN_RADIOGRAPHS
    test: int = TEST_RADIOGRAPHS


def split_of(images: Path, train: Path | None, amounts: Amounts = Amounts(), *, known: Patients = BY_NAME) -> Split:
    """Part radiographs by patient.

    Args:
        images: Folder to test on; without ``train`` a part of its patients is trained on.
        train: Folder to train on; patients of ``images`` in it are left out.
        amounts: Most radiographs.
        known: A table of patients; without one they are taken from file or name.

    Raises:
        StudioError: a folder holds no radiographs, or too few patients to part.
    """
    listed = radiograph_folder(images)
    if train is None:
        patients = {path: known.of_file(path) for path in listed}
        names = sorted(set(patients.values()))
        order = np.random.default_rng(SEED).permutation(len(names))
        learnt = {names[int(k)] for k in order[: round(TRAIN_SHARE * len(names))]}
        if not learnt or len(learnt) == len(names):
            raise StudioError(
                "there are too few patients to train on some and test on others",
                remedy="Give --train-images, or --patients where the names do not tell them apart",
            )
        first = [path for path in listed if patients[path] in learnt]
        tested = spread([path for path in listed if patients[path] not in learnt], amounts.test)
        return Split(spread(first, amounts.train), tested, known=known)
    tested = spread(listed, amounts.test)
    barred = {known.of_file(path) for path in tested}
    others = radiograph_folder(train)
    usable = [path for path in others if known.of_file(path) not in barred]
    return Split(spread(usable, amounts.train), tested, tuple(path for path in others if path not in usable), known)
