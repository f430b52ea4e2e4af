"""``cxr-studio node21 --input DIR --output DIR``."""

from __future__ import annotations

import argparse
from pathlib import Path

from cxr_studio.cli.arguments import add_nodule_generator, whole


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The challenge's two folders."""
    parser.add_argument("--input", type=Path, default=Path("/input"), metavar="DIR", help="stack.mha and nodules.json")
    parser.add_argument("--output", type=Path, default=Path("/output"), metavar="DIR", help="gets the stack")
    words = "of the boxes (default: mm where the stack has a pixel spacing, px where it has none)"
    parser.add_argument("--units", choices=("px", "mm"), default="auto", help=words)
    add_nodule_generator(parser)
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), default=0, help="same seed, same nodules (default: 0)")


def run(options: argparse.Namespace) -> int:
    """Draw the nodules."""
    from cxr_studio.augmentation.node21 import generate
    from cxr_studio.cli.progress import bar
    from cxr_studio.nodules.placement import Placement

    with bar() as progress:
        look = Placement(0, 0, 30, seed=options.seed, generator=options.generator, background=options.background)
        written = generate(options.input, options.output, look=look, units=options.units, progress=progress)
    for one in written:
        print(one.words)
        print(f"Written to {one.stack}; the extents that were drawn to {one.boxes}.")
    return 0
