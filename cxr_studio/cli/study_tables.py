"""Tables of ``study analyse`` and ``study plan`` on the screen."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from math import isfinite
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import WIDE
from cxr_studio.studies.statistics.wording import degrees, limits, number, probability, significant

if TYPE_CHECKING:
    from cxr_studio.studies.statistics.forced_choice import ForcedChoice
    from cxr_studio.studies.statistics.mrmc_analysis import Analysis
    from cxr_studio.studies.statistics.mrmc_obuchowski_rockette import ObuchowskiRockette
    from cxr_studio.studies.statistics.proportions import Equivalence, Interval, Proportion


def print_table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table with its first column to the left and the others to the right."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for k, name in enumerate(head):
        table.add_column(name, justify="right" if k else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    console = Console(width=None if sys.stdout.isatty() else WIDE)
    console.print(title, style="bold", highlight=False)
    console.print(table)
    console.print()


def print_analysis(analysis: Analysis) -> None:
    """Per-reader values, then the three methods."""
    sizes = ", ".join(f"{n} {_plural(name, n)}" for name, n in analysis.sizes.items())
    crossed = "fully crossed" if analysis.fully_crossed else "not fully crossed"
    table = analysis.per_reader
    print_table(
        f"{analysis.endpoint[:1].upper()}{analysis.endpoint[1:]}: {sizes}, {crossed}",
        ("Reader", *analysis.modalities),
        [
            *((name, *(number(table[m][name]) for m in analysis.modalities)) for name in analysis.readers),
            ("mean", *(number(analysis.means[m]) for m in analysis.modalities)),
        ],
    )
    print_table(
        "U-statistics (Gallas), random readers and cases; t with whole df",
        ("", "Estimate", "Variance", "SE", "df", "t", "P", _interval_head(analysis.u_statistics[0].interval)),
        [
            (
                s.label,
                number(s.estimate),
                significant(s.variance),
                number(s.standard_error),
                degrees(s.df),
                number(s.t, 3),
                probability(s.p_value),
                limits(s.interval),
            )
            for s in analysis.u_statistics
        ],
    )
    if analysis.obuchowski_rockette:
        _print_classic(analysis.obuchowski_rockette[0])
    elif analysis.refused:
        print(f"{analysis.refused}\n")
    bootstrap = analysis.bootstrap
    print_table(
        f"Bootstrap over readers and cases, {bootstrap.replicates} replicates, seed {bootstrap.seed}",
        ("", "Estimate", "Variance", "SE", _interval_head(bootstrap.results[0].interval)),
        [
            (r.label, number(r.estimate), significant(r.variance), number(r.standard_error), limits(r.interval))
            for r in bootstrap.results
        ],
    )
    for note in analysis.notes:
        print(note)


def print_one_reader(found: Proportion, choice: ForcedChoice, within: Equivalence | None) -> None:
    """Percent correct, d′ and equivalence of one reader."""
    confidence = f"{found.exact.confidence:.0%}"
    error = "" if choice.standard_error is None else f"{choice.standard_error:.4f}"
    rows = [
        ("Correct", f"{found.correct} of {found.trials}", f"{found.value:.2%}"),
        (f"Clopper-Pearson {confidence}", "", limits(found.exact)),
        (f"Wilson {confidence}", "", limits(found.wilson)),
        ("Exact test against 0.5, two-sided", "P", probability(found.p_value)),
        ("d′ (2AFC)", f"SE {error}" if error else "", number(choice.d_prime)),
        (f"d′ {confidence}", "", limits(choice.interval)),
    ]
    if within is not None:
        verdict = "shown" if within.shown else "not shown"
        rows.append((f"Within {within.margin:g} of 0.5 (TOST)", verdict, f"P {probability(within.p_value)}"))
        rows.append(("Clopper-Pearson 90%", "", limits(within.interval)))
    print_table("One reader", ("", "", ""), rows)


def _print_classic(found: ObuchowskiRockette) -> None:
    from cxr_studio.studies.statistics.mrmc_obuchowski_rockette import MODELS

    for general in found.generalisations:
        effects = (*general.modalities, *general.differences)
        title = f"Obuchowski-Rockette, {MODELS[general.model]} ({general.model}), {found.covariance} covariance"
        if isfinite(general.f):
            title += (
                f": F({general.df1:g}, {degrees(general.df2)}) = {general.f:.3f}, P = {probability(general.p_value)}"
            )
        print_table(
            title,
            ("", "Estimate", "SE", "df", "t", "P", _interval_head(effects[0].interval)),
            [
                (
                    e.label,
                    number(e.estimate),
                    number(e.standard_error),
                    degrees(e.df),
                    number(e.t, 3),
                    probability(e.p_value),
                    limits(e.interval),
                )
                for e in effects
            ],
        )


def _interval_head(interval: Interval) -> str:
    return f"{interval.confidence:.0%} interval"


def _plural(name: str, count: int) -> str:
    words = {"negative": "negative case", "positive": "positive case"}.get(name, name)
    return words if count == 1 else f"{words}s"
