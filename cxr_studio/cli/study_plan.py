"""``cxr-studio study plan``: trials of one reader, equivalence, readers × cases from a pilot."""

from __future__ import annotations

import argparse
from pathlib import Path

from cxr_studio.cli.arguments import share, whole_list
from cxr_studio.errors import StatisticsError

ACCURACIES = (0.6, 0.65, 0.7, 0.75, 0.8)
TRIALS = (100, 200, 300, 400)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is wanted; with nothing given, tables for one reader."""
    parser.add_argument("--accuracy", type=share(0.5, 1.0001), help="true proportion correct of one reader")
    parser.add_argument("--margin", type=share(0, 0.5), help="equivalence margin around 0.5")
    parser.add_argument("--alpha", type=share(0, 0.5), default=0.05, help="level of the test (default: 0.05)")
    parser.add_argument("--power", type=share(0.5, 1), default=0.8, help="power wanted (default: 0.8)")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures as JSON too")
    many = parser.add_argument_group("several readers, from a pilot")
    many.add_argument("--pilot", type=Path, metavar="FILE.imrmc", help="a fully crossed pilot study")
    many.add_argument("--binary-threshold", type=float, metavar="T", help="plan percent correct, not AUC")
    many.add_argument("--effect", type=share(-1, 1), help="difference (or distance from chance) to be found")
    many.add_argument("--readers", type=whole_list(2, 1000), default=[3, 4, 6, 8, 10, 15], help="e.g. 4,6,8")
    many.add_argument("--cases", type=whole_list(4, 100_000), default=[50, 100, 200, 400], help="e.g. 100,200")


def run(options: argparse.Namespace) -> int:
    """Print tables; write JSON if asked."""
    if options.pilot is not None:
        content = _many(options)
    else:
        content = {"alpha": options.alpha, "power": options.power, **_test(options), **_equivalence(options)}
        print("These numbers are for one reader; several readers need a pilot (--pilot) and are never pooled.")
    if options.json:
        from cxr_studio.files import write_json

        write_json(options.json, content)
        print(f"Figures: {options.json}")
    return 0


def _test(options: argparse.Namespace) -> dict[str, object]:
    """Trials to tell an accuracy from chance."""
    from cxr_studio.cli.study_tables import print_table
    from cxr_studio.studies.statistics.forced_choice import d_prime_of
    from cxr_studio.studies.statistics.mrmc_analysis import plain
    from cxr_studio.studies.statistics.planning import trials_needed

    if options.accuracy is None and options.margin is not None:
        return {}
    rows, content = [], []
    for accuracy in ACCURACIES if options.accuracy is None else (options.accuracy,):
        one, two = (trials_needed(accuracy, power=options.power, alpha=options.alpha, sides=sides) for sides in (1, 2))
        d_prime = "∞" if accuracy == 1 else f"{d_prime_of(accuracy):.3f}"
        rows.append((f"{accuracy:.3g}", d_prime, *(str(n) for n in (two.first, two.stable, one.first, one.stable))))
        content.append({"accuracy": accuracy, "two_sided": plain(two), "one_sided": plain(one)})
    print_table(
        f"Trials to distinguish a reader's accuracy from 0.5, exact, level {options.alpha:g}, power {options.power:g}",
        ("Accuracy", "d′", "two-sided: first", "stable", "one-sided: first", "stable"),
        rows,
    )
    return {"trials_needed": content}


def _equivalence(options: argparse.Namespace) -> dict[str, object]:
    """Trials to show that a reader is near chance."""
    from cxr_studio.cli.study_tables import print_table
    from cxr_studio.studies.statistics.mrmc_analysis import plain
    from cxr_studio.studies.statistics.planning import equivalence_power, equivalence_trials, half_width

    confidence = 1 - 2 * options.alpha
    margins = (0.05, 0.1, 0.15) if options.margin is None else (options.margin,)
    widths = [(n, half_width(n, confidence=confidence)) for n in TRIALS]
    print_table(
        f"Half-width of the {confidence:.0%} Clopper-Pearson interval at half right (TOST), power at true 0.5",
        ("Trials", "Half-width", *(f"power, margin {m:g}" for m in margins)),
        [
            (str(n), f"{width:.3f}", *(f"{equivalence_power(n, m, alpha=options.alpha):.2f}" for m in margins))
            for n, width in widths
        ],
    )
    sizes = [(m, equivalence_trials(m, power=options.power, alpha=options.alpha)) for m in margins]
    print_table(
        f"Trials to show equivalence within the margin, power {options.power:g}, true accuracy 0.5",
        ("Margin", "first", "stable"),
        [(f"{m:g}", str(size.first), str(size.stable)) for m, size in sizes],
    )
    return {
        "half_widths": dict(widths),
        "equivalence_trials": [{"margin": m, "trials": plain(size)} for m, size in sizes],
    }


def _many(options: argparse.Namespace) -> dict[str, object]:
    """Readers × cases."""
    from cxr_studio.cli.study_tables import print_table
    from cxr_studio.studies.exporters.imrmc_reading import read_imrmc
    from cxr_studio.studies.statistics.mrmc_analysis import plain
    from cxr_studio.studies.statistics.mrmc_kernels import auc_kernels, binary_kernels
    from cxr_studio.studies.statistics.mrmc_planning import cases_needed, pilot_of, power_table

    if not options.effect:
        raise StatisticsError("the effect to be found is not given", remedy="Give --effect, for example 0.05")
    study = read_imrmc(options.pilot).study
    threshold = options.binary_threshold
    kernels = auc_kernels(study) if threshold is None else binary_kernels(study, threshold)
    pilot = pilot_of(kernels)
    cells = power_table(pilot, options.effect, readers=options.readers, cases=options.cases, alpha=options.alpha)
    needed = [
        cases_needed(pilot, options.effect, readers=r, power=options.power, alpha=options.alpha)
        for r in options.readers
    ]
    by_place = {(cell.readers, cell.cases): cell.power for cell in cells}
    against = "a difference" if pilot.difference else "a distance from chance"
    print_table(
        f"Power to find {against} of {options.effect:g} in {kernels.endpoint}, level {options.alpha:g}, "
        f"from {len(study.readers)} readers and {pilot.cases} cases",
        ("Readers", *(f"{c} cases" for c in options.cases), f"cases for {options.power:g}"),
        [
            (str(r), *(f"{by_place[r, c]:.2f}" for c in options.cases), "never" if most is None else str(most.cases))
            for r, most in zip(options.readers, needed, strict=True)
        ],
    )
    print('"never": this few readers cannot reach this power with any number of cases.')
    return {
        "pilot": plain(pilot),
        "endpoint": kernels.endpoint,
        "effect": options.effect,
        "alpha": options.alpha,
        "power_wanted": options.power,
        "table": plain(cells),
        "cases_needed": {
            str(r): None if most is None else most.cases for r, most in zip(options.readers, needed, strict=True)
        },
    }
