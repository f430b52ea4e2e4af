"""Detections from DICOM structured reports, one report or a folder of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from cxr_studio.datasets.entries import Manifest
from cxr_studio.datasets.instances import instances_of
from cxr_studio.datasets.listing import is_dicom
from cxr_studio.datasets.structured_report import ReportedBox, read_report, report_files
from cxr_studio.errors import ReadError


def is_reported(path: Path) -> bool:
    """Whether detections stand in DICOM: a folder, or a DICOM file."""
    return path.is_dir() or is_dicom(path)


def reported(path: Path) -> Iterator[ReportedBox]:
    """Every finding of a report, or of the reports of a folder.

    Raises:
        ReadError: one cannot be read, or the folder has none.
    """
    for one in report_files(path):
        yield from read_report(one).boxes


def files_by_instance(boxes: Iterable[ReportedBox], truth: Manifest, path: Path) -> dict[str, str]:
    """SOP Instance UID → the manifest's file, for every image that the boxes are about.

    Raises:
        ReadError: the manifest has no such image.
    """
    images = instances_of(truth.path(entry) for entry in truth.entries)
    names = {truth.path(entry): entry.file for entry in truth.entries}
    files = {uid: names[image.path] for uid, image in images.items()}
    missing = next((box.instance for box in boxes if box.instance not in files), None)
    if missing is not None:
        what = f"the report is about an image that the manifest does not have (SOP Instance UID {missing})"
        raise ReadError(what, file=path, remedy="Give the manifest of the radiographs that were reported on")
    return files
