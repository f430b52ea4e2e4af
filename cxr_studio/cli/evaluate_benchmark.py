"""The part of ``cxr-studio evaluate`` that puts all generators into one table, on the same radiographs and masks."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import whole, whole_list
from cxr_studio.cli.reports import print_report, write_outputs
from cxr_studio.errors import ReadError, StudioError

if TYPE_CHECKING:
    from cxr_studio.quality.benchmark.candidates import Budgets
    from cxr_studio.quality.benchmark.figures import Observers
    from cxr_studio.quality.benchmark.places import MaskPlan

MINUTES = 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--generators`` and what belongs to it."""
    group = parser.add_argument_group("one table of all generators")
    words = "names, checkpoint files, run folders, or all: one table on the same radiographs and masks"
    group.add_argument("--generators", nargs="+", default=[], metavar="NAME", help=words)
    words = "generators of nodules as in Shen et al.: all methods, or the texture generator's stages and shape or box"
    group.add_argument("--table", choices=("methods", "ablation"), help=words)
    words = "square (in the lungs; default), arbitrary (ipA-MedGAN's bank), or a folder with a mask for each radiograph"
    group.add_argument("--masks", default="square", metavar="KIND", help=words)
    words = "longest side at which images are compared, pixels; 0 for their own (default: 256)"
    group.add_argument("--side", type=whole(0, 4096), default=256, help=words)
    words = "manifest of findings: figures by healthy or not; radiographs that it names elsewhere are measured too"
    group.add_argument("--findings", type=Path, metavar="MANIFEST", help=words)
    words = "row that the others are compared with (default: the one with the best PSNR under the mask)"
    group.add_argument("--against", default="", metavar="NAME", help=words)
    words = "of run folders, also the snapshots nearest to these steps, with commas"
    group.add_argument("--at-steps", type=whole_list(1, 10**9), default=[], metavar="N,N", help=words)
    words = "of run folders, also the snapshots nearest to these minutes of training, with commas"
    group.add_argument("--at-minutes", type=whole_list(1, MINUTES), default=[], metavar="M,M", help=words)
    group.add_argument("--html", type=Path, metavar="FILE", help="write a page with tables and examples too")


def run(options: argparse.Namespace) -> int:
    """Measure, print and write; 1 where something that was named could not be measured."""
    if options.images is None:
        raise ReadError("no images are given", remedy="Give --images DIR, a folder of radiographs")
    return _masks(options) if options.table is None else _nodules(options)


def _masks(options: argparse.Namespace) -> int:
    """Every generator that gives back what stood under a mask."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.quality.benchmark.measuring import measure
    from cxr_studio.quality.benchmark.methods import roster_of
    from cxr_studio.quality.benchmark.places import Places, radiographs_of
    from cxr_studio.quality.benchmark.report import report_of
    from cxr_studio.quality.benchmark.summing import summed_up
    from cxr_studio.quality.judging import Run

    roster = roster_of(options.generators, grains=options.grains or ("off",), budgets=_budgets(options))
    _say(roster.faults)
    listed = radiographs_of(options.images, options.findings, patients=options.patients, most=options.radiographs)
    plan, observers = _plan(options), _observers(options)
    with bar() as progress:
        benchmark = measure(Places(listed, plan), roster.methods, Run(options.device, progress), observers=observers)
    report = report_of(benchmark, summed_up(benchmark, options.against), roster, plan)
    print_report(report)
    write_outputs(report, options)
    return 1 if roster.faults or benchmark.faults else 0


def _nodules(options: argparse.Namespace) -> int:
    """Table I or II of Shen et al."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.datasets.patients import known_patients
    from cxr_studio.quality.benchmark.candidates import ALL, candidates_of
    from cxr_studio.quality.benchmark.methods import Roster
    from cxr_studio.quality.benchmark.nodule_report import nodule_report
    from cxr_studio.quality.benchmark.nodules import cells_of, measure_nodules, methods_of, reference_of
    from cxr_studio.quality.benchmark.summing import summed_up
    from cxr_studio.quality.judging import Run
    from cxr_studio.quality.nodule_evaluation import SEED, simulated_panel

    candidates, faults = candidates_of(options.generators or [ALL], _budgets(options))
    _say(faults)
    methods, left_out = (methods_of if options.table == "methods" else cells_of)(candidates)
    seed, known = SEED if options.seed is None else options.seed, known_patients(options.images, options.patients)
    panel = simulated_panel(options.images, options.library, count=options.pairs, seed=seed, known=known)
    with bar() as progress:
        run_ = Run(options.device, progress)
        benchmark = measure_nodules(panel, methods, run_, classical=options.table == "methods")
    against = options.against or (reference_of(methods) if options.table == "ablation" else "")
    roster = Roster(tuple(methods), tuple(left_out), tuple(faults))
    report = nodule_report(options.table, benchmark, summed_up(benchmark, against), roster, panel.words)
    print_report(report)
    write_outputs(report, options)
    return 1 if faults or benchmark.faults else 0


def _budgets(options: argparse.Namespace) -> Budgets:
    from cxr_studio.quality.benchmark.candidates import Budgets

    return Budgets(tuple(options.at_steps), tuple(map(float, options.at_minutes)))


def _say(faults: Iterable[StudioError]) -> None:
    for fault in faults:
        print(fault, file=sys.stderr)


def _plan(options: argparse.Namespace) -> MaskPlan:
    from cxr_studio.quality.benchmark.places import MaskPlan

    plan = MaskPlan(options.masks, options.holes or 1, options.hole, options.side)
    return plan if options.seed is None else MaskPlan(plan.kind, plan.each, plan.hole, plan.side, options.seed)


def _observers(options: argparse.Namespace) -> Observers | None:
    """The trained observers that are asked for, none by default."""
    from cxr_studio.quality.observers.kept import kept

    if options.observers is None:
        return None
    if options.observers in ("fresh", "pooled"):
        raise StudioError(
            f"observers that are {options.observers} are trained on fills alone",
            remedy="Give --observers shipped or the folder of a saved set here, or measure with --observer",
        )
    return {kind: one for kind, one in kept(options.observers).items() if kind in options.kinds}
