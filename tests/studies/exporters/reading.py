"""Read what the exporters write, to prove that nothing is lost."""

from __future__ import annotations

import csv
from dataclasses import fields
from pathlib import Path
from typing import Any

from cxr_studio.studies.exporters.bids import MISSING
from cxr_studio.studies.outcomes import Outcome


def read_tidy(path: Path) -> list[Outcome]:
    """Read ``answers.csv`` back."""
    with path.open(newline="", encoding="utf-8") as stream:
        return [_outcome(row) for row in csv.DictReader(stream)]


def read_table(path: Path) -> list[dict[str, str | None]]:
    """Read a table back, ``n/a`` as None."""
    with path.open(newline="", encoding="utf-8") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [{k: None if v == MISSING else v for k, v in row.items()} for row in rows]


def _outcome(row: dict[str, str]) -> Outcome:
    values: dict[str, Any] = {}
    for field in fields(Outcome):
        text, kind = row[field.name], str(field.type)
        if not text and "None" in kind:
            values[field.name] = None
        elif kind.startswith("tuple"):
            values[field.name] = tuple(text.split("|")) if text else ()
        elif kind.startswith("bool"):
            values[field.name] = text == "1"
        elif kind.startswith("int"):
            values[field.name] = int(text)
        elif kind.startswith("float"):
            values[field.name] = float(text)
        else:
            values[field.name] = text
    return Outcome(**values)
