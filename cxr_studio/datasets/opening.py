"""Opens a manifest, whichever of the known formats it is in."""

from __future__ import annotations

from collections.abc import Set as Collection
from pathlib import Path

from cxr_studio.datasets.box_list import lists_boxes
from cxr_studio.datasets.entries import Manifest
from cxr_studio.datasets.label_folders import VOC, YOLO, read_voc, read_yolo
from cxr_studio.datasets.listing import is_dicom, radiographs_in
from cxr_studio.datasets.manifest_coco import read_coco
from cxr_studio.datasets.manifest_csv import read_manifest
from cxr_studio.datasets.manifest_reports import read_reports
from cxr_studio.datasets.published import NODE21_COLUMNS, VINDR_COLUMNS, read_nih, read_node21, read_vindr
from cxr_studio.datasets.structured_report import is_report
from cxr_studio.datasets.tables import columns_of
from cxr_studio.errors import ReadError
from cxr_studio.radiographs.reading import SUFFIXES

IN_FOLDER = ("manifest.csv", "coco.json", "metadata.csv", "boxes.csv")
"""Files by which a folder is known, best first."""

MOST_WORDS = 120
"""Characters of a foreign table's header that a sentence repeats."""


def open_manifest(path: Path, images: Path | None = None, *, listed_side: int = 0) -> Manifest:
    """Read a manifest, a COCO file, a table of NODE21, VinDr or the NIH, or a folder that holds one, YOLO or VOC.

    DICOM structured reports are read too, one or a folder of them. ``data.yaml`` stands for its folder of YOLO, and a
    file of ``Annotations`` for its folder of Pascal VOC.

    Args:
        path: The file or folder.
        images: Folder of the radiographs of a table; by default the table's own, or ``images`` beside it.
        listed_side: Of a list like the NIH's: longest side of the images in whose pixels it is; 0 where it is not said.

    Raises:
        ReadError: it is none of these, or is wrong.
    """
    if path.is_dir():
        return _folder(path, images)
    if not path.is_file():
        raise ReadError("there is no such file or folder", file=path, remedy="Give a manifest, a list or a folder")
    if path.suffix.lower() == ".json":
        return read_coco(path)
    if path.name == YOLO:
        return read_yolo(path.parent)
    if path.suffix.lower() == ".xml" and path.absolute().parent.name == VOC:
        return read_voc(path.absolute().parent.parent)
    if is_dicom(path):
        return read_reports(path, images or _images_of(path))
    return _table(path, images, listed_side)


def _table(path: Path, images: Path | None, listed_side: int) -> Manifest:
    columns = set(columns_of(path))
    if {"file", "x0", "y1"} <= columns:
        return read_manifest(path)
    folder = images or _images_of(path)
    if set(NODE21_COLUMNS) <= columns:
        return read_node21(path, folder)
    if set(VINDR_COLUMNS) <= columns:
        return read_vindr(path, folder)
    if not lists_boxes(columns):
        raise _no_manifest(path, columns)
    return read_nih(path, folder, listed_side=listed_side)


def _no_manifest(path: Path, columns: Collection[str]) -> ReadError:
    """What a file is that says nothing of findings, in words."""
    remedy = "Give a manifest, a COCO file, a list of boxes or the folder that holds one"
    if path.suffix.lower() in SUFFIXES:
        return ReadError("it is an image, not a list of what images show", file=path, remedy=remedy)
    if not columns or any(not name.isprintable() for name in columns):
        return ReadError("the file holds no table", file=path, remedy=remedy)
    found = ", ".join(sorted(columns - {""}))
    return ReadError(f"nothing is known of a table with the columns {found[:MOST_WORDS]}", file=path, remedy=remedy)


def _folder(folder: Path, images: Path | None) -> Manifest:
    known = next((folder / name for name in IN_FOLDER if (folder / name).is_file()), None)
    if known is not None:
        return open_manifest(known, images)
    if (folder / YOLO).is_file():
        return read_yolo(folder)
    if (folder / VOC).is_dir():
        return read_voc(folder)
    if any(is_report(one) for one in folder.iterdir() if one.is_file()):
        return read_reports(folder, images or _images_of(folder / YOLO))
    what = f"the folder holds none of {', '.join((*IN_FOLDER, YOLO, VOC))}, and no DICOM reports"
    raise ReadError(what, file=folder, remedy="Give the manifest itself")


def _images_of(path: Path) -> Path:
    beside = path.parent / "images"
    return beside if beside.is_dir() and radiographs_in(beside) else path.parent
