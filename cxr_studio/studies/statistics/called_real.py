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


def called_real(cells: Sequence[Cell], totals: Sequence[Cell], *, first: Sequence[str] = ()) -> CalledReal:
    """Bring correct answers of pathologies, sources and readers into the paper's table.

    Args:
        cells: The rows, in their order.
        totals: The same answers, each once: an image with two findings stands in two rows.
        first: Pathologies that have a row, the first ones, whether there were images of them or not.
    """
    readers = tuple(sorted({cell.reader for cell in totals}))
    sources = tuple(sorted({cell.source for cell in totals}, key=lambda source: (source != REAL, source)))

    def columns(among: Sequence[Cell]) -> tuple[tuple[tuple[int, int], ...], ...]:
        return tuple(tuple(_counted(among, source, reader) for reader in readers) for source in sources)

    names = dict.fromkeys((*first, *(cell.pathology for cell in cells)))
    rows = [(name, columns([cell for cell in cells if cell.pathology == name])) for name in names]
    return CalledReal(readers, sources, (*rows, (TOTAL, columns(totals))))


def _counted(cells: Sequence[Cell], source: str, reader: str) -> tuple[int, int]:
    own = [cell.rate for cell in cells if (cell.source, cell.reader) == (source, reader)]
    total = sum(rate.total for rate in own)
    correct = sum(rate.count for rate in own)
    return (correct if source == REAL else total - correct), total
