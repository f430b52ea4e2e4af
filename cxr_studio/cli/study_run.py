"""``cxr-studio study run BUNDLE``."""

from __future__ import annotations

import argparse
from pathlib import Path

from cxr_studio.cli.study_arguments import add_bundle, add_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which study, who, and where answers go."""
    add_bundle(parser)
    add_database(parser)
    parser.add_argument("--reader", default="", metavar="ID", help="pseudonym; asked for by default")
    parser.add_argument("--copy-to", type=Path, metavar="DIR", help="folder of a second copy of the answers")
    parser.add_argument("--windowed", action="store_true", help="in a window, not full-screen")


def run(options: argparse.Namespace) -> int:
    """Open the window; without a display, say so."""
    from cxr_studio.cli.display import no_display

    if missing := no_display():
        from cxr_studio.errors import StudioError

        raise StudioError(missing, remedy="Start it in a desktop session")
    from cxr_studio.ui.study.start import run_study
    from cxr_studio.ui.study.study_controller import StudyOptions

    return run_study(
        options.bundle, StudyOptions(options.reader, options.database, options.copy_to, windowed=options.windowed)
    )
