"""The part of ``cxr-studio evaluate`` in which observers say how visible fills are."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import WIDE, whole
from cxr_studio.errors import ReadError, StudioError

if TYPE_CHECKING:
    from rich.table import Table as RichTable

    from cxr_studio.metrics.by_patient import Estimate, Spread
    from cxr_studio.quality.observers.asking import Split
    from cxr_studio.quality.observers.structure import Structure
    from cxr_studio.quality.observers.table import Asked, Table

KINDS = ("location-known", "human-like", "search")
GRAINS = ("off", "match", "spectrum")

STEPS = 200
"""Training steps of each network by default: 600 find a little more in the hardest fills, in three times as long."""

STRUCTURE_WIDE = 140
"""Columns of the tables of structure where they are not printed on a terminal."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--observer`` and what belongs to it."""
    parser.add_argument(
        "--observer", action="store_true", help="train observers to tell fills from originals: one table of all fills"
    )
    group = parser.add_argument_group("observers")
    group.add_argument("--train-images", type=Path, metavar="DIR", help="train on these (default: a part of --images)")
    group.add_argument(
        "--observers",
        default="fresh",
        metavar="WHICH",
        help="fresh: trained for each fill (default); pooled: one set for all; shipped, or the folder of a saved set",
    )
    group.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS), help="which observers (default: all)")
    group.add_argument("--grains", nargs="+", choices=GRAINS, default=["spectrum"], help="default: spectrum")
    group.add_argument("--hole", type=whole(16, 400), default=64, help="side of the holes, pixels (default: 64)")
    group.add_argument("--strokes", action="store_true", help="fill brush strokes instead of squares")
    group.add_argument("--radiographs", type=whole(2, 10_000), default=60, help="most to test on (default: 60)")
    group.add_argument("--train-radiographs", type=whole(2, 10_000), default=110, help="to train on (default: 110)")
    group.add_argument("--steps", type=whole(10, 100_000), default=STEPS, help=f"of training (default: {STEPS})")
    group.add_argument("--networks", type=whole(1, 10), default=2, help="whose scores add up (default: 2)")
    group.add_argument("--save", type=Path, metavar="DIR", help="save the trained observers")


def run(options: argparse.Namespace) -> int:
    """Measure and print the tables; 1 where a control did not come out at chance."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.files import write_json
    from cxr_studio.inpainting.devices import choose_device
    from cxr_studio.quality.observers.judging import failed_controls
    from cxr_studio.quality.observers.scenes import Filler
    from cxr_studio.quality.observers.sheet import write_scene_sheet
    from cxr_studio.quality.observers.table import as_json, measure

    asked = _asked(options)
    with bar() as progress:
        table = measure(asked, filler=Filler(options.device), device=choose_device(options.device), progress=progress)
    _tell(table, asked)
    if options.save:
        _save(table, options.save)
    if options.json:
        write_json(options.json, as_json(table))
        print(f"Figures: {options.json}")
    if options.sheet:
        write_scene_sheet(options.sheet, table.scenes, asked.ways)
        print(f"Sheet: {options.sheet} (from above: original, {', '.join(way.title for way in asked.ways)})")
    failed = failed_controls(table.rows)
    for words in failed:
        print(f"{words}. Do not trust the table.", file=sys.stderr)
    return 1 if failed else 0


def _asked(options: argparse.Namespace) -> Asked:
    from dataclasses import replace

    from cxr_studio.datasets.patients import known_patients
    from cxr_studio.networks.observers.training import PairTraining
    from cxr_studio.quality.evaluation import SEED
    from cxr_studio.quality.observers.asking import Amounts, HolePlan, split_of
    from cxr_studio.quality.observers.kept import kept, unseen
    from cxr_studio.quality.observers.table import Asked, all_ways

    if options.images is None:
        raise ReadError("there is nothing to fill", remedy="Give --images DIR, a folder of healthy radiographs")
    if options.hole % 8:
        raise StudioError(f"a hole of {options.hole} pixels is no multiple of 8", remedy="Give --hole 64")
    ways = all_ways([name for name in (options.generator, *options.beside) if name], options.grains)
    known = known_patients(options.images, options.patients)
    amounts = Amounts(options.train_radiographs, options.radiographs)
    plan = HolePlan(
        options.holes,
        options.hole,
        "stroke" if options.strokes else "square",
        SEED if options.seed is None else options.seed,
    )
    if options.observers in ("fresh", "pooled"):
        split = split_of(options.images, options.train_images, amounts, known=known)
        _say_left_out(split)
        training = PairTraining(options.steps, seeds=tuple(range(options.networks)))
        return Asked(ways, split, plan, training, options.observers, tuple(options.kinds))
    observers = kept(options.observers)
    split = split_of(options.images, options.images, amounts, known=known)
    tested = unseen(split.test, observers)
    if len(tested) < len(split.test):
        print(f"{len(split.test) - len(tested)} radiographs left out: the observers were trained on their patients.")
    return Asked(ways, replace(split, test=tested), plan, observers=observers, kinds=tuple(options.kinds))


def _say_left_out(split: Split) -> None:
    if split.left_out:
        print(f"{len(split.left_out)} training radiographs left out: their patients are tested on.")


def _save(table: Table, folder: Path) -> None:
    from cxr_studio.quality.observers.kept import keep

    for title, observers in table.observers.items():
        if not title.startswith("Control"):
            name = "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split())
            keep(observers, folder / name if name else folder)
    print(f"Observers: {folder}")


def _tell(table: Table, asked: Asked) -> None:
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else WIDE)
    console.print(_observer_table(table, asked))
    if table.structure:
        wide = Console(width=None if sys.stdout.isatty() else STRUCTURE_WIDE)
        wide.print(*_structure_tables(table.structure), sep="\n")


def _observer_table(table: Table, asked: Asked) -> RichTable:
    from rich.table import Table as RichTable

    title = f"How often an observer picks the original, {table.test[0]} pairs of {table.test[1]} patients"
    if table.train[0]:
        title += f" (trained on {table.train[0]} holes of {table.train[1]} others)"
    drawn = RichTable(title=f"{title}; 50 % is chance, 95 % intervals by patient", box=None, pad_edge=False)
    drawn.add_column("Fill")
    for kind in asked.kinds:
        drawn.add_column(kind.capitalize(), justify="right", no_wrap=True)
    for row in table.rows:
        rates = (str(row.rates[kind]) for kind in asked.kinds if kind in row.rates)
        drawn.add_row(row.title, *rates, style="dim" if row.control else "")
    return drawn


Columns = tuple[tuple[str, str, int], ...]
"""Figure, heading, decimals."""

LIKENESS: Columns = (
    ("psnr", "PSNR, dB", 2),
    ("ssim", "SSIM", 3),
    ("grain", "Grain", 2),
    ("fine", "1–2 px", 2),
    ("middle", "2–4 px", 2),
    ("coarse", "4–8 px", 2),
    ("variations", "Variations, dB", 1),
)
RIDGES: Columns = (
    ("vessels", "Vessels", 2),
    ("vessels_on", "run on", 2),
    ("ribs", "Ribs", 2),
    ("ribs_on", "run on", 2),
    ("frechet", "Fréchet", 2),
    ("kernel", "Kernel", 2),
)
TITLES = {
    "Likeness: grain and power at each scale, filled over original; PSNR between variations": LIKENESS,
    "Structure: ridges inside over around and across the border; distances from originals; 95 % by patient": RIDGES,
}


def _structure_tables(rows: tuple[Structure, ...]) -> list[RichTable]:
    from rich.table import Table as RichTable

    tables = []
    for title, columns in TITLES.items():
        drawn = RichTable(title=title, box=None, pad_edge=False)
        drawn.add_column("Fill")
        for _, heading, _ in columns:
            drawn.add_column(heading, justify="right", no_wrap=True)
        for row in rows:
            known: dict[str, Estimate | Spread] = {**row.figures, "frechet": row.frechet, "kernel": row.kernel}
            ends = columns is RIDGES
            drawn.add_row(row.title, *(_figure(known[name], places, ends=ends) for name, _, places in columns))
        tables.append(drawn)
    return tables


def _figure(estimate: Estimate | Spread, decimals: int, *, ends: bool) -> str:
    from math import isfinite

    if not isfinite(estimate.value):
        return "–"
    words = f"{estimate.value:.{decimals}f}"
    return f"{words} ({estimate.low:.{decimals}f}–{estimate.high:.{decimals}f})" if ends else words
