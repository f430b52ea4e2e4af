"""One mask, all generators: each fills the mask as it is, and the user takes one of the answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot

from cxr_studio.errors import StudioError
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.request import AnyRequest
from cxr_studio.generation.result import Result
from cxr_studio.generation.session import Session
from cxr_studio.networks.card import Role
from cxr_studio.roles import offered
from cxr_studio.translate.options import TranslateOptions
from cxr_studio.ui.fill.controller import InpaintingController
from cxr_studio.ui.shell.asked import Asked
from cxr_studio.ui.shell.engine_bridge import EngineBridge
from cxr_studio.ui.shell.workspace import Workspace

NO_MASK = "Paint over something first."


@dataclass(frozen=True, eq=False)
class Rival:
    """A generator and its answer for the mask."""

    facts: GeneratorFacts
    result: Result


def fill_generators() -> tuple[GeneratorFacts, ...]:
    """Every generator that may fill a mask, in the order in which they are asked: quick ones first, the default last.

    Those that repair blindly are among them: what they change is pasted inside the mask alone.
    """
    blind = (facts for facts in offered(Role.TRANSLATE) if facts.card is not None and not facts.card.labels)
    every = (*blind, *reversed(offered(Role.RESTORE)))
    return tuple(sorted(every, key=lambda facts: facts.checkpoint is not None))


class RivalsController(QObject):
    """Asks every generator on the job lane; another mask gives up what is asked.

    Signals:
        changed: Answers came, or went with their mask.
        warned: (sentence) nothing can be asked yet; what fails in the engine the fill's controller says.

    Args:
        workspace: The open radiograph.
        link: Answers.
        inpainting: Whose options count, and who has the answer on trial.
        generators: To ask; read at every run, so that a checkpoint dropped meanwhile is among them.

    Attributes:
        shown: Whether the user wants to see them.
        answers: The newest first.
        failed: Generators that gave no answer.
        seconds: From asking to the newest answer.
    """

    changed = Signal()
    warned = Signal(str)

    def __init__(
        self,
        workspace: Workspace,
        link: EngineBridge,
        inpainting: InpaintingController,
        *,
        generators: Callable[[], tuple[GeneratorFacts, ...]] = fill_generators,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._inpainting = inpainting
        self._generators = generators
        self._asked = Asked[GeneratorFacts](link)
        self._begun = 0.0
        self.shown = False
        self.answers: tuple[Rival, ...] = ()
        self.failed = 0
        self.seconds = 0.0
        workspace.mask_touched.connect(self._stale)
        workspace.mask_settled.connect(self._again)
        workspace.edits_changed.connect(self._edited)
        for signal in (workspace.opened, workspace.closed):
            signal.connect(self.close)
        link.job_done.connect(self._take)
        link.failed.connect(self._failed)

    @property
    def refusal(self) -> str:
        """Why nothing can be asked now, or ""."""
        session = self._workspace.session
        return NO_MASK if session is None or not session.mask.any() else ""

    @property
    def waiting(self) -> int:
        """Generators that have not answered yet."""
        return len(self._asked)

    @property
    def current(self) -> int:
        """Place of the answer that is on trial, -1 for none."""
        fill = self._inpainting.fill
        return next((k for k, rival in enumerate(self.answers) if rival.result is fill), -1)

    def run(self) -> None:
        """Ask every generator about the mask as it is; a fill that is on trial counts as an answer."""
        session = self._workspace.session
        if self.refusal or session is None:
            return
        self._forget()
        self.shown, self._begun = True, time.perf_counter()
        fill = self._inpainting.fill
        for facts in self._generators():
            if fill is not None and fill.provenance.generator == facts.name:
                self.answers = (Rival(facts, fill),)
            elif not self._ask(session, facts):
                break
        self.changed.emit()

    def take(self, index: int) -> None:
        """Put an answer on trial."""
        if 0 <= index < len(self.answers):
            rival = self.answers[index]
            self._inpainting.show(rival.result, title=rival.facts.title)
            self.changed.emit()

    def cancel(self) -> None:
        """Give up what has not been answered; the answers stay."""
        if self._asked:
            self._asked.cancel()
            self.changed.emit()

    @Slot()
    def close(self) -> None:
        """Give up and forget; what is on trial stays."""
        if self.shown:
            self.shown = False
            self._forget()
            self.changed.emit()

    def _ask(self, session: Session, facts: GeneratorFacts) -> bool:
        try:
            self._asked.ask(self._request(session, facts), facts)
        except StudioError as fault:
            self.warned.emit(str(fault))
            return False
        return True

    def _request(self, session: Session, facts: GeneratorFacts) -> AnyRequest:
        options = self._inpainting.options
        if facts.role is Role.TRANSLATE:
            translate = TranslateOptions(facts.name, options.seed, feather=options.feather)
            return session.request(translate, session.mask)
        return session.request(replace(options, generator=facts.name), session.mask)

    def _forget(self) -> None:
        self._asked.cancel()
        self.answers, self.failed, self.seconds = (), 0, 0.0

    @Slot(object)
    def _stale(self, _box: object) -> None:
        """The mask is becoming another one."""
        if self.shown and (self.answers or self._asked):
            self._forget()
            self.changed.emit()

    @Slot()
    def _again(self) -> None:
        """The mask is another one: ask again where fills follow by themselves."""
        if not self.shown:
            return
        if self.refusal:
            self.close()
        elif self._inpainting.live:
            self.run()
        else:
            self._forget()
            self.changed.emit()

    @Slot()
    def _edited(self) -> None:
        if self.refusal:
            self.close()

    @Slot(object)
    def _take(self, result: Result) -> None:
        facts = self._asked.take(result.number)
        if facts is not None:
            self.seconds = time.perf_counter() - self._begun
            self.answers = (Rival(facts, result), *self.answers)
            self.changed.emit()

    @Slot(int, object)
    def _failed(self, number: int, _fault: Exception) -> None:
        if self._asked.take(number) is not None:
            self.failed += 1
            self.changed.emit()
