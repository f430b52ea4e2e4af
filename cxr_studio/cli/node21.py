"""``cxr-studio node21 --input DIR --output DIR``."""

from __future__ import annotations

import argparse
from pathlib import Path

from cxr_studio.cli.arguments import whole


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The challenge's two folders."""
    parser.add_argument("--input", type=Path, default=Path("/input"), metavar="DIR", help="stack.mha and nodules.json")
    parser.add_argument("--output", type=Path, default=Path("/output"), metavar="DIR", help="gets the stack")
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), default=0, help="same seed, same nodules (default: 0)")


def run(options: argparse.Namespace) -> int:
    """Draw the nodules."""
    from cxr_studio.augmentation.node21 import generate
    from cxr_studio.cli.progress import bar

    with bar() as progress:
        written = generate(options.input, options.output, seed=options.seed, progress=progress)
    for path in written:
        print(f"Written to {path}.")
    return 0
