"""``cxr-studio objects INPUT --out DIR``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import add_device
from cxr_studio.cli.object_arguments import KINDS, add_reader

if TYPE_CHECKING:
    from cxr_studio.exchange.reporting import Reported
    from cxr_studio.generation.session import Session
    from cxr_studio.radiographs.window import Window


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is written, of what, and who says so."""
    parser.add_argument("input", type=Path, metavar="INPUT", help="DICOM radiograph, or a session of one (.cxrs)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write into")
    parser.add_argument("--kinds", default="all", metavar="KINDS", help=f"{KINDS} (default: all that have content)")
    words = "mask painted on the radiograph: PNG, or a DICOM segmentation"
    parser.add_argument("--mask", type=Path, metavar="FILE", help=words)
    words = "boxes for the report: detections as CSV, COCO results or DICOM report"
    parser.add_argument("--boxes", type=Path, metavar="FILE", help=words)
    words = "whose boxes they are (default: the name of their file)"
    parser.add_argument("--detector", default="", metavar="NAME", help=words)
    add_reader(parser)
    words = "window of the presentation state, in modality values (default: the file's own)"
    parser.add_argument("--window", type=_window, metavar="CENTRE,WIDTH", help=words)
    add_device(parser)


def run(options: argparse.Namespace) -> int:
    """Write the derived radiograph of a session with edits, the objects, and the mask as PNG; print their names."""
    from cxr_studio.exchange.objects import Wanted, kinds_from, write_objects
    from cxr_studio.exchange.observers import Observer
    from cxr_studio.exchange.subject import MAKER

    kinds, session = kinds_from(options.kinds), _session(options)
    device = options.detector or (options.boxes.stem if options.boxes else MAKER)
    observer = Observer(options.reader, device, "" if device == MAKER else "unknown")
    wanted = Wanted(kinds, options.window, observer, _findings(options, session), options.device)
    for path in write_objects(session, options.out, wanted):
        print(path)
    return 0


def _session(options: argparse.Namespace) -> Session:
    from cxr_studio.generation.session import Session
    from cxr_studio.generation.session_file import SUFFIX, load_session
    from cxr_studio.masks.files import load_mask
    from cxr_studio.radiographs.reading import read_radiograph

    kept = options.input.suffix.lower() == SUFFIX
    session = load_session(options.input) if kept else Session(read_radiograph(options.input))
    if options.mask is not None:
        radiograph = session.radiograph
        session.apply_mask(load_mask(options.mask, radiograph.shape, instances=radiograph.instances), "Mask")
    return session


def _findings(options: argparse.Namespace, session: Session) -> tuple[Reported, ...]:
    if options.boxes is None:
        return ()
    from cxr_studio.detection.detections import read_answers
    from cxr_studio.exchange.reporting import as_reported

    radiograph = session.radiograph
    name = "" if radiograph.source.path is None else radiograph.source.path.name
    return as_reported(read_answers(options.boxes, name, instances=radiograph.instances), radiograph.shape)


def _window(text: str) -> Window:
    from cxr_studio.radiographs.window import Window

    try:
        center, width = (float(part) for part in text.split(","))
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text!r} is not CENTRE,WIDTH, like 2048,3000") from fault
    if width < 1:
        raise argparse.ArgumentTypeError(f"the window {text!r} is narrower than 1")
    return Window(center, width)
