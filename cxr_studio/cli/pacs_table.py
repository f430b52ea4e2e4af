"""Series of an archive on a terminal, as CSV and as JSON."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields

from cxr_studio.cli.arguments import WIDE
from cxr_studio.exchange.archive import Found


def print_table(found: Sequence[Found]) -> None:
    """One row a series; identifiers only of studies, which ``get --study`` takes."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else WIDE + 80, highlight=False)
    table = Table(box=None, pad_edge=False)
    for title in ("Date", "Name", "ID", "Kind", "Images", "Description"):
        table.add_column(title, justify="right" if title == "Images" else "left", overflow="fold")
    table.add_column("Study", no_wrap=True, overflow="ignore")
    for each in found:
        words = ", ".join(word for word in (each.study, each.series) if word)
        day = f"{each.study_date:%Y-%m-%d}" if each.study_date is not None else ""
        images = "" if each.images is None else str(each.images)
        row = (day, each.name, each.patient_id, each.modality, images, words, each.study_uid)
        table.add_row(*(Text(_printable(cell)) for cell in row))
    console.print(table)


def print_json(found: Sequence[Found]) -> None:
    """A list of objects with the fields of ``Found``; dates as 2026-03-14."""
    print(json.dumps([asdict(each) for each in found], indent=2, ensure_ascii=False, default=str))


def print_csv(found: Sequence[Found]) -> None:
    """The same as a table with a head."""
    writer = csv.DictWriter(sys.stdout, [field.name for field in fields(Found)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(each) for each in found)


def _printable(text: str) -> str:
    """Without what an archive could do to a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
