"""A detector's answers to a radiograph with its edits, and which of the nodules placed in it are found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

from cxr_studio.datasets.entries import NODULE, Entry, Finding, Manifest
from cxr_studio.detection.detections import Detection
from cxr_studio.detection.matching import Rule, match
from cxr_studio.generation.edit import Edit
from cxr_studio.generation.result import Silhouette
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import bounding_box
from cxr_studio.nodules.edits import placement_of
from cxr_studio.nodules.labels import drawn_once_more, is_covered
from cxr_studio.nodules.placement import Placement


@dataclass(frozen=True)
class Placed:
    """A nodule of a session that shows.

    Attributes:
        number: Of its edit.
        placement: How it was placed.
        finding: Its box and diameter, as the export writes them.
    """

    number: int
    placement: Placement
    finding: Finding


@dataclass(frozen=True)
class Judged:
    """What became of a placed nodule.

    Attributes:
        placed: The nodule.
        score: Of the detection that hits it, None without one.
    """

    placed: Placed
    score: float | None

    def missed(self, threshold: float) -> bool:
        """Whether no detection of at least this score hits it."""
        return self.score is None or self.score < threshold


class PlacedNodules:
    """Measures the nodules of sessions; each is drawn once more, as the export does, and remembered."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Edit, Silhouette] = WeakKeyDictionary()

    def of(self, session: Session, *, device: str = "auto") -> tuple[Placed, ...]:
        """The nodules that are switched on and not filled over, in the order of the edits.

        Raises:
            StudioError: one cannot be drawn any more (its checkpoint is gone).
        """
        shape, found = session.radiograph.shape, []
        for place, edit in enumerate(session.edits):
            placement = placement_of(edit) if edit.enabled else None
            if placement is None:
                continue
            if edit not in self._known:
                self._known[edit] = drawn_once_more(session, edit, placement, device=device).drawn
            silhouette = self._known[edit].whole(shape)
            if not is_covered(silhouette, session.edits[place + 1 :]):
                y0, x0, y1, x1 = bounding_box(silhouette) or (0, 0, 0, 0)
                box = float(y0), float(x0), float(y1), float(x1)
                finding = Finding(NODULE, box, diameter_px=self._known[edit].diameter, synthetic=True)
                found.append(Placed(edit.number, placement, finding))
        return tuple(found)


def judged(placed: Sequence[Placed], detections: Iterable[Detection], rule: Rule | None = None) -> tuple[Judged, ...]:
    """Match detections to the placed nodules, the best score first, one hit a nodule.

    The hits at a threshold are those at or above it: a lower score never takes a nodule from a higher one.
    """
    entry = Entry("", "", findings=tuple(each.finding for each in placed))
    own = [Detection("", one.box, one.score, one.label) for one in detections]
    ratings = match(Manifest(Path(), (entry,)), own, rule).matched.ratings()
    scores = (None if rating == float("-inf") else float(rating) for rating in ratings)
    return tuple(Judged(each, score) for each, score in zip(placed, scores, strict=True))
