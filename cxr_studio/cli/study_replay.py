"""``cxr-studio study replay BUNDLE --key KEY --reader ID``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import whole
from cxr_studio.cli.study_arguments import add_bundle, add_database, add_key

if TYPE_CHECKING:
    from cxr_studio.studies.trace import Trace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which study, whose trials, where to begin."""
    add_bundle(parser)
    add_key(parser)
    add_database(parser)
    parser.add_argument("--reader", required=True, metavar="ID", help="pseudonym; see cxr-studio study progress")
    parser.add_argument("--trial", type=whole(1, 100_000), default=1, metavar="N", help="answer to begin with, from 1")


def run(options: argparse.Namespace) -> int:
    """Open the window; without a display, say so."""
    from cxr_studio.cli.display import no_display
    from cxr_studio.cli.study_arguments import opened
    from cxr_studio.errors import StudioError
    from cxr_studio.studies.log import AnswerLog
    from cxr_studio.studies.trace import traces

    bundle, key = opened(options)
    assert key is not None
    log = AnswerLog(bundle, options.database, create=False)
    try:
        found: list[Trace] = traces(key, log, options.reader)
    finally:
        log.close()
    if options.trial > len(found):
        raise StudioError(f"reader {options.reader} has given {len(found)} answers", remedy="Choose a smaller --trial")
    if missing := no_display():
        raise StudioError(missing, remedy="Start it in a desktop session, or cxr-studio study export --format trace")
    from cxr_studio.ui.study.start import run_replay

    return run_replay(bundle, found, options.trial - 1)
