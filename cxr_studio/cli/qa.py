"""``cxr-studio qa RUN_OR_CHECKPOINTS… [--images DIR] [--panel FILE] [--report DIR]``."""

from __future__ import annotations

import argparse
import getpass
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import WIDE, add_device, whole
from cxr_studio.cli.job_arguments import add_running, print_part, running_of
from cxr_studio.errors import CheckpointError, StudioError

if TYPE_CHECKING:
    from cxr_studio.quality.comparison.cells import CellMaker
    from cxr_studio.quality.comparison.columns import Column
    from cxr_studio.quality.comparison.panel import Panel
    from cxr_studio.quality.comparison.results import Results

SEED = 20_180_701
"""Seed of the holes in --images, unless another is asked for."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to compare, on what, and where the report goes."""
    words = "run folders of cxr-studio train, checkpoint files, or names from cxr-studio models"
    parser.add_argument("paths", nargs="+", metavar="RUN_OR_CHECKPOINT", help=words)
    rows = parser.add_mutually_exclusive_group()
    rows.add_argument("--panel", type=Path, metavar="FILE", help="the cases, a TOML file (default: bundled samples)")
    rows.add_argument("--images", type=Path, metavar="DIR", help="draw the cases in these healthy radiographs instead")
    parser.add_argument("--cases", type=whole(1, 1000), default=24, help="cases drawn from --images (default: 24)")
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), default=SEED, help="places of the cases in --images")
    parser.add_argument("--report", type=Path, metavar="DIR", help="open no window: measure, print, write a report")
    parser.add_argument("--judge", metavar="NAME", help="whose verdicts the window logs (default: your login)")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep filled cells in this folder")
    words = (
        "keep the cells of a report in this folder, to resume in; a part needs one (default: the cache). Cells of "
        "--out, of several processes and of clusters do not tell how long they took"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help=words)
    add_device(parser)
    add_running(parser, workers=1)


def run(options: argparse.Namespace) -> int:
    """Measure without a window, or open it."""
    panel = _panel(options)
    if options.report is None:
        if _as_job(options):
            what = "only a report is made in parts, by several processes or on a cluster"
            raise StudioError(what, remedy="Give --report DIR")
        from cxr_studio.cli.display import no_display

        if missing := no_display():
            raise StudioError(missing, remedy="Write a report instead, with --report DIR")
        from cxr_studio.ui.qa.start import open_qa

        judge = options.judge or _login()
        return open_qa(options.paths, panel, device=options.device, judge=judge, cache=options.cache)
    return _report(options, panel)


def _panel(options: argparse.Namespace) -> Panel:
    from cxr_studio.quality.comparison.panel import default_panel, panel_from_folder, read_panel

    if options.images is not None:
        return panel_from_folder(options.images, options.cases, seed=options.seed)
    return default_panel() if options.panel is None else read_panel(options.panel)


def _as_job(options: argparse.Namespace) -> bool:
    return bool(options.out or options.part or options.dask or options.workers > 1)


def _report(options: argparse.Namespace, panel: Panel) -> int:
    from cxr_studio.quality.comparison.cells import CellCache, CellMaker
    from cxr_studio.quality.comparison.columns import columns_and_faults

    columns, refused = columns_and_faults(options.paths)
    if not columns and refused:
        raise refused[0]
    if not columns:
        raise CheckpointError("there is no snapshot yet", remedy="Wait until the training has written one")
    if _as_job(options):
        return _job(options, panel, columns, refused)
    maker = CellMaker(panel, cache=CellCache(options.cache), device=options.device)
    return _measured(options, maker, columns, refused)


def _job(options: argparse.Namespace, panel: Panel, columns: Sequence[Column], refused: Sequence[StudioError]) -> int:
    """Draw the cells as a batch; then the report finds them."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.jobs.claiming import discard_other
    from cxr_studio.jobs.running import run as run_batch
    from cxr_studio.quality.comparison.cell_job import cell_job
    from cxr_studio.resources import cache_folder

    running = running_of(options)
    if options.cache is not None:
        raise StudioError("--cache is of the cells of one process", remedy="Give --out DIR instead")
    if running.part is not None and options.out is None:
        raise StudioError("a part needs a folder of its own", remedy="Give --out DIR")
    job = cell_job(panel, columns, options.out or cache_folder() / "comparison", device=options.device)
    if options.out is None:
        discard_other(job)
    with bar() as progress:
        outcome = run_batch(job, running, progress=progress)
    if running.part is None:
        code = _measured(options, job.maker(), columns, refused)
        if options.out is None:
            shutil.rmtree(job.folder, ignore_errors=True)
        return code
    print_part(running, job.folder, job.noun, made=outcome.made)
    for words in dict.fromkeys([*map(str, refused), *outcome.faults.values()]):
        print(words, file=sys.stderr)
    return 1 if outcome.faults or refused else 0


def _measured(
    options: argparse.Namespace, maker: CellMaker, columns: Sequence[Column], refused: Sequence[StudioError]
) -> int:
    """Make what is missing, print the table and write the report."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.quality.comparison.report import write_report
    from cxr_studio.quality.comparison.results import measure
    from cxr_studio.quality.comparison.verdicts import VerdictLog, verdict_folder

    with bar() as progress:
        results = measure(maker, columns, progress=progress)
    with bar() as progress:
        log = VerdictLog(verdict_folder(maker.panel))
        page = write_report(options.report, results, verdicts=log, progress=progress)
    print_table(results)
    for fault in refused:
        print(fault, file=sys.stderr)
    for column in columns:
        if column.key in results.faults:
            print(f"{column.title}: {results.faults[column.key]}", file=sys.stderr)
    print(f"Report: {page}")
    return 1 if results.faults or refused else 0


def print_table(results: Results) -> None:
    """Print the columns' means, a line a column."""
    from rich.console import Console
    from rich.table import Table

    from cxr_studio.quality.comparison.scores import METRICS

    panel = results.maker.panel
    healthy = sum(case.healthy for case in panel.cases)
    table = Table(title=f"{panel.name}: means over {healthy} healthy cases", box=None, pad_edge=False)
    table.add_column("Checkpoint", no_wrap=True)
    for metric in METRICS:
        table.add_column(f"{metric.title}, {metric.unit}" if metric.unit else metric.title, justify="right")
    for column in results.columns:
        scores = results.scores.get(column.key)
        if scores is not None:
            values = [metric.words(scores.value(metric.name)).removesuffix(f" {metric.unit}") for metric in METRICS]
            table.add_row(column.title, *values)
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unnamed"
