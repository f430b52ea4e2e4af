"""The heart of the window: strokes ask, the newest answer shows, and the user keeps or drops it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from cxr_studio.generation.generators import GeneratorFacts, varied_by
from cxr_studio.generation.result import Result
from cxr_studio.networks.card import Role
from cxr_studio.restore.options import FillOptions
from cxr_studio.roles import offered
from cxr_studio.ui.fill.schedule import LiveSchedule
from cxr_studio.ui.shell.engine_bridge import EngineBridge
from cxr_studio.ui.shell.workspace import Workspace


def fillers() -> tuple[GeneratorFacts, ...]:
    """The generators that fill a mask."""
    return offered(Role.RESTORE)


class InpaintingController(QObject):
    """Asks the engine and lays its answers over the image.

    Signals:
        offered: (Result or None) the fill on trial that may be accepted; None when there is none.
        timed: (device, seconds) of the newest answer.
        asked: A request is under way.
        busy_changed: (bool) whether an answer is waited for.
        warned: (sentence) something failed or was done differently.
        options_changed: (FillOptions) the generator, the seed or a pasting option changed.
        live_changed: (bool) live inpainting was switched.

    Attributes:
        options: Generator, seed and pasting options of the next request.
    """

    offered = Signal(object)
    timed = Signal(str, float)
    asked = Signal()
    busy_changed = Signal(bool)
    warned = Signal(str)
    options_changed = Signal(object)
    live_changed = Signal(bool)

    def __init__(
        self,
        workspace: Workspace,
        link: EngineBridge,
        *,
        generators: Callable[[], tuple[GeneratorFacts, ...]] = fillers,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._link = link
        self.generators = generators()
        self.options = FillOptions(generator=self.generators[0].name)
        self._schedule = LiveSchedule()
        self._fill: Result | None = None
        self._title = ""
        self._current = False
        workspace.opened.connect(self._reset)
        workspace.closed.connect(self._reset)
        workspace.mask_settled.connect(self.settled)
        link.previewed.connect(self._preview)
        link.answered.connect(self._take)
        link.failed.connect(self._failed)

    @property
    def live(self) -> bool:
        """True when strokes ask by themselves."""
        return self._schedule.live

    @property
    def facts(self) -> GeneratorFacts:
        """The chosen generator."""
        return self.facts_of(self.options.generator)

    @property
    def varied(self) -> bool:
        """Whether other seeds give other anatomy, not other grain alone."""
        return self.facts.stochastic or varied_by(self.facts, self.generators).donors

    @property
    def fill(self) -> Result | None:
        """The fill on trial when it belongs to the mask as it is, else None."""
        return self._fill if self._current else None

    @property
    def under_way(self) -> bool:
        """True while a request has no answer."""
        return self._schedule.under_way

    def facts_of(self, name: str) -> GeneratorFacts:
        """Return what is known of a generator; of one that is gone, the name alone."""
        known = {facts.name: facts for facts in self.generators}
        return known.get(name) or replace(self.generators[0], name=name, title=name, card=None, checkpoint=None)

    def set_live(self, live: bool) -> None:
        """Switch live inpainting."""
        self._schedule.live = live
        self.live_changed.emit(live)
        if live and not self._current:
            self.settled()

    def set_options(self, options: FillOptions) -> None:
        """Take other options; another generator is warmed up, and the mask is filled again when live."""
        if options == self.options:
            return
        changed = options.generator != self.options.generator
        self.options = options
        if changed:
            self._link.warm_up(options.generator)
        self.options_changed.emit(options)
        self._stale()
        if self.live:
            self.run()

    def take_generator(self, name: str) -> None:
        """Take another generator with the options as they are; one that is not there is left aside."""
        if any(facts.name == name for facts in self.generators):
            self.set_options(replace(self.options, generator=name))

    def take_pasting(self, options: FillOptions) -> None:
        """Take everything but the generator."""
        self.set_options(replace(options, generator=self.options.generator))

    def take_donors(self, folder: str) -> None:
        """Let fills take donors from a folder too; "" for none."""
        self.set_options(replace(self.options, donors=folder))

    def next_seed(self) -> None:
        """Take the next seed."""
        self.set_options(replace(self.options, seed=self.options.seed + 1))

    def next_generator(self) -> None:
        """Take the next generator of the list, after the last one the first."""
        names = [facts.name for facts in self.generators]
        self.take_generator(names[(names.index(self.options.generator) + 1) % len(names)])

    @Slot()
    def stroked(self) -> None:
        """The mask changed and the stroke goes on: ask if the generator is fast enough."""
        if self._current:
            self._stale()
        if self._schedule.asks_while_stroking(self.options.generator):
            self._ask()

    @Slot()
    def settled(self) -> None:
        """The mask or what lies beneath it changed: ask if live; an empty mask has no fill."""
        self._stale()
        session = self._workspace.session
        if session is None or not session.mask.any():
            self.drop()
            return
        self._workspace.trim()
        if self.live:
            self._ask()

    @Slot()
    def run(self) -> None:
        """Ask now, live or not."""
        session = self._workspace.session
        if session is not None and session.mask.any():
            self._ask()

    def accept(self) -> bool:
        """Make the fill on trial an edit."""
        fill = self.fill
        if fill is None:
            return False
        self._fill, self._current = None, False
        self._forget()
        kept = self._workspace.accept(fill, self._title or self.facts_of(fill.provenance.generator).title)
        self.offered.emit(None)
        return kept

    def drop(self) -> None:
        """Forget the fill on trial; the mask stays."""
        self._forget()
        self._link.cancel_live()
        self._fill, self._current = None, False
        self._workspace.lift()
        self.offered.emit(None)

    def cancel(self) -> None:
        """Give up the request that is under way; the fill on trial stays."""
        if self.under_way:
            self._forget()
            self._link.cancel_live()

    def show(self, fill: Result, *, title: str = "") -> None:
        """Put another answer for the mask on trial in place of the fill.

        Args:
            fill: A variation, or what another generator made of the mask.
            title: Of its generator, where that is none of ``generators``.
        """
        self._fill, self._title, self._current = fill, title, True
        self._workspace.lay(fill.patches)
        self.offered.emit(fill)

    def _forget(self) -> None:
        """No answer is waited for any more."""
        self._schedule.drop_all()
        self.busy_changed.emit(False)

    def _stale(self) -> None:
        if self._current:
            self._current = False
            self.offered.emit(None)

    def _ask(self) -> None:
        session = self._workspace.session
        if session is None:
            return
        request = session.request(self.options, session.mask)
        self._schedule.asked(request.number)
        self._link.submit_live(request)
        self.asked.emit()
        self.busy_changed.emit(True)

    @Slot()
    def _reset(self) -> None:
        self._forget()
        self._link.cancel_live()
        self._fill, self._current = None, False
        self.offered.emit(None)
        self.settled()

    @Slot(object)
    def _preview(self, result: Result) -> None:
        """Show a smooth fill until the answer comes; it cannot be accepted."""
        if self._schedule.awaits(result.number):
            self._workspace.lay(result.patches)

    @Slot(object)
    def _take(self, result: Result) -> None:
        if not self._schedule.accepts(result.number):
            return
        self._schedule.note(result.provenance.generator, result.seconds)
        self._fill, self._title, self._current = result, "", True
        self._workspace.lay(result.patches)
        self.busy_changed.emit(False)
        self.timed.emit(result.device, result.seconds)
        self.offered.emit(result)
        if result.message:
            self.warned.emit(result.message)

    @Slot(int, object)
    def _failed(self, number: int, fault: Exception) -> None:
        self._schedule.gave_up(number)
        self.busy_changed.emit(self.under_way)
        self.warned.emit(str(fault))
