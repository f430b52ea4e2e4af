"""Finding what is abnormal by what inpainting removes (Belli et al. 2018, "Context encoding chest X-rays").

Square holes slide over the lungs; a generator that has seen healthy lungs only fills them, and what it would have
drawn otherwise is the map. A structure larger than the hole reaches the known surroundings and is continued instead
of removed, so the holes slide over a shrunk image first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.quality.highlighting.map import AbnormalityMap
from cxr_studio.quality.highlighting.options import DEFAULT, HighlightOptions, default_threshold
from cxr_studio.quality.highlighting.search import Search
from cxr_studio.quality.highlighting.windows import slide

if TYPE_CHECKING:
    from cxr_studio.radiographs.radiograph import Radiograph

__all__ = ["HighlightOptions", "default_threshold", "highlight", "refinements"]


def highlight(
    radiograph: Radiograph,
    options: HighlightOptions = DEFAULT,
    *,
    device: str = "auto",
    cancel: CancelToken | None = None,
    progress: Progress = silent,
) -> AbnormalityMap:
    """Return the complete map; see ``refinements``."""
    *_, last = refinements(radiograph, options, device=device, cancel=cancel, progress=progress)
    return last


def refinements(
    radiograph: Radiograph,
    options: HighlightOptions = DEFAULT,
    *,
    device: str = "auto",
    cancel: CancelToken | None = None,
    progress: Progress = silent,
) -> Iterator[AbnormalityMap]:
    """Search a radiograph, coarse scales first.

    Args:
        radiograph: Of any size whose longest side is at least that of a hole.
        options: What to search with.
        device: "auto", "cpu", "cuda" or "mps".
        cancel: Looked at between batches of holes.
        progress: Called after every batch.

    Yields:
        A map after every scale; the last one is ``complete``.

    Raises:
        GeneratorError: there is no such generator or device, it fills no mask, or the radiograph is too small.
        CheckpointError: its weights do not fit.
        Cancelled: on request.
    """
    search = Search.begin(radiograph, options, device)
    for finest in searched(search, cancel or CancelToken(), progress):
        yield search.result(finest=finest)


def searched(search: Search, cancel: CancelToken, progress: Progress) -> Iterator[int]:
    """Slide the holes of every level, coarsest first; yields the index of each level that is done."""
    total, done = sum(len(level.corners) for level in search.levels), 0
    for finest in reversed(range(len(search.levels))):
        level = search.levels[finest]
        words = f"Searching with holes of {search.hole(level)} pixels"
        for count in slide(search.fill, level.plane, level.corners, onto=level.sums, cancel=cancel):
            progress((done + count) / total, words)
        done += len(level.corners)
        yield finest
