"""``cxr-studio pictures DIR [--run RUN]``: the README's pictures, made by the window itself."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """DIR [--run RUN]."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder to write the PNGs to")
    words = "a training run of the context encoder, for the picture of the comparison window"
    parser.add_argument("--run", type=Path, metavar="RUN", help=words)


def run(options: argparse.Namespace) -> int:
    """Make every picture; no display is needed."""
    from cxr_studio.quality.attribute_picture import render_attributes
    from cxr_studio.quality.fill_picture import render_fills
    from cxr_studio.quality.highlighting.picture import render_highlight
    from cxr_studio.quality.repair_picture import render_repairs
    from cxr_studio.quality.surround_picture import render_surroundings
    from cxr_studio.ui.screenshot import render_pictures

    options.folder.mkdir(parents=True, exist_ok=True)
    from cxr_studio.ui.qa.portrait import render_comparison
    from cxr_studio.ui.study.portrait import render_study_pictures

    render_attributes(options.folder / "attributes.png")
    render_fills(options.folder / "fills.png")
    render_highlight(options.folder / "highlight.png")
    render_surroundings(options.folder / "surround.png")
    render_repairs(options.folder / "repairs.png")
    made = render_pictures(options.folder), render_study_pictures(options.folder)
    return max(*made, render_comparison(options.run, options.folder))
