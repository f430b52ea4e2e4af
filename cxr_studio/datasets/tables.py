"""CSV tables as other programs write them: which column is which, and which line is wrong."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from cxr_studio.errors import ReadError

Row = Mapping[str, str]
"""Column, small letters → cell without blanks around it."""


def read_rows(path: Path, needed: Sequence[str], *, what: str) -> list[tuple[int, Row]]:
    """Read a CSV's lines that are not empty, each with its number.

    Args:
        path: The file.
        needed: Columns that it must have.
        what: What the file is, for the sentence ("the manifest").

    Raises:
        ReadError: unreadable, or a column is missing.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            lines = list(csv.reader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise ReadError(f"{what} cannot be read ({fault})", file=path, remedy="Check it") from fault
    names = [name.strip().lower() for name in lines[0]] if lines else []
    missing = [name for name in needed if name not in names]
    if missing:
        raise ReadError(f"{what} has no column {missing[0]}", file=path, remedy=f"It needs {', '.join(needed)}")
    return [
        (number, dict(zip(names, [cell.strip() for cell in line] + [""] * (len(names) - len(line)), strict=False)))
        for number, line in enumerate(lines[1:], 2)
        if any(cell.strip() for cell in line)
    ]


def columns_of(path: Path) -> list[str]:
    """The first line's names, small letters; [] where there is none or the file cannot be read."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            return [name.strip().lower() for name in next(csv.reader(stream), [])]
    except (OSError, UnicodeDecodeError, csv.Error):
        return []


def refused(path: Path, line: int, fault: Exception | str, *, what: str) -> ReadError:
    """The fault of one line."""
    return ReadError(f"line {line} of {what} is wrong ({fault})", file=path, remedy="Correct it or leave it out")


def rectangle(y0: float, x0: float, y1: float, x1: float) -> tuple[float, float, float, float]:
    """A box.

    Raises:
        ValueError: it is empty, or a number is not finite.
    """
    if not (0 < y1 - y0 < float("inf") and 0 < x1 - x0 < float("inf")):
        raise ValueError("an empty box")
    return y0, x0, y1, x1
