"""The report's pictures: crops as PNG inside the page, each case with grey levels of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.masks.boxes import Mask
from cxr_studio.pages import picture_address
from cxr_studio.quality.comparison.cell import Cell
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.results import Results
from cxr_studio.quality.comparison.scores import METRICS, ColumnScores

MOST_COLUMNS = 12
"""Columns with pictures; of more, some are chosen."""

SIDE = 192
"""Longest side of a picture in pixels; a larger crop is reduced."""

TAILS = (0.5, 99.5)
"""Percentiles of a row's crops that are shown as black and white."""

OUTLINE = 255


@dataclass(frozen=True)
class Picture:
    """A crop on the page.

    Attributes:
        source: PNG as a data URI.
        words: Its figure, "" without one.
    """

    source: str
    words: str = ""


@dataclass(frozen=True)
class PictureRow:
    """A case on the page: its name, its original with the hole outlined, and the crop of every pictured column."""

    name: str
    healthy: bool
    original: Picture
    cells: tuple[Picture | None, ...]


def pictured(columns: Sequence[Column], scores: Mapping[str, ColumnScores]) -> tuple[Column, ...]:
    """The columns to show: all, or of many those without a run, each run's ends, the best by each metric, and evenly
    chosen ones, in their order."""
    usable = [column for column in columns if column.key in scores]
    if len(usable) <= MOST_COLUMNS:
        return tuple(usable)
    chosen = [column.key for column in usable if column.run is None]
    chosen += [usable[k].key for k in (-1, 0)]
    for metric in METRICS[:4]:
        chosen.append(min(usable, key=lambda c: metric.rank(scores[c.key].value(metric.name))).key)
    chosen += [usable[round(k)].key for k in np.linspace(0, len(usable) - 1, MOST_COLUMNS)]
    chosen += [column.key for column in usable]
    kept = set(list(dict.fromkeys(chosen))[:MOST_COLUMNS])
    return tuple(column for column in usable if column.key in kept)


def picture_rows(results: Results, columns: Sequence[Column]) -> list[PictureRow]:
    """A row a case."""
    return [_row(results, case.name, columns) for case in results.maker.panel.cases]


def _row(results: Results, name: str, columns: Sequence[Column]) -> PictureRow:
    maker = results.maker
    case = maker.panel.case(name)
    loaded = maker.loaded(case)
    cells = [maker.make(case, column) if (name, column.key) in results.cells else None for column in columns]
    levels = _levels([loaded.original, *(cell.filled for cell in cells if cell is not None)])
    original = Picture(_png(outlined(_grey(loaded.original, levels), loaded.crop_mask)))
    return PictureRow(name, case.healthy, original, tuple(_picture(cell, levels) for cell in cells))


def _picture(cell: Cell | None, levels: tuple[float, float]) -> Picture | None:
    if cell is None:
        return None
    words = METRICS[0].words(cell.scores.psnr_db) if np.isfinite(cell.scores.psnr_db) else ""
    return Picture(_png(_grey(cell.filled, levels)), words)


def outlined(grey: np.ndarray, mask: Mask) -> np.ndarray:
    """A copy with the outermost pixels outside the hole white, as wide as it needs to be seen when reduced."""
    import cv2

    reach = max(1, max(grey.shape) // SIDE)
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    ring = cv2.dilate(mask.astype(np.uint8), kernel).astype(bool) & ~mask
    return np.where(ring, np.uint8(OUTLINE), grey)


def _levels(planes: Sequence[Plane]) -> tuple[float, float]:
    """Unit values shown as black and white in a whole row."""
    low, high = np.percentile(np.stack(planes), TAILS)
    return float(low), float(max(high, low + 1e-6))


def _grey(plane: Plane, levels: tuple[float, float]) -> np.ndarray:
    low, high = levels
    return np.asarray(np.clip((plane - low) / (high - low) * 255, 0, 255).astype(np.uint8))


def _png(grey: np.ndarray) -> str:
    from PIL import Image

    image = Image.fromarray(grey)
    if max(image.size) > SIDE:
        image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return picture_address(image)
