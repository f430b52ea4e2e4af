"""A shape generator measured and told: what ``evaluate`` and ``promote`` do with one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import WIDE

if TYPE_CHECKING:
    from cxr_studio.networks.checkpoint import Checkpoint
    from cxr_studio.quality.shape_evaluation import ShapeReport


def add_library(parser: argparse.ArgumentParser) -> None:
    """``--library``."""
    words = "CT nodules (.npz) that a generator of shapes or nodules is measured with (default: the bundled 300)"
    parser.add_argument("--library", type=Path, metavar="FILE", help=words)


def evaluate(checkpoint: Checkpoint, options: argparse.Namespace) -> int:
    """Measure and print; writes ``--json`` and ``--sheet``."""
    from cxr_studio.files import write_json
    from cxr_studio.quality.shape_evaluation import evaluate_shapes
    from cxr_studio.quality.shape_sheet import write_shape_sheet

    report = evaluate_shapes(checkpoint, library=options.library)
    print_report(report)
    if options.json:
        write_json(options.json, report.scores())
        print(f"Figures: {options.json}")
    if options.sheet:
        write_shape_sheet(options.sheet, checkpoint)
        print(f"Sheet: {options.sheet} (left: generated, right: held-out silhouettes)")
    return 0


def promote(checkpoint: Checkpoint, options: argparse.Namespace) -> int:
    """Measure and ship, or say why not (exit code 1)."""
    from cxr_studio.quality.shape_promotion import judge_shapes, ship_shapes
    from cxr_studio.resources import resource

    verdict = judge_shapes(checkpoint, library=options.library)
    print_report(verdict.report)
    if verdict.reasons:
        print(f"Not shipped: {'; '.join(verdict.reasons)}.", file=sys.stderr)
        return 1
    print(f"Shipped to {ship_shapes(checkpoint, verdict, options.to or resource('checkpoints'))}.")
    return 0


def print_report(report: ShapeReport) -> None:
    """Print a row for each measure, and what else was found."""
    import numpy as np
    from rich.console import Console
    from rich.table import Table

    from cxr_studio.quality.shape_evaluation import DRAWS, table_of

    table = Table(title=f"{DRAWS} shapes, median (5 % to 95 %)", box=None, pad_edge=False)
    for title in ("Measure", "Generated", "Held-out real", "KS distance", "Training real to held-out"):
        table.add_column(title, justify="left" if title == "Measure" else "right", no_wrap=True)
    for row in table_of(report):
        table.add_row(*row)
    console = Console(width=None if sys.stdout.isatty() else WIDE)
    console.print(table)
    print(f"One region: {100 * report.one_region:.1f} %. {report.milliseconds:.1f} ms a shape.")
    print(
        "Overlap with the nearest training silhouette, median (largest): "
        f"generated {np.median(report.nearest):.3f} ({report.nearest.max():.3f}), "
        f"held-out real {np.median(report.nearest_real):.3f} ({report.nearest_real.max():.3f})."
    )
