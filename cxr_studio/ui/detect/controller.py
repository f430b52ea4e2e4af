"""A detector on the open radiograph: its boxes, which placed nodules it misses, and more like those."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from cxr_studio.detection.detections import Detection
from cxr_studio.detection.in_session import Judged
from cxr_studio.errors import StudioError
from cxr_studio.generation.engine import Job
from cxr_studio.generation.result import Result
from cxr_studio.generation.session import Session
from cxr_studio.nodules.zones import Zone
from cxr_studio.ui.detect.asking import Answer, Asking
from cxr_studio.ui.detect.sources import Source, source_at
from cxr_studio.ui.shell.engine_bridge import EngineBridge
from cxr_studio.ui.shell.workspace import Workspace

THRESHOLD = 0.3
"""Least score of a shown box until the user moves it."""

STEPS = 40
"""Presses of a key from the least to the largest threshold."""

NO_SOURCE = "No detector is installed: open a checkpoint, or another detector's answers as CSV or COCO results."
MEANWHILE = "The edits changed meanwhile, so the nodules were not added."


class DetectController(QObject):
    """Asks the detector again after every edit while it is on.

    Signals:
        changed: The boxes, the threshold, the detector or what is under way has changed.
        switched: The detector was switched on or off.
        answered: An answer has come.
        look_at: (y, x) a nodule to bring to the middle, image pixels.
        told: (sentence) something was done.
        warned: (sentence) something could not be asked; the fill's controller says what failed in the engine.

    Args:
        workspace: The open radiograph.
        link: Runs the detector.
        sources: Detectors to choose from; the first is used.
        asking: Makes the work for the engine.

    Attributes:
        sources: Detectors to choose from, and files that were opened.
        source: The chosen one, or None.
        on: Whether it detects.
        shown: Whether its boxes are over the panes.
        answer: What it found, None while that is not known.
        chosen_threshold: Least score as the user chose it; see ``threshold``.
    """

    changed = Signal()
    switched = Signal()
    answered = Signal()
    look_at = Signal(float, float)
    told = Signal(str)
    warned = Signal(str)

    def __init__(
        self,
        workspace: Workspace,
        link: EngineBridge,
        sources: tuple[Source, ...],
        *,
        asking: Asking | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._link = workspace, link
        self._asking = asking or Asking()
        self.sources = sources
        self.source = sources[0] if sources else None
        self.on, self.shown = False, True
        self.answer: Answer | None = None
        self.chosen_threshold = THRESHOLD
        self._asked: Job | None = None
        self._more: Job | None = None
        workspace.opened.connect(self._other_image)
        workspace.closed.connect(self._other_image)
        workspace.edits_changed.connect(self._edited)
        workspace.selection_changed.connect(self.changed)
        link.warmed.connect(self._loaded)
        link.failed.connect(self._failed)

    @property
    def detecting(self) -> bool:
        """Whether boxes are waited for."""
        return self._asked is not None

    @property
    def drawing(self) -> bool:
        """Whether more nodules are being drawn."""
        return self._more is not None

    @property
    def shares(self) -> bool:
        """Whether scores are from 0 to 1; another detector's may be of any scale."""
        return self.answer is None or all(0 <= one.score <= 1 for one in self.answer.detections)

    @property
    def limits(self) -> tuple[float, float]:
        """Least and largest threshold: 0 and 1, or the least and the largest score of another scale."""
        if self.answer is None or self.shares:
            return 0.0, 1.0
        scores = [one.score for one in self.answer.detections]
        return min(scores), max(max(scores), min(scores) + 1.0)

    @property
    def threshold(self) -> float:
        """Least score of a shown box, within ``limits``."""
        low, high = self.limits
        return min(max(self.chosen_threshold, low), high)

    @property
    def boxes(self) -> tuple[Detection, ...]:
        """Those at or above the threshold, the surest first."""
        found = () if self.answer is None else self.answer.detections
        return tuple(one for one in found if one.score >= self.threshold)

    @property
    def nodules(self) -> tuple[Judged, ...]:
        """The placed nodules that the answer is about."""
        return () if self.answer is None else self.answer.nodules

    @property
    def missed(self) -> tuple[Judged, ...]:
        """The placed nodules that no shown box hits."""
        return tuple(each for each in self.nodules if each.missed(self.threshold))

    @property
    def like(self) -> Judged | None:
        """The missed nodule that more are drawn like: the selected one, else the newest."""
        missed = self.missed
        chosen = (each for each in missed if each.placed.number == self._workspace.selected)
        return next(chosen, missed[-1] if missed else None)

    def set_on(self, on: bool) -> None:
        """Detect from now on, or take the boxes away."""
        self.on, self.shown = on, True
        self.switched.emit()
        self._ask()

    def set_shown(self, shown: bool) -> None:
        """Show the boxes over the panes, or not; the detector stays on."""
        self.shown = shown
        self.changed.emit()

    def choose(self, name: str) -> None:
        """Take another detector."""
        self.source = next((each for each in self.sources if each.name == name), self.source)
        self._ask()

    def open(self, path: Path) -> None:
        """Take a detector or answers from a file, and detect."""
        try:
            source = source_at(path)
        except StudioError as fault:
            self.warned.emit(str(fault))
            return
        self.sources = (*(each for each in self.sources if each.name != source.name), source)
        self.source = source
        self.set_on(True)

    def set_threshold(self, score: float) -> None:
        """Show boxes from this score on."""
        self.chosen_threshold = score
        self.changed.emit()

    def step_threshold(self, steps: int) -> None:
        """Move the threshold by a key."""
        low, high = self.limits
        self.set_threshold(min(max(self.threshold + steps * (high - low) / STEPS, low), high))

    def select(self, number: int) -> None:
        """Select a placed nodule and bring it to the middle."""
        self._workspace.select(number)
        for each in self.nodules:
            if each.placed.number == number:
                self.look_at.emit(each.placed.placement.y, each.placed.placement.x)

    def next_missed(self) -> None:
        """Select the next missed nodule, after the last the first."""
        numbers = [each.placed.number for each in self.missed]
        if numbers:
            now = self._workspace.selected
            place = numbers.index(now) + 1 if now in numbers else 0
            self.select(numbers[place % len(numbers)])

    def more(self) -> None:
        """Draw more nodules like the missed one, as one step that can be undone."""
        session, like = self._workspace.session, self.like
        if session is None or like is None or self.drawing:
            return
        work = self._asking.draw(session, like.placed.placement)
        done = partial(self._drawn, session, like.placed.number)
        try:
            self._more = self._link.submit_work(session.next_number(), work, done)
        except StudioError as fault:
            self.warned.emit(str(fault))
        self.changed.emit()

    def cancel(self) -> None:
        """Give up what is being drawn."""
        if self._more is not None:
            self._more.cancel()
            self._more = None
            self.changed.emit()

    def _ask(self) -> None:
        """Detect in the image as it is now; before the engine is there, as soon as it is."""
        session = self._workspace.session
        if self._asked is not None:
            self._asked.cancel()
            self._asked = None
        if not self.on or session is None or self.source is None:
            self.answer = None
        elif self._link.loaded:
            number = session.next_number()
            work = self._asking.detect(session, self.source)
            self._asked = self._link.submit_work(number, work, partial(self._take, number))
        self.changed.emit()

    def _take(self, number: int, answer: Answer) -> None:
        if self._asked is not None and self._asked.number == number:
            self._asked, self.answer = None, answer
            self.changed.emit()
            self.answered.emit()

    def _drawn(self, session: Session, like: int, drawn: tuple[list[tuple[Result, str]], Zone | None]) -> None:
        """Make what was drawn edits; not when it was cancelled or another radiograph is open."""
        if self._more is None or session is not self._workspace.session:
            return
        self._more = None
        results, zone = drawn
        session.add_all(results, f"Add {len(results)} nodules like {like}")
        where = "anywhere in the lungs" if zone is None else f"in the {zone}"
        self._workspace.edited(settled=bool(session.mask.any()))
        self.told.emit(f"{len(results)} nodules like nodule {like} were drawn {where}.")

    @Slot()
    def _other_image(self) -> None:
        self.cancel()
        self.answer = None
        self._ask()

    @Slot()
    def _edited(self) -> None:
        if self.drawing:
            self.cancel()
            self.warned.emit(MEANWHILE)
        if self.on:
            self._ask()

    @Slot()
    def _loaded(self, *_told: Any) -> None:
        if self.on and self.answer is None and not self.detecting:
            self._ask()

    @Slot(int, object)
    def _failed(self, number: int, _fault: Exception) -> None:
        if self._more is not None and self._more.number == number:
            self._more = None
            self.changed.emit()
        if self._asked is not None and self._asked.number == number:
            self._asked = None
            self.set_on(False)
