"""``cxr-studio demo``."""

from __future__ import annotations

import argparse
from pathlib import Path

PICTURE = Path("cxr-studio-demo.png")
"""Where the window's picture goes when there is no display."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--picture``."""
    parser.add_argument("--picture", type=Path, metavar="FILE", help="write a picture of the window instead")


def run(options: argparse.Namespace) -> int:
    """Open the window on the bundled sample; without a display write it to a PNG, with an inpainting done in it."""
    from cxr_studio.cli.display import no_display
    from cxr_studio.resources import resource
    from cxr_studio.ui.app import run as run_window

    sample = resource("samples", "masses.dcm")
    missing = no_display()
    if missing and not options.picture:
        print(f"{missing[:1].upper()}{missing[1:]}, so a picture of it is made instead.")
    picture = options.picture or (PICTURE if missing else None)
    return run_window([sample], screenshot=picture)
