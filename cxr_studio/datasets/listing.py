"""Which files of a folder are radiographs: the only place where one is listed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cxr_studio.errors import ReadError
from cxr_studio.radiographs.reading import PLAIN_MAGIC, SUFFIXES

HEAD = 1024
"""Bytes looked at in a file whose ending says nothing."""

DIRECTORY = b"1.2.840.10008.1.3.10"
"""SOP class of DICOMDIR, a table of contents without pixels (PS3.4, B.5)."""


def is_dicom(path: Path) -> bool:
    """Whether a file is DICOM by its content: ``DICM`` after the preamble. False where it cannot be read."""
    return _dicom(_head(path))


def radiographs_in(folder: Path) -> list[Path]:
    """List the radiographs of a folder in name order.

    A file counts by its ending; without an ending (or with one that is a piece of a UID) by its content. Hidden files,
    DICOMDIR and subfolders are left out.

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
    if suffix in SUFFIXES:
        return True
    head = _head(path)
    return _dicom(head) or (not suffix and head.startswith(PLAIN_MAGIC))


def _dicom(head: bytes) -> bool:
    return head[128:132] == b"DICM" and DIRECTORY not in head


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD)
    except OSError:
        return b""
