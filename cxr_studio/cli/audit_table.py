"""The audit on a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import WIDE

if TYPE_CHECKING:
    from cxr_studio.audit.audit import Audit

COLOURS = {"pass": "green", "doubtful": "yellow", "leak": "bold red"}

SHOWN = 5
"""Near-duplicates and divided patients that are listed."""


def print_audit(audit: Audit) -> None:
    """A table a generator, what to change, and what stands twice."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
    for generator in audit.generators:
        answers = [answer for answer in audit.answers if answer.generator == generator]
        most = max((answer.synthetic for answer in answers), key=len)
        table = Table(title=f"{generator}: {len(most)} synthetic against real", box=None, pad_edge=False)
        for title in ("By", "ROC area", "95 % interval", "Permuted", "P, adjusted", "Verdict"):
            table.add_column(title, justify="left" if title in ("By", "Verdict") else "right", no_wrap=True)
        for one in answers:
            told = one.told
            figures = (f"{told.area:.2f}", f"{told.low:.2f} to {told.high:.2f}", f"{told.control:.2f}", f"{one.p:.2g}")
            table.add_row(one.question.title, *figures, one.verdict, style=COLOURS[one.verdict])
        console.print(table)
        for one in answers:
            if one.words:
                console.print(f"{one.question.title}: {one.words}", markup=False, soft_wrap=True)
    for words in sentences(audit):
        console.print(words, markup=False, soft_wrap=True)


def sentences(audit: Audit) -> list[str]:
    """What stands twice or was not asked, a line each."""
    from cxr_studio.audit.repeats import short_name

    faults = [one for one in audit.repeats if one.fault]
    pairs = [(short_name(one.first.path), short_name(one.second.path), one.fault) for one in faults[:SHOWN]]
    found = [f"Near-duplicates: {first} and {second}, {fault}." for first, second, fault in pairs]
    if len(faults) > SHOWN:
        found.append(f"Near-duplicates: {len(faults) - SHOWN} more pairs.")
    for title, parted in (("Patient", audit.patients), ("Radiograph", audit.sources)):
        found += [f"{title} {one.name} stands in {' and '.join(one.splits)}." for one in parted[:SHOWN]]
        if len(parted) > SHOWN:
            found.append(f"{title}s in several splits: {len(parted) - SHOWN} more.")
    if audit.memory is not None:
        found.append(audit.memory.words)
    skipped = audit.sights.skipped
    if skipped:
        found.append(f"{len(skipped)} radiographs could not be read ({skipped[0]})")
    return found + audit.notes
