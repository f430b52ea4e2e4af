"""``cxr-studio open [FILES]``."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILES."""
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="radiographs, a session or a folder")


def run(options: argparse.Namespace) -> int:
    """Open the window; without a display, say so."""
    from cxr_studio.cli.display import no_display

    if sentence := no_display():
        from cxr_studio.errors import StudioError

        raise StudioError(sentence, remedy="Start it in a desktop session, or try cxr-studio demo")
    from cxr_studio.ui.app import run as run_window

    return run_window(options.files)
