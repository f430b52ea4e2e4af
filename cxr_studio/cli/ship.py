"""``cxr-studio ship SNAPSHOT [--images DIR]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cxr_studio.cli.arguments import add_device, add_patients
from cxr_studio.cli.reports import add_material, material_of, print_report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The snapshot and what to measure it on."""
    parser.add_argument("snapshot", type=Path, metavar="SNAPSHOT", help="a checkpoint of a training run")
    add_material(parser)
    add_patients(parser)
    parser.add_argument("--to", type=Path, metavar="DIR", help="folder to write to (default: the bundled checkpoints)")
    add_device(parser)


def run(options: argparse.Namespace) -> int:
    """Measure, print, and ship or say why not (exit code 1)."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.networks.checkpoint import read_checkpoint
    from cxr_studio.quality.judging import Run
    from cxr_studio.quality.shipping import contest, ship
    from cxr_studio.resources import resource

    snapshot = read_checkpoint(options.snapshot)
    with bar() as progress:
        verdict = contest(snapshot, material_of(options), Run(options.device, progress))
    print_report(verdict.report)
    if verdict.reasons:
        print(f"Not shipped: {'; '.join(verdict.reasons)}.", file=sys.stderr)
        return 1
    print(f"Shipped to {ship(snapshot, verdict.scores, options.to or resource('checkpoints'))}.")
    return 0
