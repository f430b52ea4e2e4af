"""``cxr-studio study export BUNDLE --key KEY --out DIR --format csv,bids``."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.study_arguments import add_bundle, add_database, add_key

if TYPE_CHECKING:
    from cxr_studio.studies.outcomes import Outcome

    Writer = Callable[[Sequence[Outcome], Path], list[Path]]

FORMATS = ("csv", "bids")


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
    from cxr_studio.studies.outcomes import EVERY, answers_table

    names = [name.strip() for name in options.format.split(",") if name.strip()]
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise StudioError(f"the format {', '.join(unknown)!r} is not known", remedy=f"Choose of {', '.join(FORMATS)}")
    bundle, key = opened(options)
    assert key is not None
    outcomes = answers_table(bundle, key, databases=options.database, phases=EVERY, superseded=True)
    for name in names:
        for path in _writer(name)(outcomes, options.out):
            print(path)
    return 0


def _writer(name: str) -> Writer:
    from cxr_studio.studies.exporters.bids import write_bids
    from cxr_studio.studies.exporters.tidy import write_tidy

    writers: dict[str, Writer] = {"csv": write_tidy, "bids": write_bids}
    return writers[name]
