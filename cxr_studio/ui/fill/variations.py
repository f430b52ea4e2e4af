"""Other seeds for the same hole, and edits run again: both on the engine's job lane."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from cxr_studio.errors import StudioError
from cxr_studio.generation.generators import varied_by
from cxr_studio.generation.request import AnyRequest
from cxr_studio.generation.result import Result
from cxr_studio.roles import request_again
from cxr_studio.ui.fill.controller import InpaintingController
from cxr_studio.ui.shell.asked import Asked
from cxr_studio.ui.shell.engine_bridge import EngineBridge
from cxr_studio.ui.shell.workspace import Workspace

COUNT = 3
"""Variations made at a time, beside the fill shown."""


class VariationsController(QObject):
    """Collects variations of the fill on trial, and runs edits again.

    Signals:
        changed: (tuple of Result, index shown) the variations to choose from.
        busy_changed: (words) "" when no job is left.
        warned: (sentence) something failed.
    """

    changed = Signal(object, int)
    busy_changed = Signal(str)
    warned = Signal(str)

    def __init__(
        self, workspace: Workspace, link: EngineBridge, inpainting: InpaintingController, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._inpainting = inpainting
        self._found: list[Result] = []
        self._showing = False
        self._expected, self._reruns = Asked[AnyRequest](link), Asked[int](link)
        inpainting.offered.connect(self._offered)
        link.job_done.connect(self._take)
        link.failed.connect(self._failed)
        workspace.opened.connect(self.clear)
        workspace.closed.connect(self.clear)

    @property
    def found(self) -> tuple[Result, ...]:
        """The variations so far, the first one's own fill included."""
        return tuple(self._found)

    def more(self) -> None:
        """Ask for further seeds."""
        session, fill = self._workspace.session, self._inpainting.fill
        if session is None or fill is None:
            return
        if not self._found:
            self._found = [fill]
        first = max(_seed(found) for found in self._found) + 1
        varied = varied_by(self._inpainting.facts, self._inpainting.generators)
        try:
            for seed in range(first, first + COUNT):
                request = session.request(
                    replace(self._inpainting.options, generator=varied.name, seed=seed), session.mask
                )
                self._expected.ask(request, request)
        except StudioError as fault:
            self.warned.emit(str(fault))
            return
        self.busy_changed.emit("Making variations")
        self.changed.emit(tuple(self._found), 0)

    def choose(self, index: int) -> None:
        """Put one of them on trial."""
        if 0 <= index < len(self._found):
            self._showing = True
            self._inpainting.show(self._found[index])
            self._showing = False
            self.changed.emit(tuple(self._found), index)

    def rerun(self, number: int) -> None:
        """Run an edit again on what lies beneath it now."""
        session = self._workspace.session
        if session is None:
            return
        try:
            self._reruns.ask(request_again(session, number), number)
        except StudioError as fault:
            self.warned.emit(str(fault))
            return
        self.busy_changed.emit("Running the edit again")

    def cancel(self) -> None:
        """Give up what has not been answered."""
        self._expected.cancel()
        self._reruns.cancel()
        self.busy_changed.emit("")

    @Slot()
    def clear(self) -> None:
        """Forget the variations."""
        if self._expected or self._reruns:
            self.cancel()
        if self._found:
            self._found = []
            self.changed.emit((), 0)

    @Slot(object)
    def _offered(self, _fill: Result | None) -> None:
        if not self._showing and (self._found or self._expected):
            self._expected.cancel()
            self._found = []
            self.changed.emit((), 0)
            self._settle()

    @Slot(object)
    def _take(self, result: Result) -> None:
        edit = self._reruns.take(result.number)
        if edit is not None:
            session = self._workspace.session
            if session is not None and any(known.number == edit for known in session.edits):
                self._workspace.rerun(edit, result)
        elif self._expected.take(result.number) is not None:
            self._found.append(result)
            shown = self._found.index(self._inpainting.fill) if self._inpainting.fill in self._found else 0
            self.changed.emit(tuple(self._found), shown)
        self._settle()

    @Slot(int, object)
    def _failed(self, number: int, _fault: Exception) -> None:
        self._expected.take(number)
        self._reruns.take(number)
        self._settle()

    def _settle(self) -> None:
        if not self._expected and not self._reruns:
            self.busy_changed.emit("")


def _seed(result: Result) -> int:
    seed = result.provenance.options.get("seed", 0)
    return seed if isinstance(seed, int) else 0
