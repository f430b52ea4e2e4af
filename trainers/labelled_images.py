"""Radiographs with labels: healthy ones, and others by folder or by a list of boxes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from cxr_studio.datasets.box_list import read_box_list
from cxr_studio.datasets.naming import stem_of
from cxr_studio.datasets.patients import known_patients
from cxr_studio.datasets.splits import split_of
from cxr_studio.errors import RecipeError
from cxr_studio.networks.square import square
from trainers.batches import ALONE, Batch, Sample, Samples, Share
from trainers.boxed_images import WHOLE, Augmentation, changed
from trainers.image_store import Image, image_files, read_image
from trainers.recipe import Part, Recipe
from trainers.region_batches import Wholes


class Labelled(Part):
    """Radiographs with findings; one patient in five is held out (``datasets.splits.split_of``).

    Attributes:
        images: Their folder.
        labels: Names, in the order of the network's labels. Without a list every radiograph has the first.
        boxes: List of boxes whose findings are the labels; radiographs without one of them are left out.
    """

    images: str
    labels: tuple[str, ...]
    boxes: str = ""


@dataclass(frozen=True, eq=False)
class LabelledImage:
    """A radiograph shrunk to a square, ``uint8 [S, S]``, and its labels, ``float32 [c]`` of 0 and 1."""

    image: Image
    labels: NDArray[np.float32]


@dataclass(frozen=True)
class Translated(Batch):
    """One step's radiographs.

    Attributes:
        real: ``float32 [N, 1, S, S]``, grey -1 to 1.
        labels: ``float32 [N, c]``, their own.
        wanted: ``float32 [N, c]``, those that they are to get.
        between: ``float32 [N]``, 0 to 1: where between real and drawn a gradient penalty looks.
    """

    real: Tensor
    labels: Tensor
    wanted: Tensor
    between: Tensor


def load_labelled(labelled: Labelled, healthy: Wholes, side: int) -> tuple[list[LabelledImage], list[LabelledImage]]:
    """Load healthy and labelled radiographs; returns those to learn from and those held out.

    Raises:
        RecipeError: no radiograph has a label.
        ReadError: a file cannot be read.
    """
    folder = Path(labelled.images)
    patients = known_patients(folder)
    found: dict[str, list[LabelledImage]] = {"train": [], "val": []}
    for path, labels in _labels(labelled, image_files(folder)).items():
        found[split_of(patients.of_file(path))].append(LabelledImage(square(read_image(path), side), labels))
    if not found["train"] or not found["val"]:
        raise RecipeError("too few radiographs have a label", file=folder, remedy="Set labelled.images and its labels")
    none = np.zeros(len(labelled.labels), np.float32)
    for split, place in (("train", healthy.train), ("val", healthy.val)):
        found[split] += [LabelledImage(square(read_image(path), side), none) for path in image_files(place)]
    return found["train"], found["val"]


def _labels(labelled: Labelled, files: list[Path]) -> dict[Path, NDArray[np.float32]]:
    """Labels of every radiograph that has one."""
    rows = np.eye(len(labelled.labels), dtype=np.float32)
    if not labelled.boxes:
        return dict.fromkeys(files, rows[0])
    stems = {stem_of(path): path for path in files}
    found: dict[Path, NDArray[np.float32]] = {}
    for box in read_box_list(Path(labelled.boxes)):
        path = stems.get(stem_of(Path(box.image)))
        if path is not None and box.finding in labelled.labels:
            row = rows[labelled.labels.index(box.finding)]
            found[path] = np.maximum(found.get(path, np.zeros_like(row)), row)
    return found


class LabelledBatches(Samples[Translated]):
    """Every radiograph once an epoch in random order, each to get the labels of a random other one.

    Args:
        images: Training radiographs.
        recipe: Seed and batch size.
        epochs: Length of the training.
        augmentation: Random changes.
        share: This process's of every batch.
    """

    kind = Translated

    def __init__(
        self,
        images: list[LabelledImage],
        recipe: Recipe,
        *,
        epochs: float,
        augmentation: Augmentation,
        share: Share = ALONE,
    ) -> None:
        super().__init__(recipe, share, each_epoch=len(images), epochs=epochs)
        self.images, self.augmentation = images, augmentation

    def sample(self, rng: np.random.Generator, place: tuple[int, int]) -> Sample:
        """A radiograph, its labels, those that it is to get, and a place between the two."""
        _, which = self.shuffled(place, len(self.images))
        one, other = self.images[which], self.images[int(rng.integers(len(self.images)))]
        real, _ = changed(rng, one.image, WHOLE, self.augmentation)
        return real, one.labels, other.labels, np.array(rng.random(), np.float32)
