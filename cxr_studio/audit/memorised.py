"""Whether a generator has memorised: are synthetic patches nearer to its training radiographs than to others?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.audit.cases import Case
from cxr_studio.audit.repeats import origin
from cxr_studio.audit.sights import unit_image
from cxr_studio.datasets.listing import radiograph_folder
from cxr_studio.datasets.naming import stem_of
from cxr_studio.datasets.patients import Patients, known_patients
from cxr_studio.errors import StudioError
from cxr_studio.events import Progress, silent
from cxr_studio.radiographs.reading import read_radiograph

SIDE = 512
"""Longest side of the radiographs in which nearest neighbours are looked for, pixels."""

PATCH = 32
"""Side of a patch there."""

SLOW = 8.0
"""Standard deviation, pixels there, of the Gaussian that is taken away."""

FLAT = 0.2
"""Share of a patch's spread that a place must have: the correlation with black borders means nothing."""

MOST = 60
"""Patches, and radiographs of either folder."""

LEAST = 8

RESAMPLES = 1000

COPY = 0.1
"""Distance (1 less the correlation) below which a patch may be a copy of a training image …"""

HALF = 0.5
"""… and is one where it is below this share of the distance to the nearest held-out radiograph."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Memory:
    """Nearest neighbours of synthetic patches among training and held-out radiographs.

    Attributes:
        patches: Synthetic ones.
        images: Radiographs of either folder, as many of each.
        area: Share of patches whose nearest neighbour is in a training radiograph; 0.5 without memory.
        low: Of its 95 % interval, by synthetic patient and by radiographs of both folders.
        high: Likewise.
        ratio: Median distance to training over that to held-out radiographs; 1 without memory.
        copies: Patches nearer than ``COPY`` to a training radiograph, and far nearer than to any held-out one.
        nearest: Name of the nearest training radiograph of all.
    """

    patches: int
    images: int
    area: float
    low: float
    high: float
    ratio: float
    copies: int
    nearest: str

    @property
    def memorised(self) -> bool:
        """Whether synthetic patches are nearer to training radiographs than by chance, or copies of them."""
        return self.low > 0.5 or self.copies > 0

    @property
    def words(self) -> str:
        """A sentence."""
        found = (
            f"The nearest neighbour of {self.patches} synthetic patches is a training radiograph in {self.area:.0%} "
            f"({self.low:.0%} to {self.high:.0%}; 50 % by chance), at {self.ratio:.2f} of the distance to held-out ones"
        )
        if self.copies:
            return f"{found}; {self.copies} are copies, the nearest of {self.nearest}. Train on more, or less long."
        if self.memorised:
            return f"{found}: it has memorised. Train on more, or less long."
        return f"{found}: no sign of memory."


def memory(
    cases: Sequence[Case], training: Path, held_out: Path, *, seed: int = 0, progress: Progress = silent
) -> Memory:
    """Look for the nearest neighbours of synthetic findings at every position of other patients' radiographs.

    Distances are 1 less the correlation of grey levels without slow changes: brightness and contrast do not matter.

    Args:
        cases: Of which the synthetic ones are looked at.
        training: Radiographs that the generator was trained on.
        held_out: Others of the same kind.
        seed: Which are chosen where there are many.
        progress: Called after every radiograph.

    Raises:
        StudioError: too few synthetic findings, or radiographs of other patients.
    """
    rng = np.random.default_rng([seed, 0x3E3])
    patches, owners = _patches(cases, rng)
    if len(patches) < LEAST:
        raise StudioError(f"at least {LEAST} synthetic patches are needed, not {len(patches)}", remedy="Give more")
    drawn_into = {origin(case) for case in cases if case.synthetic} - {""}
    folders = [_listed(folder, set(owners), drawn_into, rng) for folder in (training, held_out)]
    count = min(len(listed) for listed in folders)
    if count < LEAST:
        what = f"at least {LEAST} radiographs of other patients are needed, not {count}"
        raise StudioError(what, file=training if len(folders[0]) == count else held_out, remedy="Give a larger folder")
    distances = []
    for part, listed in enumerate(folders):
        rows = []
        for number, path in enumerate(listed[:count]):
            rows.append(nearest(patches, _small(unit_image(read_radiograph(path)))))
            progress((part + (number + 1) / count) / 2, f"nearest neighbours in {path.name}")
        distances.append(np.stack(rows, axis=1))
    return _summed(distances[0], distances[1], owners, [path.name for path in folders[0]])


def _patches(cases: Sequence[Case], rng: np.random.Generator) -> tuple[list[Plane], list[str]]:
    found: list[Plane] = []
    owners: list[str] = []
    drawn = [case for case in cases if case.synthetic and case.boxes]
    for k in rng.permutation(len(drawn))[:MOST]:
        image = unit_image(read_radiograph(drawn[k].path))
        small = _small(image)
        scale = max(small.shape) / max(image.shape)
        y0, x0, y1, x1 = drawn[k].boxes[0]
        y, x = (round(scale * (low + high) / 2) - PATCH // 2 for low, high in ((y0, y1), (x0, x1)))
        if min(small.shape) >= PATCH:
            y, x = (max(0, min(value, side - PATCH)) for value, side in zip((y, x), small.shape, strict=True))
            found.append(np.ascontiguousarray(small[y : y + PATCH, x : x + PATCH]))
            owners.append(drawn[k].patient)
    return found, owners


def _listed(folder: Path, barred: set[str], sources: set[str], rng: np.random.Generator) -> list[Path]:
    """Radiographs of patients in whom nothing was drawn, mixed."""
    known: Patients = known_patients(folder)
    usable = [p for p in radiograph_folder(folder) if stem_of(p) not in sources and known.of_file(p) not in barred]
    return [usable[int(k)] for k in rng.permutation(len(usable))[:MOST]]


def _small(image: Plane) -> Plane:
    """A radiograph at the size of the search, without slow changes, in which all smooth places are alike."""
    import cv2

    scale = SIDE / max(image.shape)
    size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small - cv2.GaussianBlur(small, (0, 0), SLOW), np.float32)


def nearest(patches: Sequence[Plane], image: Plane) -> Values:
    """Distance of every patch from the most alike place of a radiograph, 0 to 2."""
    import cv2

    spread = _spread(image)
    best = []
    for patch in patches:
        alike = cv2.matchTemplate(image, patch, cv2.TM_CCOEFF_NORMED)
        usable = (spread > FLAT * patch.std()) & np.isfinite(alike)
        best.append(float(alike[usable].max()) if usable.any() else -1.0)
    return 1 - np.asarray(best)


def _spread(image: Plane) -> Plane:
    """Standard deviation of every window of a patch's size, ``[H - PATCH + 1, W - PATCH + 1]``."""
    import cv2

    size, corner = (PATCH, PATCH), (0, 0)
    values = np.asarray(image, np.float64)
    mean, square = (cv2.boxFilter(part, -1, size, anchor=corner) for part in (values, values**2))
    spread = np.sqrt(np.maximum(square - mean**2, 0))
    return np.asarray(spread[: image.shape[0] - PATCH + 1, : image.shape[1] - PATCH + 1], np.float32)


def _summed(training: Values, held_out: Values, owners: Sequence[str], names: Sequence[str]) -> Memory:
    """``[patches, radiographs]`` of either folder to a verdict."""
    names_of, index = np.unique(np.asarray(owners), return_inverse=True)
    rng = np.random.default_rng(0)
    areas = []
    for _ in range(RESAMPLES):
        counts = np.bincount(rng.integers(0, len(names_of), len(names_of)), minlength=len(names_of))[index]
        columns = [rng.integers(0, part.shape[1], part.shape[1]) for part in (training, held_out)]
        areas.append(_share(training[:, columns[0]].min(axis=1), held_out[:, columns[1]].min(axis=1), counts))
    near, far = training.min(axis=1), held_out.min(axis=1)
    low, high = np.quantile(areas, [0.025, 0.975])
    return Memory(
        len(near),
        training.shape[1],
        _share(near, far, np.ones(len(near))),
        float(low),
        float(high),
        float(np.median(near) / max(float(np.median(far)), 1e-9)),
        int(((near < COPY) & (near < HALF * far)).sum()),
        names[int(np.unravel_index(training.argmin(), training.shape)[1])],
    )


def _share(near: Values, far: Values, counts: Values | NDArray[np.int64]) -> float:
    """How often training is nearer; equal counts half."""
    wins = 0.5 + 0.5 * np.sign(far - near)
    return float((wins * counts).sum() / max(float(counts.sum()), 1e-12))
