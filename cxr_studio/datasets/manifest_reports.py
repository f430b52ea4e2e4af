"""A manifest from DICOM structured reports: the radiographs of a folder that they are about, and their findings."""

from __future__ import annotations

from pathlib import Path

from cxr_studio.datasets.entries import Entry, Finding, Manifest, named_from
from cxr_studio.datasets.instances import Instance, instances_of
from cxr_studio.datasets.listing import radiographs_in
from cxr_studio.datasets.structured_report import ReportedBox, read_report, report_files
from cxr_studio.errors import ReadError


def read_reports(path: Path, images: Path) -> Manifest:
    """Read a report, or a folder of them.

    Args:
        path: The report or folder.
        images: Folder of the radiographs; those that no report names have no findings.

    Raises:
        ReadError: a report cannot be read, or is about none of the radiographs.
    """
    boxes = [box for one in report_files(path) for box in read_report(one).boxes]
    files = instances_of(radiographs_in(images))
    if boxes and not any(box.instance in files for box in boxes):
        what = f"the report is about none of the radiographs in {images.name}"
        raise ReadError(what, file=path, remedy="Give the folder of the radiographs that it refers to")
    entries = (_entry(one, [box for box in boxes if box.instance == uid], images) for uid, one in files.items())
    return Manifest(images, tuple(entries))


def _entry(image: Instance, boxes: list[ReportedBox], folder: Path) -> Entry:
    height, width = image.shape
    findings = tuple(Finding(box.label, box.box, box.diameter_px, box.diameter_mm) for box in boxes)
    file = named_from(image.path, folder)
    return Entry(file, image.patient or image.path.stem, width=width, height=height, findings=findings)
