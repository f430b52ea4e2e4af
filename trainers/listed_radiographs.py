"""Listed radiographs with boxed findings: those that are learned from, and those that are held out by patient."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from cxr_studio.datasets.entries import NODULE, Entry, Finding, Rectangle
from cxr_studio.datasets.folds import read_folds
from cxr_studio.datasets.opening import open_manifest
from cxr_studio.datasets.splits import split_of
from cxr_studio.errors import RecipeError
from cxr_studio.networks.square import Square, square
from trainers.image_store import Image, read_image
from trainers.recipe import Fraction, Part


class Real(Part):
    """Real radiographs with boxed nodules; none where ``truth`` is left out.

    Attributes:
        truth: Manifest, or a list or folder that ``datasets.opening`` reads.
        images: Folder of its radiographs; "" for beside it.
        label: The finding that is learned, or several.
        listed_side: Longest side of the images that the list was made on, pixels; 0 where the list says it.
        share: Share of the samples.
        folds: Frozen folds by patient (``datasets.folds``); "" holds one patient in five out by name.
        fold: The fold that is held out.
    """

    truth: str = ""
    images: str = ""
    label: str | tuple[str, ...] = NODULE
    listed_side: Annotated[int, Field(ge=0)] = 0
    share: Fraction = 0.0
    folds: str = ""
    fold: Annotated[int, Field(ge=0)] = 0

    @property
    def labels(self) -> tuple[str, ...]:
        """The findings, small letters."""
        return tuple(each.lower() for each in ((self.label,) if isinstance(self.label, str) else self.label))


@dataclass(frozen=True, eq=False)
class Boxed:
    """A radiograph in a square.

    Attributes:
        image: ``uint8 [S, S]``.
        boxes: Of its nodules, pixels of the square.
        patient: Whose it is, "" where that decides nothing.
        labels: What is in the boxes; () where all are nodules.
    """

    image: Image
    boxes: tuple[Rectangle, ...]
    patient: str = ""
    labels: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The boxes with what is in them."""
        labels = self.labels or (NODULE,) * len(self.boxes)
        return tuple(Finding(label, box) for label, box in zip(labels, self.boxes, strict=True))


def load_real(real: Real, side: int) -> tuple[list[Boxed], list[Boxed]]:
    """Radiographs with real nodules: those that are learned from, and those that are held out by patient.

    Raises:
        RecipeError: the folds lack a patient.
        ReadError: a file cannot be read.
    """
    if not real.truth:
        return [], []
    images = Path(real.images) if real.images else None
    truth = open_manifest(Path(real.truth), images, listed_side=real.listed_side).of_label(*real.labels)
    folds = read_folds(Path(real.folds)) if real.folds else {}
    found: tuple[list[Boxed], list[Boxed]] = ([], [])
    for entry in truth.entries:
        if entry.findings:
            image = read_image(truth.path(entry))
            place = Square.of((image.shape[0], image.shape[1]), side)
            boxes = tuple(place.inside(finding.box) for finding in entry.findings)
            labels = tuple(finding.label for finding in entry.findings)
            found[_held_out(entry, real, folds)].append(Boxed(square(image, side), boxes, entry.patient, labels))
    return found


def load_listed(real: Real, added: Real, side: int) -> tuple[list[Boxed], list[Boxed]]:
    """Radiographs of a list and added ones, synthetic ones say: those that are learned from, and those held out.

    Of the added ones none is held out, and those of held-out patients are left out.

    Raises:
        RecipeError: there is nothing to learn from or nothing is held out.
        ReadError: a file cannot be read.
    """
    learned, kept = load_real(real, side)
    if not learned or not kept:
        what = f"no radiograph of the list is {'held out' if learned else 'to learn from'}"
        raise RecipeError(what, file=real.truth, remedy="Set real.truth, real.label or real.folds")
    patients = {one.patient for one in kept}
    more = [one for part in load_real(added, side) for one in part if one.patient not in patients]
    return [*learned, *more], kept


def _held_out(entry: Entry, real: Real, folds: dict[str, int]) -> bool:
    if not real.folds:
        return split_of(entry.patient) == "val"
    if entry.patient not in folds:
        raise RecipeError(f"the folds lack the patient {entry.patient}", file=real.folds, remedy="Set real.folds")
    return folds[entry.patient] == real.fold
