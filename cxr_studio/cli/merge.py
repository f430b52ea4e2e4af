"""``cxr-studio merge DIR… --out OUT``: parts that were made with ``--part`` become what one run would have made."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

COMMANDS = ("augment",)
"""Commands whose parts are joined; their modules have ``finish_merged(folder, finishing)``."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The parts, and where the whole goes."""
    parser.add_argument("parts", type=Path, nargs="+", metavar="DIR", help="folders of all parts, in any order")
    parser.add_argument("--out", type=Path, required=True, metavar="OUT", help="what the command's --out would name")


def run(options: argparse.Namespace) -> int:
    """Join the parts, and do what the command does when all is made; failures are listed at the end, one a line."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.jobs.merging import merge

    with bar() as progress:
        merged = merge(options.parts, options.out, progress=progress)
    parts = "1 part" if len(options.parts) == 1 else f"{len(options.parts)} parts"
    print(f"{merged.count} items of {parts} in {options.out}.")
    import_module(f"cxr_studio.cli.{merged.command}").finish_merged(options.out, merged.finishing)
    for fault in sorted(set(merged.faults)):
        print(fault, file=sys.stderr)
    return 1 if merged.faults else 0
