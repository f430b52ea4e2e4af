"""``--objects`` of commands that write a derived radiograph."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.errors import WriteError

if TYPE_CHECKING:
    from cxr_studio.generation.session import Session

KINDS = "seg, gsps, ko, sr with commas, or all"


def add_objects(parser: argparse.ArgumentParser) -> None:
    """``--objects`` and ``--reader``."""
    words = f"also write DICOM objects of this kind beside a DICOM result, and the mask as PNG: {KINDS}"
    parser.add_argument("--objects", metavar="KINDS", help=words)
    add_reader(parser)


def add_reader(parser: argparse.ArgumentParser) -> None:
    """``--reader``."""
    words = "name of the person who accepts or measures, for key objects and reports"
    parser.add_argument("--reader", default="", metavar="NAME", help=words)


def writer_of(options: argparse.Namespace, results: Sequence[Path]) -> Callable[[Session, Path], object] | None:
    """What writes the objects of a session beside its result; None where none are wanted.

    Raises:
        StudioError: an unknown kind, highdicom is not installed, or a result is no DICOM file.
    """
    if not options.objects:
        return None
    from cxr_studio.exchange.objects import Wanted, kinds_from, objects_beside
    from cxr_studio.exchange.observers import Observer
    from cxr_studio.exchange.subject import library

    library()
    other = next((path for path in results if path.suffix.lower() != ".dcm"), None)
    if other is not None:
        what = "DICOM objects refer to a DICOM result, which this is not"
        raise WriteError(what, file=other, remedy="Give a DICOM radiograph and an --out that ends in .dcm")
    wanted = Wanted(kinds_from(options.objects), observer=Observer(options.reader), device=options.device)
    return lambda session, path: objects_beside(session, path, wanted)
