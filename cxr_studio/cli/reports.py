"""What a judge found, printed; and what it is to measure on, from the command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import WIDE, whole

if TYPE_CHECKING:
    from cxr_studio.quality.judging import Material, Report, TextTable


HOLES = 8
"""In each radiograph by default."""


def add_material(parser: argparse.ArgumentParser) -> None:
    """``--images`` and the other things that a generator is measured on."""
    parser.add_argument("--images", type=Path, metavar="DIR", help="healthy radiographs that it was not trained on")
    words = "CT nodules (.npz) that a generator of shapes or nodules is measured with (default: the bundled 300)"
    parser.add_argument("--library", type=Path, metavar="FILE", help=words)
    words = f"holes, boxes or damaged places in each radiograph (default: {HOLES})"
    parser.add_argument("--holes", type=whole(1, 1000), help=words)
    parser.add_argument("--pairs", type=whole(8, 5000), default=240, help="simulated nodules (default: 240)")
    labels = parser.add_argument_group("generators with labels (default: the folders of the recipe on its card)")
    words = "radiographs with its labels; one patient in five is measured, the others teach a classifier"
    labels.add_argument("--labelled", type=Path, metavar="DIR", help=words)
    words = "list of boxes whose findings are their labels (image, finding, x, y, width, height)"
    labels.add_argument("--labelled-boxes", type=Path, metavar="FILE", help=words)
    words = "healthy radiographs of other patients than --images, which teach the classifier"
    labels.add_argument("--teach", type=Path, metavar="DIR", help=words)


def material_of(options: argparse.Namespace) -> Material:
    """What the arguments name; those that a command lacks are left at their defaults."""
    from cxr_studio.quality.judging import Material

    return Material(
        images=options.images,
        patients=options.patients,
        library=options.library,
        real=getattr(options, "real", None),
        holes=options.holes or HOLES,
        pairs=options.pairs,
        seed=getattr(options, "seed", None),
        beside=tuple(getattr(options, "beside", ())),
        realism=getattr(options, "realism", False),
        labelled=options.labelled,
        labelled_boxes=options.labelled_boxes,
        teach=options.teach,
    )


TITLES = {"html": "Page"}
"""What an output is called, where that is not its option's name."""


def print_report(report: Report) -> None:
    """Print tables and sentences in order."""
    for part in report.parts:
        if isinstance(part, str):
            print(part)
        else:
            print_table(part)


def write_outputs(report: Report, options: argparse.Namespace) -> None:
    """Write what ``--json``, ``--sheet``, ``--html`` and ``--diameters`` ask for, and say so."""
    from cxr_studio.files import write_json

    if options.json:
        write_json(options.json, report.figures)
        print(f"Figures: {options.json}")
    for name, write in report.outputs.items():
        path = getattr(options, name, None)
        if path is not None:
            words = write(path)
            print(f"{TITLES.get(name, name.capitalize())}: {path} ({words})")


def print_table(table: TextTable) -> None:
    """Print a table, words to the left and figures to the right."""
    from rich.console import Console
    from rich.table import Table

    drawn = Table(title=table.title, box=None, pad_edge=False)
    for place, title in enumerate(table.columns):
        words = place < table.words
        drawn.add_column(title, justify="left" if words else "right", no_wrap=not words or not table.wide)
    for row in table.rows:
        drawn.add_row(*row)
    Console(width=None if sys.stdout.isatty() else WIDE + table.wide).print(drawn)
