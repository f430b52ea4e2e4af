"""How many images of each source every reader called real, by pathology: Table 1 of Xing et al."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxr_studio.studies.key import REAL
from cxr_studio.studies.statistics.detection import Cell

TOTAL = "total"


@dataclass(frozen=True)
class CalledReal:
    """The table.

    Attributes:
        readers: In the order of each cell's figures.
        sources: Columns, real images first.
        rows: Pathology and, for every source, each reader's count and how many images there were, (0, 0) where there
            were none; the total last.
    """

    readers: tuple[str, ...]
    sources: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[tuple[int, int], ...], ...]], ...]


def called_real(cells: Sequence[Cell]) -> CalledReal:
    """Bring correct answers of pathologies, sources and readers into the paper's table."""
    readers = tuple(sorted({cell.reader for cell in cells}))
    sources = tuple(sorted({cell.source for cell in cells}, key=lambda source: (source != REAL, source)))
    rows = []
    for name in (*sorted({cell.pathology for cell in cells}), TOTAL):
        among = [cell for cell in cells if name in (cell.pathology, TOTAL)]
        columns = (tuple(_counted(among, source, reader) for reader in readers) for source in sources)
        rows.append((name, tuple(columns)))
    return CalledReal(readers, sources, tuple(rows))


def _counted(cells: Sequence[Cell], source: str, reader: str) -> tuple[int, int]:
    own = [cell.rate for cell in cells if (cell.source, cell.reader) == (source, reader)]
    total = sum(rate.total for rate in own)
    correct = sum(rate.count for rate in own)
    return (correct if source == REAL else total - correct), total
