"""Syn&Select (Shen et al. 2021): of what is drawn, a detector selects nodules that are hard to find, but still nodules.

The paper's selecting network could not be read in full; here it is a detector that was trained on real nodules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from cxr_studio.detection.detector import detect, find_detector
from cxr_studio.detection.matching import iou
from cxr_studio.errors import StudioError
from cxr_studio.generation.devices import choose_device
from cxr_studio.radiographs.radiograph import Radiograph

BAND = (0.3, 0.7)
"""Scores of nodules that are kept: below, the detector sees none, and above, there is nothing to learn."""

CANDIDATES = 6
"""Draws of an image at most."""

OVERLAP = 0.2
"""IoU from which a detection is of a nodule, as in the papers' FROC."""

BoxXY = tuple[int, int, int, int]
Drawn = TypeVar("Drawn")


@dataclass(frozen=True)
class Selection:
    """How candidates are selected.

    Attributes:
        detector: Name or file of the detector.
        sha256: Of its file.
        band: Lowest and highest mean score of an image's nodules that is kept.
        candidates: Draws of an image at most; where none lies in the band, the nearest is kept.
    """

    detector: str
    sha256: str
    band: tuple[float, float] = BAND
    candidates: int = CANDIDATES


@dataclass(frozen=True)
class Selected:
    """What was selected.

    Attributes:
        detector: Name or file of the detector.
        sha256: Of its file.
        score: Mean of the nodules' scores, 0 to 1; 0 for one that is not found.
        inside: Whether it lies in the band.
        candidate: Number of the draw that was kept, from 0.
        drawn: Draws that were made.
    """

    detector: str
    sha256: str
    score: float
    inside: bool
    candidate: int
    drawn: int


def selection_of(detector: str, *, band: tuple[float, float] = BAND, candidates: int = CANDIDATES) -> Selection:
    """Name a detector to select by.

    Raises:
        StudioError: there is none, or the band is no range within 0 to 1.
    """
    if not 0 <= band[0] < band[1] <= 1:
        raise StudioError("the band of scores is no range within 0 and 1", remedy="Name it as 0.3,0.7")
    return Selection(detector, find_detector(detector).sha256, band, candidates)


def score_of(radiograph: Radiograph, boxes: Sequence[BoxXY], selection: Selection, *, device: str = "auto") -> float:
    """Mean score of the nodules in a radiograph, 0 to 1.

    Args:
        radiograph: With the nodules.
        boxes: Of them, ``x0, y0, x1, y1`` in pixels.
        selection: Names the detector.
        device: Where it runs.

    Raises:
        StudioError: the detector is another than the one named.
    """
    checkpoint = find_detector(selection.detector)
    if checkpoint.sha256 != selection.sha256:
        raise StudioError(
            "the detector has changed since the augmentation began", file=checkpoint.path, remedy="Name another --out"
        )
    found = detect(radiograph, checkpoint, device=choose_device(device))
    wanted = [(float(y0), float(x0), float(y1), float(x1)) for x0, y0, x1, y1 in boxes]
    best = [max((one.score for one in found if iou(one.box, box) >= OVERLAP), default=0.0) for box in wanted]
    return sum(best) / len(best) if best else 0.0


def select(candidates: Iterable[tuple[Drawn, float]], selection: Selection) -> tuple[Drawn, Selected]:
    """The first candidate whose score lies in the band, or of all the nearest to it; later ones are not drawn.

    Args:
        candidates: Draws with their scores, drawn as they are asked for; at least one.
        selection: The band.
    """
    low, high = selection.band
    best: tuple[float, int, float, Drawn] | None = None
    count = 0
    for count, (drawn, score) in enumerate(candidates, 1):
        away = max(low - score, score - high, 0.0)
        if best is None or away < best[0]:
            best = away, count - 1, score, drawn
        if not away:
            break
    if best is None:
        raise ValueError("there is no candidate")
    away, place, score, drawn = best
    told = Selected(selection.detector, selection.sha256, round(score, 4), not away, place, count)
    return drawn, told
