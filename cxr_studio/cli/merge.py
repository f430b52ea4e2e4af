"""``cxr-studio merge DIR… --out OUT``: parts that were made with ``--part`` become what one run would have made."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The parts, and where the whole goes."""
    parser.add_argument("parts", type=Path, nargs="+", metavar="DIR", help="folders of all parts, in any order")
    words = "what --out names in the command that made the parts, without --part"
    parser.add_argument("--out", type=Path, required=True, metavar="OUT", help=words)


def run(options: argparse.Namespace) -> int:
    """Join the parts; then the command itself finds everything made, and finishes it."""
    from cxr_studio.cli.main import main
    from cxr_studio.cli.progress import bar
    from cxr_studio.jobs.merging import merge
    from cxr_studio.jobs.parts import written_in

    command = import_module(f"cxr_studio.cli.{written_in(options.parts[0]).command}")
    folder = command.job_folder(options.out) if hasattr(command, "job_folder") else options.out
    with bar() as progress:
        merged = merge(options.parts, folder, progress=progress)
    return main([*merged.words, "--part", "", "--dask", "", "--out", str(options.out)])
