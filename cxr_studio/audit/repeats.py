"""What stands twice in a set: near-duplicates, patients in several splits, drawn radiographs parted from theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.audit.cases import Case
from cxr_studio.datasets.naming import stem_of

NEAR = 14
"""Bits of 63 in which two hashes may differ to be looked at: far more than copies, far fewer than strangers."""

ALIKE = 0.9
"""Correlation of the small pictures from which on two radiographs are the same exposure."""

LOW = 8
"""Frequencies a side of the transform that the hash is made of."""

CHUNK = 512


@dataclass(frozen=True)
class Repeat:
    """Two files of one exposure.

    Attributes:
        first: One of them.
        second: The other.
        likeness: Correlation of their small pictures, 1 for a copy.
        fault: Why it matters, a clause; "" where it does not.
    """

    first: Case
    second: Case
    likeness: float
    fault: str


@dataclass(frozen=True)
class Parted:
    """Something that stands in several splits.

    Attributes:
        name: Patient or radiograph.
        splits: Where.
    """

    name: str
    splits: tuple[str, ...]


def repeats(cases: Sequence[Case], thumbs: Sequence[Plane]) -> list[Repeat]:
    """Near-duplicates, those that matter first: found by perceptual hash, checked by correlation.

    Args:
        cases: Radiographs.
        thumbs: Their small pictures, mean 0 and spread 1.
    """
    if not cases:
        return []
    hashes = np.array([perceptual_hash(one) for one in thumbs], np.uint64)
    flat = np.stack([one.ravel() for one in thumbs])
    found = []
    for start in range(0, len(hashes), CHUNK):
        apart = np.bitwise_count(hashes[start : start + CHUNK, None] ^ hashes[None])
        for a, b in zip(*np.nonzero(apart <= NEAR), strict=True):
            one, other = start + int(a), int(b)
            if one < other:
                likeness = float(flat[one] @ flat[other] / flat.shape[1])
                if likeness >= ALIKE:
                    found.append(Repeat(cases[one], cases[other], likeness, _fault(cases[one], cases[other])))
    return sorted(found, key=lambda one: (not one.fault, -one.likeness))


def perceptual_hash(thumb: Plane) -> int:
    """Signs of the 63 lowest frequencies but the mean, against their median: alike for alike pictures."""
    from scipy.fft import dctn

    low = dctn(thumb, norm="ortho")[:LOW, :LOW].ravel()[1:]
    bits = low > np.median(low)
    return int(sum(1 << k for k in np.flatnonzero(bits).tolist()))


def patients_in_splits(cases: Sequence[Case]) -> list[Parted]:
    """Patients of more than one split."""
    return _parted([(case.patient, case.split) for case in cases])


def sources_in_splits(cases: Sequence[Case]) -> list[Parted]:
    """Radiographs that stand in one split and, drawn into, in another."""
    own = {stem_of(case.path): case.split for case in cases if not case.synthetic}
    pairs = []
    for case in cases:
        name = origin(case) if case.synthetic else ""
        if name in own:
            pairs += [(name, own[name]), (name, case.split)]
        elif name:
            pairs.append((name, case.split))
    return _parted(pairs)


def short_name(path: Path) -> str:
    """A file with its folder: sets often have files of one name."""
    return f"{path.parent.name}/{path.name}"


def origin(case: Case) -> str:
    """Name without ending of the radiograph that a case was made from, "" where it is not said."""
    return stem_of(Path(case.source)) if case.source else ""


def _parted(pairs: Sequence[tuple[str, str]]) -> list[Parted]:
    splits: dict[str, set[str]] = {}
    for name, split in pairs:
        splits.setdefault(name, set()).update({split} - {""})
    return [Parted(name, tuple(sorted(own))) for name, own in sorted(splits.items()) if len(own) > 1]


def _fault(one: Case, other: Case) -> str:
    """What is wrong with two files of one exposure, a clause."""
    if one.split != other.split and one.split and other.split:
        return f"in {one.split} and {other.split}"
    if one.patient != other.patient:
        return f"of two patients, {one.patient} and {other.patient}"
    if one.synthetic == other.synthetic and not one.synthetic:
        return "twice among the real ones"
    return ""
