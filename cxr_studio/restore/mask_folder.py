"""Which file of a folder is the mask of which radiograph: by name, or by what a segmentation refers to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cxr_studio.datasets.instances import instances_of
from cxr_studio.datasets.naming import MASK_SUFFIXES, stem_of
from cxr_studio.datasets.outputs import shared_names
from cxr_studio.errors import ReadError
from cxr_studio.masks.dicom_segmentation import SEGMENTATION_SUFFIXES, is_segmentation, referenced_by


def masks_of(folder: Path, images: Sequence[Path]) -> dict[str, Path]:
    """The masks in a folder by the radiographs' names without ending.

    A mask has its radiograph's name. A DICOM segmentation without such a name is the mask of the radiograph that it
    refers to, where that has none of its name.

    Raises:
        ReadError: two files of the folder are masks of the same radiograph.
    """
    wanted = {stem_of(path) for path in images}
    listed = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    pictures = [path for path in listed if path.suffix.lower() in MASK_SUFFIXES]
    objects = [path for path in listed if path.suffix.lower() in SEGMENTATION_SUFFIXES and is_segmentation(path)]
    named = [(path, stem_of(path)) for path in (*pictures, *objects) if stem_of(path) in wanted]
    found = _single(named, folder)
    bare = [path for path in images if stem_of(path) not in found]
    others = [path for path in objects if stem_of(path) not in wanted]
    return {**found, **_single(_referring(others, bare), folder)}


def no_mask(image: Path, folder: Path) -> ReadError:
    """What is said of a radiograph whose mask a folder lacks."""
    return ReadError(
        "there is no mask for this radiograph", file=image, remedy=f"Put {stem_of(image)}.png into {folder.name}"
    )


def _referring(objects: Sequence[Path], images: Sequence[Path]) -> list[tuple[Path, str]]:
    """Segmentations with the names of the radiographs that they refer to."""
    if not objects or not images:
        return []
    known = instances_of(images)
    found = [(path, known[uid].path) for path in objects for uid in sorted(referenced_by(path)) if uid in known]
    return [(path, stem_of(image)) for path, image in found]


def _single(pairs: Sequence[tuple[Path, str]], folder: Path) -> dict[str, Path]:
    twice = shared_names(iter(pairs))
    if twice is not None:
        words = f"two files of {folder.name} are masks of the same radiograph: {twice[0].name} and {twice[1].name}"
        raise ReadError(words, remedy="Leave one of them")
    return {name: path for path, name in pairs}
