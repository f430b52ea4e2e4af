"""Masks from DICOM segmentation objects (PS3.3 A.51), whoever wrote them: binary, fractional or label map.

Read with pydicom alone, since highdicom reads no segmentation of a projection radiograph that lacks pixel measures, and
few of other programs have them.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import ReadError, reason_of
from cxr_studio.masks.boxes import Mask

SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
"""SOP class of binary and fractional segmentations."""

LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7"
"""SOP class of segmentations whose pixels are numbers of segments."""

CLASSES = (SEGMENTATION, LABEL_MAP)
SEGMENTATION_SUFFIXES = frozenset({".dcm", ".dicom"})
"""Endings of segmentations that a folder is searched for."""

HALF = 0.5
"""Share of the largest fractional value from which a pixel is inside."""


@dataclass(frozen=True, eq=False)
class Segment:
    """One segment of a segmentation.

    Attributes:
        number: From 1.
        label: As its author named it.
        mask: ``bool [H, W]``.
    """

    number: int
    label: str
    mask: Mask


def holds_dicom(content: bytes) -> bool:
    """Whether a file's bytes are DICOM."""
    return content[128:132] == b"DICM"


def is_segmentation(path: Path) -> bool:
    """Whether a file is a DICOM segmentation; False where it cannot be read."""
    import pydicom

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            header = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=["SOPClassUID"])
        return str(header.get("SOPClassUID", "")) in CLASSES
    except Exception:  # pydicom raises many kinds on damaged files
        return False


def referenced_by(path: Path) -> frozenset[str]:
    """SOP Instance UIDs of the images that a segmentation was drawn on; none where it cannot be read."""
    import pydicom

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _references(pydicom.dcmread(path, stop_before_pixels=True))
    except Exception:  # pydicom raises many kinds on damaged files
        return frozenset()


def read_segments(content: bytes, path: Path, instances: Collection[str] = ()) -> tuple[Segment, ...]:
    """Read the segments that belong to one radiograph.

    Args:
        content: The file's bytes.
        path: Its name, for messages.
        instances: SOP Instance UIDs of the radiograph and of the images that it was derived from; () where it has
            none, and then every frame counts.

    Raises:
        ReadError: damaged, no segmentation, or about other images.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _segments(content, path, frozenset(instances))
    except ReadError:
        raise
    except Exception as fault:  # pydicom and its decoders raise many kinds on damaged files
        what = f"the segmentation is damaged or of an unknown kind ({reason_of(fault)})"
        raise ReadError(what, file=path, remedy="Export it again") from fault


def _segments(content: bytes, path: Path, instances: frozenset[str]) -> tuple[Segment, ...]:
    import pydicom

    file = pydicom.dcmread(BytesIO(content))
    if str(file.get("SOPClassUID", "")) not in CLASSES:
        raise ReadError("the DICOM file is no segmentation", file=path, remedy="Choose a SEG object or a PNG mask")
    groups = file.get("PerFrameFunctionalGroupsSequence") or []
    chosen = _frames_of(file, groups, instances, path)
    frames = np.asarray(file.pixel_array).reshape(-1, file.Rows, file.Columns)
    labels = {int(each.SegmentNumber): str(each.get("SegmentLabel", "")) for each in file.SegmentSequence}
    masks: dict[int, Mask] = {}
    for place in chosen:
        for number, inside in _inside(file, groups[place] if groups else None, frames[place]):
            masks[number] = masks[number] | inside if number in masks else inside
    if not masks:
        raise ReadError("the segmentation has no segment", file=path, remedy="Choose another mask")
    return tuple(Segment(number, labels.get(number, ""), masks[number]) for number in sorted(masks))


def _frames_of(file: Any, groups: Any, instances: frozenset[str], path: Path) -> list[int]:
    """Places of the frames that are about one of the instances, or say of none what they are about."""
    every = list(range(int(file.get("NumberOfFrames", 1))))
    named = {place: _named(groups[place] if groups else file) for place in every}
    known = _references(file)
    if not instances or not known:
        return every
    if not known & instances:
        what = "the segmentation was drawn on another radiograph"
        raise ReadError(what, file=path, remedy="Open the radiograph that it refers to, or choose another mask")
    own = [place for place in every if named[place] & instances]
    return own or [place for place in every if not named[place]] or every


def _named(*groups: Any) -> frozenset[str]:
    """SOP Instance UIDs that functional groups say a frame was drawn from."""
    items = [item for group in groups for item in group.get("DerivationImageSequence") or []]
    images = [image for item in items for image in item.get("SourceImageSequence") or []]
    return frozenset(str(image.ReferencedSOPInstanceUID) for image in images)


def _references(file: Any) -> frozenset[str]:
    """SOP Instance UIDs that an object refers to, as a whole or in its frames."""
    series = file.get("ReferencedSeriesSequence") or []
    items = [item for each in series for item in each.get("ReferencedInstanceSequence") or []]
    whole = frozenset(str(one.ReferencedSOPInstanceUID) for one in [*items, *(file.get("SourceImageSequence") or [])])
    shared = file.get("SharedFunctionalGroupsSequence") or []
    return whole | _named(*shared, *(file.get("PerFrameFunctionalGroupsSequence") or []))


def _inside(file: Any, group: Any, frame: NDArray[Any]) -> list[tuple[int, Mask]]:
    """The segments that a frame shows."""
    if str(file.SOPClassUID) == LABEL_MAP:
        return [(int(number), np.asarray(frame == number)) for number in np.unique(frame) if number]
    groups = [*([] if group is None else [group]), *(file.get("SharedFunctionalGroupsSequence") or [])]
    stated = [item for each in groups for item in each.get("SegmentIdentificationSequence") or []]
    number = int(stated[0].ReferencedSegmentNumber) if stated else 1
    if str(file.get("SegmentationType", "BINARY")) == "FRACTIONAL":
        return [(number, np.asarray(frame >= HALF * float(file.MaximumFractionalValue)))]
    return [(number, np.asarray(frame > 0))]
