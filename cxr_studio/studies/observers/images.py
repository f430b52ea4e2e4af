"""The images of a study as model observers take them, with their truth for training folds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import Box
from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.key import Key

Picture = NDArray[np.float32]


@dataclass(frozen=True)
class ObservedImage:
    """One image of the bundle.

    Attributes:
        name: File name in the bundle.
        case: Case that it belongs to.
        group: Patient, or the radiograph's hash where no patient is known.
        changed: Whether it was changed.
        boxes: Where the case's change is, also on the unchanged image of a pair; none where no place is known.
        catch: Belongs to a catch trial: never trained on.
    """

    name: str
    case: str
    group: str
    changed: bool
    boxes: tuple[Box, ...]
    catch: bool


@dataclass(frozen=True)
class Scores:
    """How changed each image looks to an observer, by file name: the higher, the more; and from where on it says so.

    Attributes:
        values: Held-out scores.
        thresholds: For images shown alone: a score above it is called changed.
    """

    values: dict[str, float]
    thresholds: dict[str, float]


def observed_images(bundle: Bundle, key: Key) -> list[ObservedImage]:
    """Every image that some trial shows, in order of their names."""
    found = []
    for case in key.cases.values():
        for name, changed in ((case.original, False), (case.altered, True)):
            if name in bundle.images:
                group = case.patient or case.source_sha256
                found.append(ObservedImage(name, case.case, group, changed, case.boxes, case.catch))
    return sorted(found, key=lambda image: image.name)


def picture_of(bundle: Bundle, image: ObservedImage) -> Picture:
    """Pixels of an image, ``float32 [H, W]``, 0 to 1.

    Raises:
        BundleError: it is missing or has been changed.
    """
    from PIL import Image

    with Image.open(bundle.check_image(image.name)) as opened:
        pixels = np.asarray(opened)
    return (pixels / np.float32(np.iinfo(pixels.dtype if pixels.dtype == np.uint8 else np.uint16).max)).astype(
        np.float32
    )


def pictures(bundle: Bundle, images: list[ObservedImage]) -> Iterator[tuple[ObservedImage, Picture]]:
    """Images with their pixels, one after another."""
    for image in images:
        yield image, picture_of(bundle, image)


def thresholds_of(
    images: list[ObservedImage], values: NDArray[np.float64], parts: NDArray[np.int64]
) -> NDArray[np.float64]:
    """For each image the threshold of its fold: as large a share lies above it as was changed in the other folds.

    An observer may know how common changed images are, as a reader is told; it learns nothing of its own fold's truth.

    Args:
        images: All images.
        values: Their held-out scores.
        parts: Their folds.
    """
    changed = np.array([image.changed for image in images])
    found = np.empty(len(images))
    for fold in np.unique(parts):
        held = parts == fold
        share = float(changed[~held].mean())
        found[held] = np.quantile(values[held], 1 - share)
    return found
