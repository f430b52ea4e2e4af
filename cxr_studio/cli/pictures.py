"""``cxr-studio pictures DIR``: the README's pictures, made by the window itself."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """DIR."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder to write the PNGs to")


def run(options: argparse.Namespace) -> int:
    """Make every picture; no display is needed."""
    from cxr_studio.quality.highlighting.picture import render_highlight
    from cxr_studio.ui.screenshot import render_pictures

    options.folder.mkdir(parents=True, exist_ok=True)
    from cxr_studio.ui.study.portrait import render_study_pictures

    render_highlight(options.folder / "highlight.png")
    return max(render_pictures(options.folder), render_study_pictures(options.folder))
