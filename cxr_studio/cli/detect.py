"""``cxr-studio detect INPUT --out FILE``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import add_device, share

if TYPE_CHECKING:
    from cxr_studio.datasets.entries import Manifest
    from cxr_studio.detection.detections import Detection
    from cxr_studio.networks.checkpoint import Checkpoint


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Radiographs, detector, and where its answers go."""
    words = "radiograph, folder of radiographs, or manifest (.csv, .json)"
    parser.add_argument("input", type=Path, metavar="INPUT", help=words)
    words = "answers as CSV, COCO results (.json), or DICOM report (.dcm; of several radiographs a folder of them)"
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help=words)
    parser.add_argument("--images", type=Path, metavar="DIR", help="radiographs of a table (default: beside it)")
    words = "a detector's name, or its file (default: the first in the models folder)"
    parser.add_argument("--detector", default="", metavar="NAME", help=words)
    parser.add_argument("--least", type=share(0, 1), default=0.05, metavar="SCORE", help="(default: 0.05)")
    add_device(parser)


def run(options: argparse.Namespace) -> int:
    """Detect in one radiograph after another, and write all answers at the end."""
    from cxr_studio.cli.progress import tracked
    from cxr_studio.detection.detector import detect, find_detector
    from cxr_studio.generation.devices import choose_device
    from cxr_studio.radiographs.reading import read_radiograph

    detector, device = find_detector(options.detector), choose_device(options.device)
    listed = _listed(options).numbered()
    write = _writer(options.out, listed, detector)
    found: list[Detection] = []
    for entry in tracked(listed.entries, len(listed.entries), "Detecting"):
        radiograph = read_radiograph(listed.path(entry))
        found += detect(radiograph, detector, device=device, least=options.least, file=entry.file)
    write(found)
    print(f"{len(found)} detections in {len(listed.entries)} radiographs by {detector.card.title}: {options.out}")
    return 0


def _writer(out: Path, listed: Manifest, detector: Checkpoint) -> Callable[[list[Detection]], None]:
    """What writes the answers, by the ending of the file.

    Raises:
        StudioError: an unknown ending, one report for several radiographs, or highdicom is not installed.
    """
    from cxr_studio.detection.detections import write_coco, write_csv
    from cxr_studio.errors import WriteError

    suffix, several = out.suffix.lower(), len(listed.entries) > 1
    if suffix == ".csv":
        return lambda found: write_csv(found, out)
    if suffix == ".json":
        return lambda found: write_coco(found, out, {entry.file: entry.number for entry in listed.entries})
    if suffix == ".dcm" and several:
        what = f"a DICOM report is about one radiograph, and here are {len(listed.entries)}"
        raise WriteError(what, file=out, remedy="Give a folder, without an ending")
    if suffix not in ("", ".dcm"):
        remedy = "Choose one of them, or a folder for DICOM reports"
        raise WriteError("detections are written as .csv, .json or .dcm", file=out, remedy=remedy)
    from cxr_studio.exchange.observers import Observer
    from cxr_studio.exchange.reports import refuse_plain, write_reports
    from cxr_studio.exchange.subject import library

    library()
    refuse_plain(listed)
    observer = Observer(device=detector.card.title, version=detector.sha256[:12])

    def write(found: list[Detection]) -> None:
        write_reports(out, listed, found, observer=observer)

    return write


def _listed(options: argparse.Namespace) -> Manifest:
    """The radiographs, named as in their manifest or from their folder."""
    from cxr_studio.datasets.entries import Entry, Manifest
    from cxr_studio.datasets.listing import radiograph_files
    from cxr_studio.datasets.opening import open_manifest

    if options.input.suffix.lower() in (".csv", ".json"):
        return open_manifest(options.input, options.images)
    files = radiograph_files(options.input)
    return Manifest(files[0].parent, tuple(Entry(path.name, "") for path in files))
