"""``cxr-studio evaluate --generator NAME``; with ``--generators all`` or ``--observer`` one table of all of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli import evaluate_benchmark, evaluate_observers
from cxr_studio.cli.arguments import add_device, add_patients, add_precision, whole
from cxr_studio.cli.reports import add_material, material_of, print_report, write_outputs
from cxr_studio.errors import GeneratorError, StudioError

if TYPE_CHECKING:
    from cxr_studio.networks.card import Role


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to measure, on what, and where to write it."""
    parser.add_argument("--generator", metavar="NAME", help="see cxr-studio models; with --observer all by default")
    add_material(parser)
    parser.add_argument("--seed", type=whole(0, 2**31 - 1), help="of everything random: places of holes, for example")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON too")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="write a PNG sheet of examples too")
    add_device(parser)
    add_precision(parser)
    parser.add_argument("--beside", nargs="+", default=[], metavar="NAME", help="more generators for the same table")
    evaluate_benchmark.add_arguments(parser)
    evaluate_observers.add_arguments(parser)
    add_patients(parser)
    nodules = parser.add_argument_group("generators of nodules")
    nodules.add_argument("--real", type=Path, metavar="DIR", help="compare with real nodules: radiographs, boxes.csv")
    nodules.add_argument("--diameters", type=Path, metavar="FILE", help="write the real nodules' as CSV, for augment")
    words = "train a classifier to separate generated from simulated"
    nodules.add_argument("--realism", action="store_true", help=words)


def run(options: argparse.Namespace) -> int:
    """Measure as the generator's role is measured, and print the tables."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.generation.precision import running_in, settled
    from cxr_studio.quality.judges.by_role import judge_of
    from cxr_studio.quality.judging import Run
    from cxr_studio.roles import look_up

    if options.precision != "full" and (options.observer or options.generators):
        raise GeneratorError("several generators are compared in full precision", remedy="Leave --precision out")
    if options.observer or not (options.generators or options.table):
        evaluate_benchmark.refuse_running(options)
    if options.observer:
        return evaluate_observers.run(options)
    if options.generators or options.table:
        return evaluate_benchmark.run(options)
    if options.generator is None:
        raise GeneratorError("no generator is named", remedy="Give --generator NAME, or --generators all")
    facts = look_up(options.generator)
    options.beside, refused = _found(options.beside, facts.role)
    precision = settled(options.precision)
    with running_in(precision), bar() as progress:
        report = judge_of(facts.role).evaluate(facts, material_of(options), Run(options.device, progress))
    if precision != "full":
        parts = (*report.parts, "Networks on the processor ran in bfloat16.")
        figures = {**report.figures, "precision": precision} if isinstance(report.figures, dict) else report.figures
        report = replace(report, parts=parts, figures=figures)
    print_report(report)
    write_outputs(report, options)
    return 1 if refused else 0


def _found(names: Sequence[str], role: Role) -> tuple[list[str], int]:
    """Those of the names that are generators of a role, and how many are not; these are named and stop nothing."""
    from cxr_studio.roles import look_up

    found = []
    for name in names:
        try:
            other = look_up(name).role
            if other is not role:
                raise GeneratorError(f"{name!r} is of role {other}, and here one of role {role} is needed")
            found.append(name)
        except StudioError as fault:
            print(fault, file=sys.stderr)
    return found, len(names) - len(found)
