"""Arguments of commands that hold detections against a manifest."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import share

if TYPE_CHECKING:
    from cxr_studio.datasets.entries import Manifest
    from cxr_studio.detection.matching import Matching


def add_truth(parser: argparse.ArgumentParser) -> None:
    """``--truth`` and what of it counts."""
    words = "manifest, COCO file, table of NODE21, VinDr or the NIH, or a folder with one"
    parser.add_argument("--truth", type=Path, required=True, metavar="MANIFEST", help=words)
    parser.add_argument("--images", type=Path, metavar="DIR", help="radiographs of a table (default: beside it)")
    words = "findings that count as one, with commas (default: nodule; nodule,mass for large ones too)"
    parser.add_argument("--label", default="nodule", metavar="NAMES", help=words)
    parser.add_argument("--split", metavar="NAME", help="only radiographs of this split")
    words = "iou:LEAST or centre:LARGEST, a distance in diameters (default: iou:0.2)"
    parser.add_argument("--match", default="iou:0.2", metavar="RULE", help=words)


def add_operating_point(parser: argparse.ArgumentParser) -> None:
    """``--rate``."""
    words = "false positives an image at which a nodule counts as found or missed (default: 0.25)"
    parser.add_argument("--rate", type=share(0, 100), default=0.25, help=words)


def truth_of(options: argparse.Namespace) -> Manifest:
    """The manifest, or its split.

    Raises:
        StudioError: it cannot be read, or the split has no radiographs.
    """
    from cxr_studio.datasets.opening import open_manifest
    from cxr_studio.errors import StudioError

    truth = open_manifest(options.truth, options.images)
    if not options.split:
        return truth
    chosen = truth.where(lambda entry: entry.split == options.split)
    if not chosen.entries:
        splits = ", ".join(sorted({entry.split for entry in truth.entries if entry.split})) or "none"
        what = f"the manifest has no radiographs of the split {options.split} (its splits: {splits})"
        raise StudioError(what, file=options.truth, remedy="Choose another split")
    return chosen


def labels_of(options: argparse.Namespace) -> tuple[str, ...]:
    """The findings that count, small letters."""
    return tuple(label.strip().lower() for label in options.label.split(","))


def matched(path: Path, truth: Manifest, options: argparse.Namespace) -> Matching:
    """A detector's boxes of the labels that count, matched to the findings that count of a whole manifest."""
    from cxr_studio.detection.detections import read_detections
    from cxr_studio.detection.matching import match, read_rule

    found = read_detections(path, truth)
    labels = labels_of(options)
    return match(truth.of_label(*labels), (one for one in found if one.label in labels), read_rule(options.match))


def named(paths: Sequence[Path]) -> dict[str, Path]:
    """Files by the names that tables give them: their stems, or whole paths where two share one.

    Raises:
        StudioError: one file is given twice.
    """
    from cxr_studio.errors import StudioError

    if len(set(paths)) < len(paths):
        raise StudioError("one file of detections is given twice", remedy="Give each detector once")
    stems = [path.stem for path in paths]
    return {path.stem if stems.count(path.stem) == 1 else str(path): path for path in paths}
