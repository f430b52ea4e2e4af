"""Splits by patient, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Literal, get_args

Split = Literal["train", "val"]
SPLITS: tuple[Split, ...] = get_args(Split)

HELD_OUT = 5
"""One patient in five goes to the validation split."""


def split_of(patient: str) -> Split:
    """``train`` or ``val`` by the patient's name alone, so that it is the same in every set of radiographs."""
    return "val" if _number(patient) % HELD_OUT == 0 else "train"


def splits_of(patients: Iterable[str]) -> dict[str, Split]:
    """The split of every patient: as ``split_of``, but with two patients or more neither split is empty.

    Where chance leaves one empty, the patient whose number is the lowest (for val) or the highest (for train) goes
    there: the same set of patients is always split in the same way.
    """
    names = sorted(set(patients), key=lambda name: (_number(name), name))
    found = {name: split_of(name) for name in names}
    if len(names) > 1:
        if "val" not in found.values():
            found[names[0]] = "val"
        if "train" not in found.values():
            found[names[-1]] = "train"
    return found


def split_notes(splits: Mapping[str, str]) -> tuple[str, ...]:
    """Sentences on what makes a split useless: empty, or a single patient in it.

    Args:
        splits: Patient → split.
    """
    if len(splits) == 1:
        patient, own = next(iter(splits.items()))
        other = next(name for name in SPLITS if name != own)
        return (
            f"All radiographs are of one patient ({patient}), so {other} is empty. If they are not, give --patients.",
        )
    notes = []
    for split in SPLITS:
        own_patients = [patient for patient, name in splits.items() if name == split]
        if not own_patients:
            notes.append(f"The split {split} is empty: none of the {len(splits)} patients is in it.")
        elif len(own_patients) == 1:
            notes.append(f"The split {split} has a single patient ({own_patients[0]}).")
    return tuple(notes)


def in_both(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Patients of both, in order of their names."""
    return sorted(set(first) & set(second))


def _number(patient: str) -> int:
    return int(sha256(patient.encode()).hexdigest(), 16)
