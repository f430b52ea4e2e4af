"""An answer for the whole image on trial: asked for, shown, and kept or discarded by the user."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from cxr_studio.errors import StudioError
from cxr_studio.generation.engine import Job
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.request import Region
from cxr_studio.generation.result import Result
from cxr_studio.generation.session import Session
from cxr_studio.networks.card import Role
from cxr_studio.roles import offered
from cxr_studio.surround.options import SurroundOptions
from cxr_studio.translate.options import TranslateOptions
from cxr_studio.ui.shell.action import NO_IMAGE
from cxr_studio.ui.shell.engine_bridge import EngineBridge
from cxr_studio.ui.shell.workspace import Workspace

ONE_ANSWER = "This generator draws the same with every seed."

OptionsT = TypeVar("OptionsT", bound=SurroundOptions | TranslateOptions)


class WholeImageController(QObject, Generic[OptionsT]):
    """Asks on the job lane, and lays the newest answer over the image.

    What is on trial is the workspace's: whatever is shown in its place, a fill say, ends the trial.

    Signals:
        changed: The options, the mask, or what is on trial changed.
        busy_changed: (bool) whether an answer is waited for.
        warned: (sentence) the request could not be made; the fill's controller says what failed in the engine.

    Args:
        workspace: The open radiograph.
        link: Answers.
        settle: Ends what else is on trial; called before asking.
        generators: To choose from; those that are offered for the role by default.

    Attributes:
        role: Of the generators.
        kind: The options of the role.
        no_generator: The sentence where there is nothing to choose from.
        options: Generator, seed and what else the role has, of the next request.
    """

    role: Role
    kind: type[OptionsT]
    no_generator = ""
    changed = Signal()
    busy_changed = Signal(bool)
    warned = Signal(str)

    def __init__(
        self,
        workspace: Workspace,
        link: EngineBridge,
        *,
        settle: Callable[[], object],
        generators: Callable[[], tuple[GeneratorFacts, ...]] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._link = link
        self._end_others = settle
        self.generators = offered(self.role) if generators is None else generators()
        self.options = self.kind(self.generators[0].name if self.generators else "")
        self._warmed = ""
        self._asked = -1
        self._job: Job | None = None
        self._result: Result | None = None
        for signal in (workspace.opened, workspace.closed):
            signal.connect(self._opened)
        workspace.mask_settled.connect(self._settled)
        workspace.edits_changed.connect(self.drop)
        workspace.image_touched.connect(self._touched)
        link.job_done.connect(self._take)
        link.failed.connect(self._failed)

    @property
    def facts(self) -> GeneratorFacts | None:
        """The chosen generator."""
        return next((facts for facts in self.generators if facts.name == self.options.generator), None)

    @property
    def result(self) -> Result | None:
        """What is on trial."""
        return self._result if self._result is not None and self._result is self._workspace.whole else None

    @property
    def under_way(self) -> bool:
        """True while a request has no answer."""
        return self._asked >= 0

    @property
    def refusal(self) -> str:
        """Why nothing can be drawn now, or ""."""
        if not self.generators:
            return self.no_generator
        session = self._workspace.session
        return NO_IMAGE if session is None else self._missing(session)

    @property
    def ready(self) -> str:
        """What would be drawn now, or ""."""
        return ""

    @property
    def words(self) -> str:
        """What is on trial, or what to do first."""
        return self.result.message if self.result is not None else self.refusal or self.ready

    @property
    def another_refusal(self) -> str:
        """Why the next seed cannot be drawn, or ""."""
        return self.refusal or ("" if self.facts is not None and self.facts.stochastic else ONE_ANSWER)

    def set_options(self, options: OptionsT) -> None:
        """Take other options; another generator is warmed up, and what is on trial stays until it is drawn again."""
        if options != self.options:
            chosen = options.generator != self.options.generator
            self.options = options
            if chosen:
                self.warm_up()
            self.changed.emit()

    def take_generator(self, name: str) -> None:
        """Take another generator with the options as they are; one that is not there is left aside."""
        if any(facts.name == name for facts in self.generators):
            self.set_options(replace(self.options, generator=name))

    def warm_up(self) -> None:
        """Load the chosen generator before its first request, once."""
        if self.generators and self._link.loaded and self._warmed != self.options.generator:
            self._warmed = self.options.generator
            self._link.warm_up(self._warmed, self.role)

    def run(self) -> None:
        """Ask."""
        session = self._workspace.session
        if self.refusal or session is None:
            return
        self.cancel()
        self._end_others()
        request = session.request(self.options, self._region(session))
        try:
            self._job = self._link.submit_job(request)
        except StudioError as fault:
            self.warned.emit(str(fault))
            return
        self._asked = request.number
        self.busy_changed.emit(True)

    def another(self) -> None:
        """Ask with the next seed."""
        if not self.another_refusal:
            self.set_options(replace(self.options, seed=self.options.seed + 1))
            self.run()

    def show(self, result: Result) -> None:
        """Put an answer on trial."""
        self._workspace.lay_whole(result)
        self._result = result
        self.changed.emit()

    def accept(self) -> bool:
        """Make what is on trial an edit, and clear the mask that it was about."""
        result = self.result
        if result is None:
            return False
        name = result.provenance.generator
        title = next((each.title for each in self.generators if each.name == name), name)
        self._result = None
        self._workspace.add(result, self._titled(title, result))
        return True

    @Slot()
    def drop(self) -> None:
        """Give up what is asked and what is on trial; the mask stays."""
        self.cancel()
        if self.result is not None:
            self._workspace.lift()
        self._result = None
        self.changed.emit()

    def cancel(self) -> None:
        """Give up the request that is under way; what is on trial stays."""
        if self._job is not None:
            self._job.cancel()
        self._job = None
        if self.under_way:
            self._asked = -1
            self.busy_changed.emit(False)

    @Slot()
    def _opened(self) -> None:
        """Another radiograph is open, or none."""
        self.drop()

    @Slot()
    def _settled(self) -> None:
        """The mask is another one."""
        self.drop()

    def _titled(self, generator: str, result: Result) -> str:  # noqa: ARG002
        """What the list of edits calls an answer."""
        return generator

    @abstractmethod
    def _missing(self, session: Session) -> str:
        """What the user has to do first, or ""."""

    @abstractmethod
    def _region(self, session: Session) -> Region:
        """What the request is about."""

    @Slot(object)
    def _take(self, result: Result) -> None:
        if result.number != self._asked:
            return
        self._asked, self._job = -1, None
        self.busy_changed.emit(False)
        self.show(result)

    @Slot(object)
    def _touched(self, _boxes: object) -> None:
        """Something else was shown in the place of what was on trial."""
        if self._result is not None and self.result is None:
            self._result = None
            self.changed.emit()

    @Slot(int, object)
    def _failed(self, number: int, _fault: Exception) -> None:
        if number == self._asked:
            self._asked, self._job = -1, None
            self.busy_changed.emit(False)
