"""Several surroundings of one box, side by side to choose from."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from cxr_studio.errors import StudioError
from cxr_studio.generation.request import AnyRequest
from cxr_studio.generation.result import Result
from cxr_studio.ui.shell.asked import Asked
from cxr_studio.ui.shell.engine_bridge import EngineBridge
from cxr_studio.ui.shell.workspace import Workspace
from cxr_studio.ui.whole.controller import SurroundController

COUNT = 6
"""Seeds that are drawn at a time, as many as the figure of Xing et al. shows of one box."""


class SurroundingsController(QObject):
    """Draws around the box with several seeds: the first answer goes on trial, the others line up beside it.

    Signals:
        changed: Answers came, went, or another one is on trial.
        warned: (sentence) the requests could not be made.

    Args:
        workspace: The open radiograph.
        link: Answers.
        surrounding: Has box, generator and seed, and what is on trial.

    Attributes:
        shown: Whether the user wants to see them.
        answers: The newest first.
    """

    changed = Signal()
    warned = Signal(str)

    def __init__(
        self,
        workspace: Workspace,
        link: EngineBridge,
        surrounding: SurroundController,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._surrounding = surrounding
        self._asked = Asked[AnyRequest](link)
        self.shown = False
        self.answers: tuple[Result, ...] = ()
        for signal in (workspace.opened, workspace.closed, workspace.mask_settled, workspace.edits_changed):
            signal.connect(self.close)
        surrounding.box_changed.connect(self.close)
        surrounding.changed.connect(self._first)
        link.job_done.connect(self._take)
        link.failed.connect(self._failed)

    @property
    def waiting(self) -> int:
        """Answers still to come beside the one that the surroundings' own controller waits for."""
        return len(self._asked)

    @property
    def current(self) -> int:
        """Place of the answer that is on trial, -1 for none."""
        result = self._surrounding.result
        return next((k for k, answer in enumerate(self.answers) if answer is result), -1)

    def run(self) -> None:
        """Draw ``COUNT`` surroundings, beginning with the seed as it is; one where seeds make no difference."""
        session = self._workspace.session
        if self._surrounding.refusal or session is None:
            return
        self._forget()
        self._surrounding.run()
        self.shown = self._surrounding.under_way and not self._surrounding.another_refusal
        if self.shown:
            options, box = self._surrounding.options, self._surrounding.box
            try:
                for seed in range(options.seed + 1, options.seed + COUNT):
                    request = session.request(replace(options, seed=seed), box)
                    self._asked.ask(request, request)
            except StudioError as fault:
                self.warned.emit(str(fault))
        self.changed.emit()

    def more(self) -> None:
        """Draw the next ``COUNT``."""
        if not self._surrounding.another_refusal:
            options = self._surrounding.options
            self._surrounding.set_options(replace(options, seed=options.seed + COUNT))
            self.run()

    def take(self, index: int) -> None:
        """Put one of them on trial."""
        if 0 <= index < len(self.answers):
            self._surrounding.show(self.answers[index])

    @Slot()
    def close(self) -> None:
        """Give up what is asked and forget; what is on trial stays."""
        if self.shown:
            self.shown = False
            self._forget()
            self.changed.emit()

    def _forget(self) -> None:
        self._asked.cancel()
        self.answers = ()

    @Slot()
    def _first(self) -> None:
        """The answer to the first seed is the one that the surroundings' own controller asked for."""
        result = self._surrounding.result
        if self.shown and result is not None and result not in self.answers:
            self.answers = (result, *self.answers)
        if self.shown:
            self.changed.emit()

    @Slot(object)
    def _take(self, result: Result) -> None:
        if self._asked.take(result.number) is not None:
            self.answers = (result, *self.answers)
            self.changed.emit()

    @Slot(int, object)
    def _failed(self, number: int, _fault: Exception) -> None:
        if self._asked.take(number) is not None:
            self.changed.emit()
