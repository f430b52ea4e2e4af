"""The part of ``cxr-studio evaluate`` that puts all generators into one table, on the same radiographs and masks."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import whole, whole_list
from cxr_studio.cli.job_arguments import add_running, print_part, running_of
from cxr_studio.cli.reports import print_report, write_outputs
from cxr_studio.errors import GeneratorError, ReadError, StudioError

if TYPE_CHECKING:
    from cxr_studio.quality.benchmark.candidates import Budgets
    from cxr_studio.quality.benchmark.job import Asked
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
    words = "of which distances are taken: context-encoder (shipped; default), or inception:FILE.onnx, which makes FID"
    group.add_argument("--features", default="context-encoder", metavar="WHICH", help=words)
    group.add_argument("--html", type=Path, metavar="FILE", help="write a page with tables and examples too")
    words = (
        "keep what is measured in this folder, to resume in; a part needs one (default: the cache, until it is whole)"
    )
    group.add_argument("--out", type=Path, metavar="DIR", help=words)
    add_running(parser, workers=1)


def run(options: argparse.Namespace) -> int:
    """Measure, print and write; 1 where something that was named could not be measured."""
    if options.images is None:
        raise ReadError("no images are given", remedy="Give --images DIR, a folder of radiographs")
    if options.table is None:
        return _masks(options)
    refuse_running(options)
    return _nodules(options)


def refuse_running(options: argparse.Namespace) -> None:
    """See that nobody wants in parts what is measured in one go.

    Raises:
        GeneratorError: ``--part``, ``--dask`` or ``--out`` is given.
    """
    if options.part or options.dask or options.out:
        what = "only the table of generators that repair is made in parts or on a cluster"
        raise GeneratorError(what, remedy="Leave --part, --dask and --out out, or name them with --generators")


def _masks(options: argparse.Namespace) -> int:
    """Every generator that gives back what stood under a mask."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.jobs.claiming import discard_other
    from cxr_studio.jobs.running import run as run_batch
    from cxr_studio.quality.benchmark.job import BenchmarkJob
    from cxr_studio.quality.benchmark.measuring import joined
    from cxr_studio.quality.benchmark.methods import roster_of
    from cxr_studio.quality.benchmark.places import Places, radiographs_of
    from cxr_studio.quality.benchmark.report import report_of
    from cxr_studio.quality.benchmark.summing import summed_up

    running = running_of(options)
    if running.part is not None and options.out is None:
        raise ReadError("a part needs a folder of its own", remedy="Give --out DIR")
    roster = roster_of(options.generators, grains=options.grains or ("off",), budgets=_budgets(options))
    _say(roster.faults)
    listed = radiographs_of(options.images, options.findings, patients=options.patients, most=options.radiographs)
    plan, own = _plan(options), options.out or _unfinished()
    places, observers = Places(listed, plan), _observers(options)
    job = BenchmarkJob(places, roster.methods, own, observers, options.device, options.features)
    instruments = job.instruments
    if options.out is None:
        discard_other(job)
    with bar() as progress:
        outcome = run_batch(job, running, progress=progress)
    for fault in outcome.faults.values():
        print(fault, file=sys.stderr)
    if running.part is not None:
        print_part(running, own, job.noun, made=outcome.made)
        return 1 if outcome.faults else 0
    if outcome.faults:
        return 1
    benchmark = joined(job.methods, job.seen(), instruments)
    report = report_of(benchmark, summed_up(benchmark, options.against), roster, plan)
    print_report(report)
    write_outputs(report, options)
    if options.out is None:
        shutil.rmtree(own, ignore_errors=True)
    return 1 if roster.faults or benchmark.faults else 0


def _unfinished() -> Path:
    """Where what is measured is kept until the table is whole; one at a time."""
    from cxr_studio.resources import cache_folder

    return cache_folder() / "benchmark"


def _nodules(options: argparse.Namespace) -> int:
    """Table I or II of Shen et al."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.datasets.patients import known_patients
    from cxr_studio.quality.benchmark.candidates import ALL, candidates_of
    from cxr_studio.quality.benchmark.features import features_of
    from cxr_studio.quality.benchmark.methods import Roster
    from cxr_studio.quality.benchmark.nodule_report import nodule_report
    from cxr_studio.quality.benchmark.nodules import cells_of, measure_nodules, methods_of, reference_of
    from cxr_studio.quality.benchmark.summing import summed_up
    from cxr_studio.quality.benchmark.untrained import untrained_of
    from cxr_studio.quality.judging import Run
    from cxr_studio.quality.nodule_evaluation import SEED, simulated_panel

    named = options.generators or [ALL]
    candidates, faults = candidates_of(named, _budgets(options))
    _say(faults)
    methods, left_out = (methods_of if options.table == "methods" else cells_of)(candidates)
    features = features_of(options.features)
    seed, known = SEED if options.seed is None else options.seed, known_patients(options.images, options.patients)
    panel = simulated_panel(options.images, options.library, count=options.pairs, seed=seed, known=known)
    with bar() as progress:
        run_ = Run(options.device, progress)
        classical = options.table == "methods"
        benchmark = measure_nodules(panel, methods, run_, classical=classical, features=features)
    against = options.against or reference_of(options.table, benchmark.methods)
    untrained = untrained_of("methods", candidates) if ALL in named and options.table == "methods" else ()
    roster = Roster(tuple(methods), tuple(left_out), tuple(faults), tuple(untrained))
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


def _observers(options: argparse.Namespace) -> Asked | None:
    """The trained observers that are asked for, none by default."""
    from cxr_studio.quality.benchmark.job import Asked
    from cxr_studio.quality.observers.kept import kept

    if options.observers is None:
        return None
    if options.observers in ("fresh", "pooled"):
        raise StudioError(
            f"observers that are {options.observers} are trained on fills alone",
            remedy="Give --observers shipped or the folder of a saved set here, or measure with --observer",
        )
    kept(options.observers)
    return Asked(options.observers, tuple(options.kinds))
