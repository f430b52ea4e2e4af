"""Where a command's batch runs: ``--workers``, ``--part`` and ``--dask``."""

from __future__ import annotations

import argparse
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import whole

if TYPE_CHECKING:
    from cxr_studio.jobs.running import Running


def add_running(parser: argparse.ArgumentParser, *, workers: int | None = None, parts: bool = True) -> None:
    """The three options.

    Args:
        parser: Of the command.
        workers: Processes by default; None = one for every core.
        parts: Whether it can make a part.
    """
    group = parser.add_argument_group("where it runs", "the result is the same")
    words = f"processes (default: {workers or 'all cores'})"
    group.add_argument("--workers", type=whole(1, 256), default=workers or os.cpu_count() or 1, help=words)
    words = "make the K-th of N parts, in a folder of its own; join them with cxr-studio merge"
    if parts:
        group.add_argument("--part", metavar="K/N", default="", help=words)
    words = "on the Dask cluster of this scheduler, or local: on one with --workers processes here"
    group.add_argument("--dask", metavar="ADDRESS", default="", help=words)


def running_of(options: argparse.Namespace) -> Running:
    """Where the batch runs.

    Raises:
        StudioError: ``--part`` names no part.
    """
    from dataclasses import replace

    from cxr_studio.jobs.parts import read_part
    from cxr_studio.jobs.running import Running

    asked = getattr(options, "part", "")
    part = replace(read_part(asked), words=options.words) if asked else None
    return Running(options.workers, options.dask, part)


def print_part(running: Running, folder: Path, noun: str, *, made: int) -> None:
    """Say that a part is made, and how parts are joined."""
    from cxr_studio.jobs.parts import written_in

    count = len(written_in(folder).marks)
    words = noun if count == 1 else f"{noun}s"
    print(f"{str(running.part).capitalize()}: {count} {words} in {folder}, {made} made in this run.")
    print(f"Join all parts: cxr-studio merge {shlex.quote(str(folder.parent))}/… --out DIR")
