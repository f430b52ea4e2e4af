"""``cxr-studio study progress BUNDLE``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import WIDE
from cxr_studio.cli.study_arguments import add_bundle, add_database

if TYPE_CHECKING:
    from cxr_studio.studies.integrity import Standing


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which study."""
    add_bundle(parser)
    add_database(parser, several=True)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON too")


def run(options: argparse.Namespace) -> int:
    """Print a line a reader; nothing of it tells how often the answers are right."""
    from dataclasses import asdict

    from cxr_studio.files import write_json
    from cxr_studio.studies.bundle import open_bundle
    from cxr_studio.studies.integrity import standings
    from cxr_studio.studies.log import AnswerLog

    bundle = open_bundle(options.bundle)
    found: list[Standing] = []
    for database in options.database or [None]:
        log = AnswerLog(bundle, database, create=False)
        try:
            found += standings(bundle, log)
        finally:
            log.close()
    _print(found, len(bundle.schedules))
    if options.json:
        write_json(options.json, [asdict(one) for one in found])
    return 0


def _print(found: list[Standing], planned: int) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{len(found)} of {planned} planned readers", box=None, pad_edge=False)
    for title in ("Reader", "Answered", "Sessions", "Median time", "Repeats alike", "Last answer", "To look at"):
        table.add_column(title, justify="left" if title in ("Reader", "To look at") else "right")
    for one in found:
        name = one.reader if one.origin == "person" else f"{one.reader} ({one.origin})"
        extras = [f"{one.interrupted} interrupted"] * bool(one.interrupted) + [f"{one.missed} missed"] * bool(
            one.missed
        )
        table.add_row(
            name,
            f"{one.answered} of {one.total}" + (" ✓" if one.finished else ""),
            str(one.sessions),
            median_words(one),
            f"{one.repeats[1]} of {one.repeats[0]}" if one.repeats[0] else "",
            one.last[:16].replace("T", " "),
            "; ".join((*one.flags, *extras)),
        )
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)


def median_words(one: Standing) -> str:
    """Median response time in words; a machine has none that means anything."""
    if one.median_ms is None:
        return ""
    if one.origin == "machine":
        return "–"
    return f"{one.median_ms:.0f} ms" if one.median_ms < 100 else f"{one.median_ms / 1000:.1f} s"
