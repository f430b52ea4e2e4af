"""Tidy CSV: one row an answer, UTF-8, quoting of RFC 4180, with a data dictionary beside it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from cxr_studio.files import replaced
from cxr_studio.studies.exporters.columns import COLUMNS
from cxr_studio.studies.outcomes import Outcome

TABLE, DICTIONARY = "answers.csv", "answers-dictionary.csv"


def write_tidy(outcomes: Sequence[Outcome], folder: Path) -> list[Path]:
    """Write ``answers.csv`` and ``answers-dictionary.csv``; returns both paths.

    Raises:
        WriteError: they cannot be written.
    """
    rows = [[as_text(getattr(outcome, name)) for name in COLUMNS] for outcome in outcomes]
    types = {field.name: str(field.type) for field in fields(Outcome)}
    meanings = [[name, types[name].replace(" | None", ""), words] for name, words in COLUMNS.items()]
    paths = [folder / TABLE, folder / DICTIONARY]
    _write(paths[0], list(COLUMNS), rows)
    _write(paths[1], ["column", "type", "meaning"], meanings)
    return paths


def as_text(value: Any) -> str:
    """A cell: nothing for None, 1 and 0 for truth values, floats that read back the same."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, tuple):
        return "|".join(value)
    return repr(value) if isinstance(value, float) else str(value)


def _write(path: Path, heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with replaced(path) as beside, beside.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(heading)
        writer.writerows(rows)
