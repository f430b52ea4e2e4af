"""A session: a radiograph with its painted mask, its edits and one history of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from cxr_studio.generation.edit import Edit, changed_box, compose, is_stale, make_edit
from cxr_studio.generation.history import History, Step
from cxr_studio.generation.options import Options
from cxr_studio.generation.request import ImageView, Region, Request
from cxr_studio.generation.result import Result
from cxr_studio.masks.boxes import EMPTY, Box, Mask, cut, is_empty, union
from cxr_studio.masks.history import MaskDelta, record
from cxr_studio.radiographs.radiograph import Radiograph, Stored

OptionsT = TypeVar("OptionsT", bound=Options)

Move = Literal["do", "undo", "redo"]
OnMove = Callable[[Move, Step], None]


class Session:
    """What a user works on. The mask is painted in place between ``begin_stroke`` and ``end_stroke``.

    Args:
        radiograph: The original.

    Attributes:
        radiograph: The original.
        mask: The painted mask ``bool [H, W]``.
        edits: The stack of edits, the first at the bottom.
        composite: The original with its enabled edits, stored values, read-only; another array after every change.
        history: Steps done and undone.
        on_move: Called after every step, undo and redo (the journal listens).
        unit: Pixel values that generators see as 0 and 1.
    """

    def __init__(self, radiograph: Radiograph) -> None:
        self.radiograph = radiograph
        self.mask: Mask = np.zeros(radiograph.shape, bool)
        self.edits: tuple[Edit, ...] = ()
        self.composite: Stored = radiograph.stored
        self.history = History()
        self.on_move: OnMove = lambda move, step: None  # noqa: ARG005
        self.unit = radiograph.unit_range
        self._before: NDArray[np.uint8] | None = None
        self._touched: Box = EMPTY
        self._saved: Step | None = None
        self._requests = 0

    @property
    def dirty(self) -> bool:
        """True when there are steps that are not saved."""
        return self._last_step is not self._saved

    def mark_saved(self, done: tuple[Step, ...] | None = None) -> None:
        """Take the present state for saved, or that after these steps."""
        self._saved = self._last_step if done is None else (done[-1] if done else None)

    def begin_stroke(self) -> None:
        """Remember the mask as it is; what is painted now is one step."""
        self._before = np.packbits(self.mask, axis=1)
        self._touched = EMPTY

    def touched(self, box: Box) -> None:
        """Tell that a rectangle of the mask has been painted."""
        self._touched = union(self._touched, box)

    def end_stroke(self, label: str) -> bool:
        """Keep the stroke as one step; returns False when it changed nothing."""
        before, box = self._before, self._touched
        self._before, self._touched = None, EMPTY
        if before is None or is_empty(box):
            return False
        return self._take(label, self._rows_before(before, box), box)

    def abandon_stroke(self) -> Box:
        """Put the mask back to where the stroke began; returns the rectangle that changed."""
        before, box = self._before, self._touched
        self._before, self._touched = None, EMPTY
        if before is not None and not is_empty(box):
            self.mask[cut(box)] = self._rows_before(before, box)
        return box

    def apply_mask(self, mask: Mask, label: str) -> bool:
        """Replace the mask as one step; returns False when it is the same."""
        height, width = self.mask.shape
        before = self.mask.copy()
        self.mask[...] = mask
        return self._take(label, before, (0, 0, height, width))

    def request(self, options: OptionsT, region: Region = None, *, beneath: int | None = None) -> Request[OptionsT]:
        """Make the next request.

        Args:
            options: Of the role that is asked.
            region: What it is about; a mask is copied.
            beneath: Number of an edit: the image is what lies under it, not the composite.
        """
        if isinstance(region, np.ndarray):
            region = region.copy()
            region.setflags(write=False)
        stored = self.composite if beneath is None else self.beneath(beneath)
        return Request(self.next_number(), self.view(stored), options, region)

    def view(self, stored: Stored) -> ImageView:
        """Stored values of the radiograph's shape as generators see them."""
        return ImageView(stored, self.radiograph.grey, self.unit, self.radiograph.spacing)

    def edit(self, number: int) -> Edit:
        """The edit of a number."""
        return self._find(number)[1]

    def next_number(self) -> int:
        """A generation number that no other request of this session has."""
        self._requests += 1
        return self._requests

    def accept(self, result: Result, title: str) -> Edit | None:
        """Make a fill of the present mask an edit and clear the mask, in one step; None for an empty mask."""
        if not self.mask.any():
            return None
        number = 1 + max((edit.number for edit in self.edits), default=0)
        edit = make_edit(number, title, self.mask, result, below=self.edits)
        painted = edit.painted
        painted.toggle(self.mask)
        self._do(Step(f"Accept {edit.title}", painted, self.edits, (*self.edits, edit)))
        return edit

    def add(self, result: Result, title: str, *, unpaint: bool = False) -> Edit:
        """Make an answer an edit of its own, on top of the others, in one step.

        Args:
            result: New stored values, taken over where the result has written.
            title: Words for the list.
            unpaint: Whether the painted mask is cleared in the same step; else it stays as it is.
        """
        number = 1 + max((edit.number for edit in self.edits), default=0)
        edit = make_edit(number, title, self._written(result), result, below=self.edits)
        painted = self._unpainted() if unpaint else None
        self._do(Step(f"Add {edit.title}", painted, self.edits, (*self.edits, edit)))
        return edit

    def add_all(self, results: Sequence[tuple[Result, str]], label: str) -> tuple[Edit, ...]:
        """Make several answers edits of their own, each upon those before it, in one step.

        Args:
            results: Answers with the words for the list.
            label: Of the step.
        """
        edits = self.edits
        for result, title in results:
            number = 1 + max((edit.number for edit in edits), default=0)
            edits = (*edits, make_edit(number, title, self._written(result), result, below=edits))
        added = edits[len(self.edits) :]
        if added:
            self._do(Step(label, None, self.edits, edits))
        return added

    def exchange(self, number: int, result: Result, *, title: str) -> Box:
        """Put another answer, elsewhere perhaps, in an edit's place; returns the rectangle that changed."""
        return self._replaced(number, result, "Change {}", title)

    def beneath(self, number: int) -> Stored:
        """The image under an edit: the original with the enabled edits below it."""
        place, _ = self._find(number)
        return compose(self.radiograph.stored, self.edits[:place])

    def enable(self, number: int, enabled: bool) -> Box:
        """Switch an edit on or off; returns the rectangle that changed."""
        place, edit = self._find(number)
        words = "Show" if enabled else "Hide"
        return self._change_edits(f"{words} {edit.title}", place, replace(edit, enabled=enabled))

    def rerun(self, number: int, result: Result) -> Box:
        """Put another answer in an edit's place; returns the rectangle that changed."""
        title = self.edit(number).title.rsplit(", ", 1)[0]
        return self._replaced(number, result, "Run {} again", title)

    def remove(self, number: int) -> Box:
        """Remove an edit; returns the rectangle that changed."""
        place, edit = self._find(number)
        return self._change_edits(f"Remove {edit.title}", place, None)

    def clear(self) -> Box:
        """Take all edits away and unpaint the mask, in one step; returns the rectangle that changed."""
        box, painted = changed_box(self.edits, ()), self._unpainted()
        if painted is not None or self.edits:
            self._do(Step("Remove all edits", painted, self.edits, ()))
        return box if painted is None else union(box, painted.box)

    def stale(self, number: int) -> bool:
        """True when an edit lies on others than it was made upon."""
        return is_stale(self._find(number)[1], self.edits)

    def undo(self) -> Step | None:
        """Take the last step back; returns it, or None."""
        step = self.history.back()
        if step is not None:
            self._show(step, step.before)
            self.on_move("undo", step)
        return step

    def redo(self) -> Step | None:
        """Take the last undone step again; returns it, or None."""
        step = self.history.forth()
        if step is not None:
            self._show(step, step.after)
            self.on_move("redo", step)
        return step

    def replay(self, step: Step) -> None:
        """Take a step that was recorded (journal, session file) on the state it was recorded in."""
        if step.painted is not None:
            step.painted.toggle(self.mask)
        self._do(step)

    @property
    def _last_step(self) -> Step | None:
        return self.history.done[-1] if self.history.done else None

    def _written(self, result: Result) -> Mask:
        return result.written.whole(self.radiograph.shape)

    def _replaced(self, number: int, result: Result, words: str, title: str) -> Box:
        place, edit = self._find(number)
        again = make_edit(number, title, self._written(result), result, below=self.edits[:place])
        return self._change_edits(words.format(edit.title), place, replace(again, enabled=edit.enabled))

    def _rows_before(self, packed: NDArray[np.uint8], box: Box) -> Mask:
        rows = np.unpackbits(packed[box[0] : box[2]], axis=1, count=self.mask.shape[1])
        return rows[:, box[1] : box[3]].astype(bool)

    def _unpainted(self) -> MaskDelta | None:
        height, width = self.mask.shape
        before = self.mask.copy()
        self.mask[...] = False
        return record(before, self.mask, (0, 0, height, width))

    def _take(self, label: str, before: Mask, box: Box) -> bool:
        painted = record(before, self.mask, box)
        if painted is None:
            return False
        self._do(Step(label, painted, self.edits, self.edits))
        return True

    def _change_edits(self, label: str, place: int, edit: Edit | None) -> Box:
        after = (*self.edits[:place], *(() if edit is None else (edit,)), *self.edits[place + 1 :])
        box = changed_box(self.edits, after)
        self._do(Step(label, None, self.edits, after))
        return box

    def _do(self, step: Step) -> None:
        self.history.add(step)
        self._set_edits(step.after)
        self.on_move("do", step)

    def _show(self, step: Step, edits: tuple[Edit, ...]) -> None:
        if step.painted is not None:
            step.painted.toggle(self.mask)
        self._set_edits(edits)

    def _set_edits(self, edits: tuple[Edit, ...]) -> None:
        if edits is not self.edits:
            self.edits = edits
            self.composite = compose(self.radiograph.stored, edits)

    def _find(self, number: int) -> tuple[int, Edit]:
        return next((place, edit) for place, edit in enumerate(self.edits) if edit.number == number)


def copied(session: Session) -> Session:
    """The same radiograph and edits, for another thread: no mask, no history."""
    copy = Session(session.radiograph)
    copy.edits, copy.composite, copy.unit = session.edits, session.composite, session.unit
    return copy
