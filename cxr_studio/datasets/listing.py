"""Which files of a folder are radiographs: the only place where one is listed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cxr_studio.errors import ReadError
from cxr_studio.radiographs.reading import PLAIN_MAGIC, SUFFIXES

DICOM_SUFFIXES = frozenset({".dcm", ".dicom"})
HEAD = 1024
"""Bytes looked at in a file whose ending says nothing."""

NO_IMAGES = (
    b"1.2.840.10008.1.3.10",
    b"1.2.840.10008.5.1.4.1.1.11.",
    b"1.2.840.10008.5.1.4.1.1.66",
    b"1.2.840.10008.5.1.4.1.1.88.",
    b"1.2.840.10008.5.1.4.1.1.104.",
)
"""What the SOP classes of DICOM files begin with that are no radiographs (PS3.4, B.5): DICOMDIR, presentation states,
segmentations and other raw objects, structured reports and key objects, encapsulated documents."""

CLASS_OF_FILE = b"\x02\x00\x02\x00UI"
"""Media Storage SOP Class UID in a file's first bytes; two bytes of length and the UID follow (PS3.10, 7.1)."""


def is_dicom(path: Path) -> bool:
    """Whether a file is DICOM by its content: ``DICM`` after the preamble. False where it cannot be read."""
    return _head(path)[128:132] == b"DICM"


def radiographs_in(folder: Path) -> list[Path]:
    """List the radiographs of a folder in name order.

    A file counts by its ending; without an ending (or with one that is a piece of a UID) by its content. Hidden files,
    subfolders, DICOMDIR and DICOM objects that are no images (segmentations, reports) are left out.

    Raises:
        OSError: the folder cannot be listed.
    """
    return sorted(path for path in folder.iterdir() if _counts(path))


def radiograph_files(path: Path) -> list[Path]:
    """List the radiographs of a folder in name order; a file is taken as it is.

    Raises:
        ReadError: there is no such file or folder, it cannot be listed, or it has no radiographs.
    """
    if path.is_file():
        return [path]
    if not path.exists():
        raise ReadError("there is no such file or folder", file=path, remedy="Check its name")
    try:
        found = radiographs_in(path)
        inner = sorted(one.name for one in path.iterdir() if one.is_dir() and not one.name.startswith("."))
    except OSError as fault:
        raise ReadError(
            f"the folder cannot be listed ({fault.strerror})", file=path, remedy="Check its permissions"
        ) from fault
    if not found:
        remedy = f"Choose one of the folders in it ({inner[0]}, for example)" if inner else "Choose another folder"
        raise ReadError("the folder holds no radiographs", file=path, remedy=remedy)
    return found


def radiograph_folder(path: Path) -> list[Path]:
    """List the radiographs of a folder in name order; see ``radiograph_files``.

    Raises:
        ReadError: it is no folder, cannot be listed, or has no radiographs.
    """
    if not path.is_dir():
        raise ReadError("there is no such folder", file=path, remedy="Give a folder of radiographs")
    return radiograph_files(path)


def spread(paths: Sequence[Path], most: int) -> tuple[Path, ...]:
    """At most so many of the files, evenly over their order."""
    if len(paths) <= most:
        return tuple(paths)
    steps = [k * (len(paths) - 1) / max(1, most - 1) for k in range(most)]
    return tuple(paths[round(step)] for step in steps)


def _counts(path: Path) -> bool:
    if path.name.startswith(".") or not path.is_file() or path.name.upper() == "DICOMDIR":
        return False
    suffix = path.suffix.lower()
    if suffix in SUFFIXES - DICOM_SUFFIXES:
        return True
    head = _head(path)
    if suffix in DICOM_SUFFIXES:
        return not _other_object(head)
    return _dicom(head) or (not suffix and head.startswith(PLAIN_MAGIC))


def _dicom(head: bytes) -> bool:
    return head[128:132] == b"DICM" and not _other_object(head)


def _other_object(head: bytes) -> bool:
    """Whether a DICOM file's first bytes say that it is no image."""
    place = head.find(CLASS_OF_FILE, 132)
    return place >= 0 and head[place + 8 : place + 72].startswith(NO_IMAGES)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD)
    except OSError:
        return b""
