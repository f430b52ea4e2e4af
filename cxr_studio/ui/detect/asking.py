"""What the engine's thread does for a detector: find boxes, judge the placed nodules, draw more like one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter

from cxr_studio.detection.detections import Detection, read_answers
from cxr_studio.detection.in_session import Judged, PlacedNodules, judged
from cxr_studio.events import CancelToken, Progress
from cxr_studio.generation.engine import Work
from cxr_studio.generation.session import Session, copied
from cxr_studio.nodules.alike import draw_alike
from cxr_studio.nodules.placement import Placement
from cxr_studio.ui.detect.sources import Source


@dataclass(frozen=True, eq=False)
class Answer:
    """A detector's answer to the inpainted image.

    Attributes:
        detections: The surest first.
        nodules: The placed nodules, each with the score that it was found with.
        edits: Those that the image had.
        seconds: Wall time of the detector alone.
    """

    detections: tuple[Detection, ...]
    nodules: tuple[Judged, ...]
    edits: object
    seconds: float


class Asking:
    """Makes the work; nodules that were measured once are remembered."""

    def __init__(self) -> None:
        self._placed = PlacedNodules()

    def detect(self, session: Session, source: Source) -> Work:
        """What returns the ``Answer`` to the session as it is now."""
        return partial(self._answer, copied(session), source)

    def draw(self, session: Session, like: Placement) -> Work:
        """What returns more nodules for the session as it is now; see ``draw_alike``."""
        return partial(draw_alike, copied(session), like)

    def _answer(
        self, session: Session, source: Source, *, device: str, cancel: CancelToken, progress: Progress
    ) -> Answer:
        progress(0.0, "Detecting")
        begun = perf_counter()
        found = _found(session, source, device)
        seconds = perf_counter() - begun
        cancel.raise_if_cancelled()
        nodules = self._placed.of(session, device=device)
        return Answer(found, judged(nodules, found), session.edits, seconds)


def _found(session: Session, source: Source, device: str) -> tuple[Detection, ...]:
    if source.checkpoint is None:
        path = session.radiograph.source.path
        name, instances = "" if path is None else path.name, session.radiograph.instances
        return read_answers(Path(source.name), name, instances=instances)
    from cxr_studio.detection.detector import detect
    from cxr_studio.generation.devices import choose_device

    shown = session.composite.copy()
    shown.setflags(write=False)
    radiograph = replace(session.radiograph, stored=shown)
    return detect(radiograph, source.checkpoint, device=choose_device(device))
