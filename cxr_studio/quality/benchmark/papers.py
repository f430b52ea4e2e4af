"""Figures that papers print, on data of their own: shown beside a table, never mixed with it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from cxr_studio.resources import resource

FILE = "papers.toml"
UNREAD = "from memory"
"""What stands after a row whose figures were not read again."""


@dataclass(frozen=True)
class PaperTable:
    """A table of a paper.

    Attributes:
        beside: What it is shown beside: kind of masks, or of table.
        paper: Authors and subject.
        source: Which table, and of what.
        data: What it was measured on.
        rows: Figures by name, by the method's title.
    """

    beside: str
    paper: str
    source: str
    data: str
    rows: Mapping[str, Mapping[str, float]]

    @property
    def title(self) -> str:
        """To print above its rows."""
        return f"{self.paper}: {self.source}. Their data: {self.data}"


def paper_tables(beside: str) -> tuple[PaperTable, ...]:
    """The tables that are shown beside a kind of masks or of table."""
    content = tomllib.loads(resource("qa", FILE).read_text(encoding="utf-8"))
    return tuple(_table(entry) for entry in content["table"] if entry["beside"] == beside)


def _table(entry: Mapping[str, object]) -> PaperTable:
    columns, rows, unread = entry["columns"], entry["rows"], entry.get("memory", [])
    assert isinstance(columns, list) and isinstance(rows, list) and isinstance(unread, list)  # noqa: PT018
    figures = {
        f"{name} ({UNREAD})" if name in unread else str(name): dict(zip(columns, map(float, values), strict=True))
        for name, *values in rows
    }
    beside, paper, source, data = (str(entry[name]) for name in ("beside", "paper", "source", "data"))
    return PaperTable(beside, paper, source, data, figures)
