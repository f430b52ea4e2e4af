"""``cxr-studio experiment RECIPE --out DIR``: a paper's experiment with detectors, from start to table."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import add_device, whole
from cxr_studio.cli.job_arguments import add_running, running_of

if TYPE_CHECKING:
    from cxr_studio.events import Progress
    from cxr_studio.experiments.steps import Standing


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The recipe, and where everything goes."""
    words = "resources/experiments/hard-examples.toml, or one of your own; folders in it are from the current one"
    parser.add_argument("recipe", type=Path, metavar="RECIPE", help=words)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write to, or to resume in")
    parser.add_argument("--dry-run", action="store_true", help="list the steps with estimated minutes, do nothing")
    words = "do no further step: write the tables of what is there"
    parser.add_argument("--report", action="store_true", help=words)
    parser.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE", help="change a recipe value")
    parser.add_argument("--resamples", type=whole(100, 100_000), default=4000, metavar="N", help="(default: 4000)")
    add_device(parser)
    add_running(parser, workers=1, parts=False)


def run(options: argparse.Namespace) -> int:
    """Do what is not done yet, and write the tables; done steps are kept while their inputs are the same."""
    from cxr_studio.cli.reports import print_report
    from cxr_studio.experiments.experiment import Settings, opened
    from cxr_studio.experiments.recipe import read_experiment
    from cxr_studio.experiments.steps import run_steps, standings

    settings = Settings(options.out, options.device, running_of(options))
    experiment = opened(read_experiment(options.recipe, tuple(options.set)), settings)
    steps = experiment.steps()
    if options.dry_run:
        _print_steps(standings(steps, options.out))
        return 0
    if not options.report:
        with _lines() as progress:
            made = run_steps(steps, options.out, progress=progress)
        print(f"{made} of {len(steps)} steps done in this run.")
    print_report(experiment.report(resamples=options.resamples))
    print(f"Page, figures and plots: {options.out}")
    return 0


def _print_steps(found: list[Standing]) -> None:
    from cxr_studio.cli.reports import print_table
    from cxr_studio.quality.judging import TextTable

    rows = tuple((one.step.key, one.step.title, "done" if one.done else f"{one.seconds / 60:.1f}") for one in found)
    print_table(TextTable(f"{len(found)} steps", ("Folder", "Step", "Minutes"), rows, words=2, wide=40))
    left = sum(one.seconds for one in found if not one.done) / 60
    print(
        f"{sum(one.done for one in found)} steps are done; the others take about {left:.0f} min of one processor core."
    )


@contextmanager
def _lines() -> Iterator[Progress]:
    """A bar on a terminal; elsewhere a line a step, since a run takes long and somebody may follow its log."""
    import sys
    import time

    from cxr_studio.cli.progress import bar

    if sys.stderr.isatty():
        with bar() as progress:
            yield progress
        return
    last = [""]

    def line(fraction: float, words: str) -> None:
        step = words.partition(",")[0]
        if step != last[0]:
            last[0] = step
            print(f"{time.strftime('%H:%M:%S')} {100 * fraction:5.1f} %  {words}", flush=True)

    yield line
