"""Cells of the comparison: a case filled by a column's generator, with its figures; made lazily, kept on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cxr_studio.events import CancelToken
from cxr_studio.masks.boxes import cut
from cxr_studio.metrics.frechet import Moments
from cxr_studio.quality.comparison.cache import CellCache, cell_key, means_key
from cxr_studio.quality.comparison.cell import NAN, Cell, CellScores
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.loading import CaseLoader, LoadedCase
from cxr_studio.quality.comparison.panel import Case, Panel
from cxr_studio.quality.comparison.scores import ColumnScores, Figures, column_scores

ORIGINAL = "original"
"""Key under which the moments of a case's original are kept."""

__all__ = ["Cell", "CellCache", "CellMaker", "CellScores"]


class CellMaker:
    """Makes the cells of a panel, or takes them from the cache.

    Args:
        panel: The rows.
        cache: Where cells are kept; the program's cache folder by default.
        device: "auto", "cpu", "cuda" or "mps".
        timed: Whether cells tell how long they took; those of a job do not, which may run on many machines.
    """

    def __init__(
        self, panel: Panel, *, cache: CellCache | None = None, device: str = "auto", timed: bool = True
    ) -> None:
        self.panel = panel
        self.cache = cache or CellCache()
        self.device = device
        self._timed = timed
        self._loader = CaseLoader(panel)
        self._truths: dict[str, Moments] = {}
        self._unkept: dict[tuple[str, str], Cell] = {}

    def loaded(self, case: Case) -> LoadedCase:
        """The case's pixels; read once. See ``CaseLoader.load``."""
        return self._loader.load(case)

    def cached(self, case: Case, column: Column) -> Cell | None:
        """The cell if it was made before; never imports torch. May be called from any thread.

        Raises:
            StudioError: the case's radiograph or mask cannot be read.
        """
        loaded = self.loaded(case)
        found = self.cache.read(cell_key(loaded, column.key, self.device), loaded)
        return found or self._unkept.get((case.name, column.key))

    def make(self, case: Case, column: Column, *, cancel: CancelToken | None = None) -> Cell:
        """The cell, made now unless it is in the cache. One thread at a time.

        Raises:
            StudioError: the case cannot be read, the checkpoint cannot be used or does not draw into a hole.
            Cancelled: through ``cancel``.
        """
        found = self.cached(case, column)
        if found is not None:
            return found
        from cxr_studio.quality.comparison.drawing import drawn_case
        from cxr_studio.quality.comparison.features import moments_of
        from cxr_studio.quality.comparison.measuring import scores_of
        from cxr_studio.quality.judging import Run

        loaded = self.loaded(case)
        drawn = drawn_case(loaded, column, Run(self.device, cancel=cancel or CancelToken()))
        filled = loaded.unit_values(drawn.stored)
        scored = drawn.truth and case.healthy
        scores = scores_of(loaded, drawn)
        scores = scores if self._timed else replace(scores, milliseconds=NAN)
        cell = Cell(filled, scores, moments_of(filled, drawn.mask) if scored else None)
        if not self.cache.write(cell_key(loaded, column.key, self.device), cell, drawn.stored):
            self._unkept[case.name, column.key] = cell
        if scored:
            self._keep_truth(loaded)
        return cell

    def figures(self, case: Case, column: Column) -> Figures | None:
        """The figures of a cell that was made before, without its pixels; never imports torch."""
        loaded = self.loaded(case)
        found = self.cache.figures(cell_key(loaded, column.key, self.device))
        if found is None:
            unkept = self._unkept.get((case.name, column.key))
            if unkept is None:
                return None
            found = unkept.scores, unkept.moments
        truth = self._truths.get(case.name) or self._kept_truth(loaded)
        return Figures(found[0], found[1], truth)

    def column_scores(self, column: Column, *, journal: Mapping[str, float] | None = None) -> ColumnScores:
        """The figures of a column from the cells that were made before; never imports torch.

        Those of a column whose healthy cells are all made are kept, so that the next look is quick.
        """
        healthy = [case for case in self.panel.cases if case.healthy]
        key = means_key([self.loaded(case) for case in healthy], column.key, self.device)
        kept = self.cache.means(key)
        if kept is not None:
            return ColumnScores(len(healthy), len(healthy), kept, dict(journal or {}))
        found = {case.name: self.figures(case, column) for case in healthy}
        scores = column_scores(self.panel, {k: v for k, v in found.items() if v is not None}, journal=journal)
        if scores.complete and healthy:
            self.cache.keep_means(key, scores.means)
        return scores

    def _keep_truth(self, loaded: LoadedCase) -> None:
        """Moments of the original under the hole, kept as a cell of a generator that changes nothing."""
        name = loaded.case.name
        if name in self._truths or self._kept_truth(loaded) is not None:
            return
        from cxr_studio.quality.comparison.features import moments_of

        moments = moments_of(loaded.original, loaded.crop_mask)
        cell = Cell(loaded.original, CellScores(), moments)
        kept = self.cache.write(cell_key(loaded, ORIGINAL, ""), cell, loaded.radiograph.stored[cut(loaded.box)])
        if moments is not None and not kept:  # what is kept is rounded, and read by all alike
            self._truths[name] = moments

    def _kept_truth(self, loaded: LoadedCase) -> Moments | None:
        kept = self.cache.figures(cell_key(loaded, ORIGINAL, ""))
        if kept is None or kept[1] is None:
            return None
        return self._truths.setdefault(loaded.case.name, kept[1])
