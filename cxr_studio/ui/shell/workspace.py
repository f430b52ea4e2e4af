"""The open radiograph, and the one place that tells controllers and views what changed in it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cxr_studio.generation.history import Step
from cxr_studio.generation.result import Patch, Result
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import Box, Mask, is_empty
from cxr_studio.radiographs.radiograph import Stored
from cxr_studio.ui.shell.composite import Composite


class Workspace(QObject):
    """Holds one Session or none.

    Signals:
        opened: Another session is open.
        closed: None is.
        mask_touched: (Box) this rectangle of the mask changed.
        image_touched: (tuple of Box) these rectangles of the inpainted image changed.
        mask_settled: A step changed the mask as a whole (stroke end, undo, clear): a fill may follow.
        edits_changed: The stack of edits changed.
        selection_changed: (int or None) number of the selected edit; list, panes and keys all act on it.
        steps_changed: What can be undone or redone, or whether there is unsaved work, changed.

    Attributes:
        session_path: The .cxrs file of the session, or None.
    """

    opened = Signal()
    closed = Signal()
    mask_touched = Signal(object)
    image_touched = Signal(object)
    mask_settled = Signal()
    edits_changed = Signal()
    selection_changed = Signal(object)
    steps_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._composite: Composite | None = None
        self._selected: int | None = None
        self._whole: Result | None = None
        self.session_path: Path | None = None

    @property
    def session(self) -> Session | None:
        """The open session."""
        return self._session

    @property
    def composite(self) -> Composite | None:
        """The inpainted image as shown."""
        return self._composite

    @property
    def whole(self) -> Result | None:
        """The answer for the whole image that is shown on trial; None as soon as something else is shown."""
        return self._whole

    @property
    def name(self) -> str:
        """File name of the radiograph, "" without one."""
        path = None if self._session is None else self._session.radiograph.source.path
        return "" if path is None else path.name

    @property
    def dirty(self) -> bool:
        """True with unsaved work."""
        return self._session is not None and self._session.dirty

    @property
    def selected(self) -> int | None:
        """Number of the selected edit."""
        return self._selected

    def select(self, number: int | None) -> None:
        """Select an edit; None, or a number that there is not, selects nothing."""
        known = () if self._session is None else self._session.edits
        number = number if any(edit.number == number for edit in known) else None
        if number != self._selected:
            self._selected = number
            self.selection_changed.emit(number)

    def open(self, session: Session, session_path: Path | None = None) -> None:
        """Put another session on the table."""
        self.select(None)
        self._session = session
        self._composite = Composite(session.composite)
        self._whole = None
        self.session_path = session_path
        self.opened.emit()
        self.edits_changed.emit()
        self.steps_changed.emit()

    def close(self) -> None:
        """Clear the table."""
        self.select(None)
        self._session = self._composite = self.session_path = self._whole = None
        self.closed.emit()
        self.edits_changed.emit()
        self.steps_changed.emit()

    def touch(self, box: Box) -> None:
        """Pass on that a rectangle of the mask changed."""
        if not is_empty(box):
            self.mask_touched.emit(box)

    def settle(self) -> None:
        """Pass on that a step has been taken on the mask."""
        self.steps_changed.emit()
        self.mask_settled.emit()

    def replace_mask(self, mask: Mask, label: str) -> None:
        """Put another mask in place of the painted one as one step."""
        if self._session is not None and self._session.apply_mask(mask, label):
            height, width = mask.shape
            self.touch((0, 0, height, width))
            self.settle()

    def lay(self, patches: Iterable[Patch]) -> None:
        """Show a fill on trial."""
        self._whole = None
        if self._composite is not None:
            self.image_touched.emit(self._composite.lay(patches))

    def lay_whole(self, result: Result) -> None:
        """Show an answer for the whole image on trial."""
        self.lay(result.patches)
        self._whole = result

    def trim(self) -> None:
        """Take the fill on trial away where the mask has been erased, so that nothing outside it is changed."""
        if self._composite is not None and self._session is not None and self._composite.patches:
            self.image_touched.emit(self._composite.trim(self._session.mask))

    def lift(self) -> None:
        """Take what is on trial away."""
        self._whole = None
        if self._composite is not None and self._composite.patches:
            self.image_touched.emit(self._composite.lift())

    def show_base(self, base: Stored) -> None:
        """Show another image beneath the fill on trial, which is taken away: an edit is held, or let go."""
        self._whole = None
        if self._composite is not None:
            self.image_touched.emit(self._composite.rebase(base))

    def accept(self, result: Result, title: str) -> bool:
        """Make the fill of the present mask an edit and clear the mask, in one step."""
        if self._session is None:
            return False
        edit = self._session.accept(result, title)
        if edit is None:
            return False
        self.touch(edit.box)
        self.edited()
        return True

    def add(self, result: Result, title: str) -> None:
        """Make an answer for the whole image an edit and clear the mask that it was about, in one step."""
        if self._session is not None:
            about = result.provenance.box or result.provenance.mask_sha256
            height, width = self._session.mask.shape
            self._session.add(result, title, unpaint=bool(about))
            self.touch((0, 0, height, width))
            self.edited()

    def clear(self) -> None:
        """Take all edits and the mask away, in one step."""
        if self._session is not None:
            self.touch(self._session.clear())
            self.edited(settled=True)

    def enable(self, number: int, enabled: bool) -> None:
        """Switch an edit on or off."""
        if self._session is not None:
            self._session.enable(number, enabled)
            self.edited(settled=True)

    def remove(self, number: int) -> None:
        """Take an edit away."""
        if self._session is not None:
            self._session.remove(number)
            self.edited(settled=True)

    def rerun(self, number: int, result: Result) -> None:
        """Put another answer in an edit's place."""
        if self._session is not None:
            self._session.rerun(number, result)
            self.edited(settled=True)

    def undo(self) -> None:
        """Undo the last step."""
        if self._session is not None:
            self._moved(self._session.undo())

    def redo(self) -> None:
        """Redo the last undone step."""
        if self._session is not None:
            self._moved(self._session.redo())

    def saved(self, path: Path | None = None) -> None:
        """Pass on that the work is safe, in this session file."""
        self.session_path = path or self.session_path
        self.steps_changed.emit()

    def edited(self, *, settled: bool = False) -> None:
        """The session's edits have changed by a step; ``settled`` where the mask is to be filled again."""
        self._whole = None
        if self._session is not None and self._composite is not None:
            self.image_touched.emit(self._composite.rebase(self._session.composite))
        self.select(self._selected)
        self.edits_changed.emit()
        self.steps_changed.emit()
        if settled:
            self.mask_settled.emit()

    def _moved(self, step: Step | None) -> None:
        if step is None:
            return
        if step.painted is not None:
            self.touch(step.painted.box)
        if step.before is not step.after:
            self.edited(settled=True)
        else:
            self.settle()
