"""``cxr-studio evaluate --generator NAME [--images DIR]``, ``cxr-studio evaluate --observer --images DIR``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli import evaluate_observers, shape_table
from cxr_studio.cli.arguments import WIDE, add_device, add_patients, whole
from cxr_studio.cli.shape_table import add_library
from cxr_studio.errors import GeneratorError, ReadError

if TYPE_CHECKING:
    from cxr_studio.quality.evaluation import Row

SHEET_HOLES = 24
"""Holes on the contact sheet."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to measure, on what, and where to write it."""
    parser.add_argument("--generator", metavar="NAME", help="see cxr-studio models; with --observer all by default")
    parser.add_argument("--images", type=Path, metavar="DIR", help="folder of healthy radiographs, for a fill")
    add_library(parser)
    parser.add_argument("--holes", type=whole(1, 1000), default=8, help="holes in each radiograph (default: 8)")
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), help="places of the holes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON too")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help=f"write a PNG sheet of {SHEET_HOLES} holes too")
    add_device(parser)
    parser.add_argument("--beside", nargs="+", default=[], metavar="NAME", help="more generators for the same table")
    evaluate_observers.add_arguments(parser)
    add_patients(parser)
    nodules = parser.add_argument_group("generators of nodules")
    nodules.add_argument("--pairs", type=whole(8, 5000), default=240, help="simulated nodules (default: 240)")
    nodules.add_argument("--real", type=Path, metavar="DIR", help="compare with real nodules: radiographs, boxes.csv")
    nodules.add_argument("--diameters", type=Path, metavar="FILE", help="write the real nodules' as CSV, for augment")
    nodules.add_argument(
        "--realism", action="store_true", help="train a classifier to separate generated from simulated"
    )


def run(options: argparse.Namespace) -> int:
    """Measure and print the table."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.files import write_json
    from cxr_studio.generation.generators import find, look_up
    from cxr_studio.networks.card import Role
    from cxr_studio.quality.evaluation import SEED, all_holes, as_json, evaluate, read_images, ways_of
    from cxr_studio.quality.sheet import write_sheet

    if options.observer:
        return evaluate_observers.run(options)
    if options.generator is None:
        raise GeneratorError("no generator is named", remedy="Give --generator NAME, or --observer for all of them")
    facts = look_up(options.generator)
    if facts.role is Role.INSERT:
        from cxr_studio.cli import evaluate_nodules, evaluate_real

        if options.real is not None:
            return evaluate_real.run(options)
        return evaluate_nodules.run(options, facts)
    if facts.role is Role.SHAPE and facts.checkpoint is not None:
        return shape_table.evaluate(facts.checkpoint, options)
    find(options.generator)
    if options.images is None:
        raise ReadError("no images are given", remedy="Give --images DIR, a folder of healthy radiographs")
    seed = SEED if options.seed is None else options.seed
    holes = all_holes(read_images(options.images), each=options.holes, seed=seed)
    with bar() as progress:
        rows = evaluate(holes, ways_of(options.generator), device=options.device, progress=progress)
    print_rows(rows)
    if options.json:
        write_json(options.json, as_json(rows))
        print(f"Figures: {options.json}")
    if options.sheet:
        step = max(1, len(holes) // SHEET_HOLES)
        write_sheet(options.sheet, holes[::step][:SHEET_HOLES], options.generator, device=options.device)
        print(f"Sheet: {options.sheet} (from above: original, biharmonic, grain off, grain matched)")
    return 0


def print_rows(rows: list[Row]) -> None:
    """Print means ± standard deviations, a row a way."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{rows[0].holes} holes of 64 × 64 pixels, mean ± SD", box=None, pad_edge=False)
    for title in ("Generator", "PSNR, dB", "MSE", "SSIM", "Grain ratio", "Seam ratio", "Time, ms"):
        table.add_column(title, justify="left" if title == "Generator" else "right", no_wrap=True)
    for row in rows:
        m, s = row.mean, row.sd
        table.add_row(
            row.way.title,
            f"{m.psnr:.2f} ± {s.psnr:.2f}",
            f"{m.mse:.1f} ± {s.mse:.1f}",
            f"{m.ssim:.3f} ± {s.ssim:.3f}",
            f"{m.grain:.2f} ± {s.grain:.2f}",
            f"{m.seam:.2f}",
            f"{m.seconds * 1000:.0f}",
        )
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)
