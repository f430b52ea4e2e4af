"""``cxr-studio study export BUNDLE --key KEY --out DIR --format csv,trace,marks,froc-xlsx,bids,imrmc,…``."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.study_arguments import add_bundle, add_database, add_key

if TYPE_CHECKING:
    from cxr_studio.studies.bundle import Bundle
    from cxr_studio.studies.key import Key
    from cxr_studio.studies.outcomes import Outcome

    Writer = Callable[[Sequence[Outcome], Path], list[Path]]

TABLES = ("csv", "bids")
TRACE = "trace"
MARKS = ("marks", "froc-xlsx")
READINGS = ("imrmc", "imrmc-rjafroc", "jafroc-xlsx")
FORMATS = (*TABLES, TRACE, *MARKS, *READINGS)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which study, which formats, where to."""
    add_bundle(parser)
    add_key(parser)
    add_database(parser, several=True)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write to")
    parser.add_argument("--format", default="csv", metavar="NAMES", help=f"{','.join(FORMATS)} (default: csv)")


def run(options: argparse.Namespace) -> int:
    """Write the files and name them."""
    from cxr_studio.cli.study_arguments import opened
    from cxr_studio.errors import StudioError
    from cxr_studio.studies.exporters.readings import write_readings
    from cxr_studio.studies.outcomes import EVERY, answers_table
    from cxr_studio.studies.reporting import study_outcome

    names = [name.strip() for name in options.format.split(",") if name.strip()]
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise StudioError(f"the format {', '.join(unknown)!r} is not known", remedy=f"Choose from {', '.join(FORMATS)}")
    bundle, key = opened(options)
    assert key is not None
    for name in names:
        if name in TABLES:
            outcomes = answers_table(bundle, key, databases=options.database, phases=EVERY, superseded=True)
            paths = _writer(name)(outcomes, options.out)
        elif name == TRACE:
            paths = _write_traces(bundle, key, options)
        elif name in MARKS:
            paths = _write_marks(bundle, key, options, name)
        else:
            outcome = study_outcome(bundle, key, key_path=options.key, databases=options.database)
            paths = write_readings(outcome, options.out, name)
        for path in paths:
            print(path)
    return 0


def _write_traces(bundle: Bundle, key: Key, options: argparse.Namespace) -> list[Path]:
    """Every reader's traces in one table."""
    from cxr_studio.studies.exporters.trace_table import write_traces
    from cxr_studio.studies.log import AnswerLog
    from cxr_studio.studies.trace import traces

    found = []
    for database in options.database or [None]:
        log = AnswerLog(bundle, database, create=False)
        try:
            for reader in log.places():
                found += traces(key, log, reader)
        finally:
            log.close()
    return write_traces(found, options.out)


def _write_marks(bundle: Bundle, key: Key, options: argparse.Namespace, name: str) -> list[Path]:
    from cxr_studio.studies.exporters.marks import write_froc, write_marks
    from cxr_studio.studies.marks import marked_images

    images = marked_images(bundle, key, options.database)
    return write_marks(images, options.out) if name == "marks" else write_froc(images, options.out)


def _writer(name: str) -> Writer:
    from cxr_studio.studies.exporters.bids import write_bids
    from cxr_studio.studies.exporters.tidy import write_tidy

    writers: dict[str, Writer] = {"csv": write_tidy, "bids": write_bids}
    return writers[name]
