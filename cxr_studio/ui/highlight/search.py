"""The search for what is abnormal, off the GUI thread: coarse maps come first, and only those of the newest search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cxr_studio.events import CancelToken, Progress
from cxr_studio.quality.highlighting.map import AbnormalityMap
from cxr_studio.quality.highlighting.options import HighlightOptions
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.ui.shell.background import Background, Task


@dataclass(frozen=True, eq=False)
class Order:
    """What is to be searched.

    Attributes:
        radiograph: The pixels.
        generator: Registry name.
        device: "auto", "cpu", "cuda" or "mps".
    """

    radiograph: Radiograph
    generator: str
    device: str


Source = Callable[[Order, Progress, CancelToken], Iterator[AbnormalityMap]]
"""Yields coarse maps first, the last one complete; called off the GUI thread."""


def search(order: Order, progress: Progress, token: CancelToken) -> Iterator[AbnormalityMap]:
    """Slide the generator's holes over the lungs; see ``refinements``. Imports torch."""
    from cxr_studio.quality.highlighting.highlight import refinements

    options = HighlightOptions(generator=order.generator)
    yield from refinements(order.radiograph, options, device=order.device, cancel=token, progress=progress)


class HighlightSearch(QObject):
    """Runs one search at a time.

    Args:
        background: Where it runs; it shows progress and a Cancel button.
        source: Makes the maps.

    Signals:
        found: (AbnormalityMap) of the newest search.
        ended: It is over: complete, cancelled or failed.
        failed: (Exception) why, after ``ended``.
    """

    found = Signal(object)
    ended = Signal()
    failed = Signal(object)

    _came = Signal(int, object)
    _left = Signal(int)

    def __init__(self, background: Background, *, source: Source = search, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._source = source
        self._task: Task | None = None
        self._number = 0
        queued = Qt.ConnectionType.QueuedConnection
        self._came.connect(self._take, queued)
        self._left.connect(self._end, queued)

    @property
    def running(self) -> bool:
        """True from the start until it is over."""
        return self._task is not None

    def start(self, order: Order) -> None:
        """Search; one that runs is cancelled."""
        self.cancel()
        self._number += 1
        number = self._number

        def work(progress: Progress, token: CancelToken) -> None:
            try:
                for each in self._source(order, progress, token):
                    token.raise_if_cancelled()
                    self._came.emit(number, each)
            finally:
                self._left.emit(number)

        self._task = self._background.run(
            "Highlighting abnormalities", work, done=lambda _none: None, failed=self.failed.emit
        )

    def cancel(self) -> None:
        """Stop; what it found so far is not told any more."""
        if self._task is not None:
            self._task.token.cancel()
            self._task = None
            self._number += 1
            self.ended.emit()

    @Slot(int, object)
    def _take(self, number: int, found: AbnormalityMap) -> None:
        if number == self._number and self._task is not None and not self._task.token.cancelled:
            self.found.emit(found)

    @Slot(int)
    def _end(self, number: int) -> None:
        if number == self._number and self._task is not None:
            self._task = None
            self.ended.emit()
