"""``cxr-studio detect INPUT --out FILE``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import add_device, share

if TYPE_CHECKING:
    from cxr_studio.datasets.entries import Manifest
    from cxr_studio.detection.detections import Detection


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Radiographs, detector, and where its answers go."""
    words = "radiograph, folder of radiographs, or manifest (.csv, .json)"
    parser.add_argument("input", type=Path, metavar="INPUT", help=words)
    words = "answers as CSV, or as COCO results (.json)"
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help=words)
    parser.add_argument("--images", type=Path, metavar="DIR", help="radiographs of a table (default: beside it)")
    words = "a detector's name, or its file (default: the first in the models folder)"
    parser.add_argument("--detector", default="", metavar="NAME", help=words)
    parser.add_argument("--least", type=share(0, 1), default=0.05, metavar="SCORE", help="(default: 0.05)")
    add_device(parser)


def run(options: argparse.Namespace) -> int:
    """Detect in one radiograph after another, and write all answers at the end."""
    from cxr_studio.cli.progress import tracked
    from cxr_studio.detection.detections import write_coco, write_csv
    from cxr_studio.detection.detector import detect, find_detector
    from cxr_studio.errors import WriteError
    from cxr_studio.generation.devices import choose_device
    from cxr_studio.radiographs.reading import read_radiograph

    if options.out.suffix.lower() not in (".csv", ".json"):
        raise WriteError("detections are written as .csv or .json", file=options.out, remedy="Choose one of them")
    detector, device = find_detector(options.detector), choose_device(options.device)
    listed = _listed(options).numbered()
    found: list[Detection] = []
    for entry in tracked(listed.entries, len(listed.entries), "Detecting"):
        radiograph = read_radiograph(listed.path(entry))
        found += detect(radiograph, detector, device=device, least=options.least, file=entry.file)
    if options.out.suffix.lower() == ".csv":
        write_csv(found, options.out)
    else:
        write_coco(found, options.out, {entry.file: entry.number for entry in listed.entries})
    print(f"{len(found)} detections in {len(listed.entries)} radiographs by {detector.card.title}: {options.out}")
    return 0


def _listed(options: argparse.Namespace) -> Manifest:
    """The radiographs, named as in their manifest or from their folder."""
    from cxr_studio.datasets.entries import Entry, Manifest
    from cxr_studio.datasets.listing import radiograph_files
    from cxr_studio.datasets.opening import open_manifest

    if options.input.suffix.lower() in (".csv", ".json"):
        return open_manifest(options.input, options.images)
    files = radiograph_files(options.input)
    return Manifest(files[0].parent, tuple(Entry(path.name, "") for path in files))
