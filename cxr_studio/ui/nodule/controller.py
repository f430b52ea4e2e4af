"""Nodules on the radiograph: placed, moved and changed one at a time, each an edit of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cxr_studio.generation.edit import compose
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.result import Result
from cxr_studio.networks.card import Role
from cxr_studio.nodules.drawing_again import verdict_of
from cxr_studio.nodules.edits import nodule_at, placement_of
from cxr_studio.nodules.export import nodule_title
from cxr_studio.nodules.placement import NoduleRequest, Placement
from cxr_studio.nodules.ways import ways
from cxr_studio.radiographs.radiograph import Stored
from cxr_studio.roles import offered
from cxr_studio.ui.nodule.look import NoduleLook
from cxr_studio.ui.nodule.redrawing import Redrawing
from cxr_studio.ui.shell.engine_bridge import EngineBridge
from cxr_studio.ui.shell.workspace import Workspace
from cxr_studio.ui.tools.guides import Ring
from cxr_studio.ui.tools.pointer import Point

SETTLE_MS = 350
"""Changes by keys and fields that follow each other within so long are one step of the history."""


def inserters() -> tuple[GeneratorFacts, ...]:
    """The generators that draw nodules."""
    return offered(Role.INSERT)


class NoduleController(NoduleLook):
    """The nodule tool's target.

    Signals:
        placed: (y, x) a nodule was placed or moved there, pixels.
        warned: (sentence) something failed.
        busy_changed: (bool) whether a picture of a nodule is waited for.
        timed: (seconds) the newest picture took.
    """

    placed = Signal(float, float)
    busy_changed = Signal(bool)
    timed = Signal(float)
    warned = Signal(str)

    def __init__(
        self,
        workspace: Workspace,
        link: EngineBridge,
        parent: QObject | None = None,
        *,
        generators: Callable[[], tuple[GeneratorFacts, ...]] = inserters,
    ) -> None:
        super().__init__(ways(generators()), parent)
        self._workspace = workspace
        self._link = link
        self._number: int | None = None
        self._trial: Placement | None = None
        self._base: Stored | None = None
        self._grip = (0.0, 0.0)
        self._asked = -1
        self._placed: Result | None = None
        self._letting_go = False
        self._redrawing = Redrawing()
        self._seeds_used = False
        self._used_shape: int | None = None
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.release)
        link.answered.connect(self._take)
        link.failed.connect(self._failed)
        workspace.opened.connect(self._forget)
        workspace.closed.connect(self._forget)
        workspace.selection_changed.connect(self._selected)

    @property
    def diameter(self) -> float:
        """Of the next nodule, pixels."""
        return self.look.diameter

    @property
    def selected(self) -> int | None:
        """Number of the selected edit where that is a nodule."""
        return self._number

    @property
    def outline(self) -> Ring | None:
        """Around the nodule that is held or selected."""
        shown = self._trial or self._placement(self._number)
        return None if shown is None else Ring((shown.y, shown.x), shown.diameter / 2)

    def press(self, point: Point) -> None:
        """Take hold of the nodule here, or place one."""
        session = self._workspace.session
        if session is None:
            return
        self.finish()
        edit = nodule_at(session.edits, *point)
        self._workspace.select(None if edit is None else edit.number)
        found = self._placement(self._number)
        seed = self.look.seed + 1 if self._seeds_used else self.look.seed
        fresh = {"y": point[0], "x": point[1], "seed": seed, "shape_seed": self._next_shape()}
        start = replace(self.look, **fresh) if found is None else found  # type: ignore[arg-type]
        height, width = session.radiograph.shape
        if found is None and not (0 <= point[0] < height and 0 <= point[1] < width):
            return
        self.look = self._trial = start
        self._redrawing.begin()
        self._grip = start.y - point[0], start.x - point[1]
        if found is None:
            self._ask()
        self.changed.emit()

    def move(self, point: Point) -> None:
        """Move the nodule that is held; its centre stays on the image."""
        session = self._workspace.session
        if self._trial is None or session is None:
            return
        height, width = session.radiograph.shape
        y = min(max(point[0] + self._grip[0], 0.0), height - 1.0)
        x = min(max(point[1] + self._grip[1], 0.0), width - 1.0)
        self._change(y=y, x=x)

    def release(self) -> None:
        """Let the nodule go: one step of the history, as soon as its newest picture has come."""
        self._settle.stop()
        if self._trial is None:
            return
        if self._trial == self._placement(self._number):
            self.abandon()
            return
        self._letting_go = True
        self._keep()

    def abandon(self) -> None:
        """Put everything back to the last step; a mask is filled again, as its fill was taken away meanwhile."""
        session, shown = self._workspace.session, self._base is not None
        self._drop()
        if session is not None and shown:
            self._workspace.show_base(session.composite)
            if session.mask.any():
                self._workspace.mask_settled.emit()
        self.changed.emit()

    def cancel(self) -> None:
        """Give up what is on trial."""
        if self._trial is not None:
            self._link.cancel_live()
            self.abandon()

    def finish(self) -> None:
        """Keep what is on trial, as it is, if its picture is there, else put it back."""
        self._redrawing.forbid()
        if self._trial is not None:
            self.release()
        if self._trial is not None:
            self.abandon()

    def delete(self) -> None:
        """Remove the selected nodule."""
        self.finish()
        if self._number is not None:
            self._workspace.remove(self._number)

    def close(self) -> None:
        """Stop waiting."""
        self._settle.stop()

    def _adjusted(self, changes: dict[str, object]) -> None:
        held = self._trial or self._placement(self._number)
        super()._adjusted(changes)
        if held is not None:
            self._trial = held
            self._change(**changes)
            self._settle.start()

    def _change(self, **changes: object) -> None:
        if self._trial is not None:
            self._trial = self.look = replace(self._trial, **changes)  # type: ignore[arg-type]
            self._redrawing.begin()
            self._ask()
            self.changed.emit()

    def _ask(self) -> None:
        session = self._workspace.session
        if session is None or self._trial is None:
            return
        radiograph = session.radiograph
        if self._base is None:
            others = [edit for edit in session.edits if edit.number != self._number]
            self._base = session.composite if self._number is None else compose(radiograph.stored, others)
            self._base.setflags(write=False)
            self._workspace.show_base(self._base)
        self._asked, self._placed = session.next_number(), None
        self._link.submit_live(NoduleRequest(self._asked, session.view(self._base), self._trial))
        self.busy_changed.emit(True)

    @Slot(object)
    def _take(self, result: Result) -> None:
        if result.number == self._asked and self._trial is not None:
            self._placed = result
            self.busy_changed.emit(False)
            self.timed.emit(result.seconds)
            self._workspace.lay(result.patches)
            self._keep()

    def _keep(self) -> None:
        """Make it an edit when it has been let go and its picture is there."""
        session = self._workspace.session
        if not self._letting_go or session is None or self._placed is None or self._drawn_again(self._placed):
            return
        placed, trial = self._placed, self._trial
        assert trial is not None
        self._drop()
        self._used_shape = trial.shape_seed
        title = nodule_title(trial, session)
        if self._number is None:
            self._seeds_used = True
            self._number = session.add(placed, title).number
        else:
            session.exchange(self._number, placed, title=title)
        number = self._number
        self._workspace.edited(settled=bool(session.mask.any()))
        self._workspace.select(number)
        self.placed.emit(trial.y, trial.x)
        self.changed.emit()
        if told := " ".join(filter(None, (placed.message, self._redrawing.missed))):
            self.warned.emit(told)

    def _drawn_again(self, placed: Result) -> bool:
        """Draw it once more where it does not look as it should; ends with the best of what was drawn."""
        session, trial, base = self._workspace.session, self._trial, self._base
        if session is None or trial is None or base is None:
            return False
        verdict = partial(verdict_of, session.view(base), placed)
        trial, final = self._redrawing.step(trial, placed, verdict, there=self._number is not None)
        self._trial, self.look, self._placed = trial, trial, final
        if final is None:
            self._ask()
        return final is None

    def _next_shape(self) -> int | None:
        """The picked shape for the next nodule; the one after it when a nodule has it already."""
        picked = self.look.shape_seed
        return picked + 1 if picked is not None and picked == self._used_shape else picked

    def _placement(self, number: int | None) -> Placement | None:
        """How the nodule of an edit was placed; None for another kind of edit."""
        session = self._workspace.session
        if session is None or number is None:
            return None
        return next((placement_of(edit) for edit in session.edits if edit.number == number), None)

    @Slot()
    def _forget(self) -> None:
        self._drop()
        self._number = None
        self.changed.emit()

    def _drop(self) -> None:
        """Nothing is held or on trial any more."""
        self._trial, self._placed, self._base, self._letting_go = None, None, None, False
        self._settle.stop()
        self.busy_changed.emit(False)

    @Slot(object)
    def _selected(self, number: int | None) -> None:
        """Take the look of the selected nodule; another edit, or none, leaves the look of the next one as it is."""
        if number == self._number:
            return
        self.finish()
        found = self._placement(number)
        self._number = number if found is not None else None
        self.look = found or self.look
        self.changed.emit()

    @Slot(int, object)
    def _failed(self, number: int, fault: Exception) -> None:
        if number == self._asked and self._trial is not None:
            self.abandon()
            self.warned.emit(str(fault))
