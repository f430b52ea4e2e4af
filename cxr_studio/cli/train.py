"""``cxr-studio train RECIPE``: starts ``python -m trainers`` in a process of its own."""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib.util import find_spec


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is handed on to the trainers."""
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="RECIPE [--out DIR] [--resume] [--dry-run] …")


def run(options: argparse.Namespace) -> int:
    """Train; the exit code is the trainers'."""
    from cxr_studio.errors import StudioError

    if find_spec("lightning") is None:
        raise StudioError("training needs the extra packages", remedy="Run pip install 'cxr-studio[train]'")
    process = subprocess.Popen([sys.executable, "-m", "trainers", *options.arguments])
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.wait()
        raise
