"""``cxr-studio detect INPUT --out FILE``."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import add_device, share
from cxr_studio.cli.job_arguments import add_running, print_part, running_of

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
    add_running(parser, workers=1)


def run(options: argparse.Namespace) -> int:
    """Detect in one radiograph after another, and write all answers at the end; failures are listed, one a line."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.detection.detector import find_detector
    from cxr_studio.detection.job import DetectionJob
    from cxr_studio.generation.devices import choose_device
    from cxr_studio.jobs.claiming import discard_other
    from cxr_studio.jobs.running import run as run_batch

    detector, running = find_detector(options.detector), running_of(options)
    choose_device(options.device)
    listed = _listed(options).numbered()
    write = None if running.part else _writer(options.out, listed, detector)
    sources = tuple((listed.path(entry), entry.file) for entry in listed.entries)
    folder = options.out if running.part else job_folder(options.out)
    job = DetectionJob(sources, folder, options.detector, detector.sha256, options.least, options.device)
    if write is not None:
        discard_other(job)
    with bar() as progress:
        outcome = run_batch(job, running, progress=progress)
    if write is None:
        print_part(running, folder, job.noun, made=outcome.made)
    else:
        found = job.found()
        write(found)
        count = job.count - len(outcome.faults)
        print(f"{len(found)} detections in {count} radiographs by {detector.card.title}: {options.out}")
        shutil.rmtree(folder, ignore_errors=True)
    for fault in outcome.faults.values():
        print(fault, file=sys.stderr)
    return 1 if outcome.faults else 0


def job_folder(out: Path) -> Path:
    """Where the answers are kept until all are there."""
    return out.with_name(f".{out.name}.job")


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
