"""A detector's answers to the radiographs of a manifest as structured reports, one a radiograph."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cxr_studio.datasets.entries import Entry, Manifest
from cxr_studio.datasets.listing import is_dicom
from cxr_studio.datasets.naming import stem_of
from cxr_studio.datasets.outputs import refuse_collisions
from cxr_studio.detection.detections import Detection
from cxr_studio.errors import ReadError
from cxr_studio.exchange.observers import Observer
from cxr_studio.exchange.reporting import as_reported, write_report
from cxr_studio.exchange.subject import subject_of
from cxr_studio.radiographs.reading import read_radiograph


def refuse_plain(listed: Manifest) -> None:
    """Refuse radiographs that no report can refer to, before anything is detected.

    Raises:
        ReadError: one is no DICOM image.
    """
    for entry in listed.entries:
        if not is_dicom(listed.path(entry)):
            what = "the radiograph is no DICOM image, which a DICOM report could refer to"
            raise ReadError(what, file=listed.path(entry), remedy="Write detections as .csv or .json")


def write_reports(out: Path, listed: Manifest, found: Sequence[Detection], *, observer: Observer) -> list[Path]:
    """Write one report a radiograph; one without detections says that there is no nodule.

    Args:
        out: The report's file where it ends in .dcm, else the folder for ``NAME-sr.dcm``.
        listed: The radiographs, DICOM images.
        found: Detections, by the manifest's files.
        observer: Who detected.

    Returns:
        The reports.

    Raises:
        StudioError: a radiograph is no DICOM image, two would share a report, or a file cannot be written.
    """
    paths = {entry.file: _path(out, entry) for entry in listed.entries}
    sources = {entry.file: listed.path(entry) for entry in listed.entries}
    refuse_collisions([(sources[file], [path]) for file, path in paths.items()], kept=list(sources.values()))
    for file, path in paths.items():
        radiograph = read_radiograph(sources[file])
        boxes = as_reported((one for one in found if one.file == file), radiograph.shape)
        write_report(path, subject_of(radiograph), boxes, observer=observer)
    return list(paths.values())


def _path(out: Path, entry: Entry) -> Path:
    return out if out.suffix.lower() == ".dcm" else out / f"{stem_of(Path(entry.file))}-sr.dcm"
