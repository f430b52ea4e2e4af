"""The selected edit: taken in the list, on the panes or by key, outlined, brought to the middle, removed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from cxr_studio.generation.edit import Edit
from cxr_studio.ui.edits.outlines import edit_at, edit_lines
from cxr_studio.ui.shell.workspace import Workspace
from cxr_studio.ui.tools.pointer import Point


class EditsController(QObject):
    """Acts on the workspace's one selection.

    Args:
        workspace: Whose edits.
        clear: Empties the mask.

    Attributes:
        outlined: Whether every edit has its outline.
        selects_first: Asked with a clicked point before the edits are; one that takes it returns True.
        removes_first: Asked before an edit is removed; one that has removed something returns True.

    Signals:
        lines_changed: (tuple of Guide) outlines and numbers to draw over the panes.
        centre_wanted: (y, x) the panes are to show this image point in their middle.
    """

    lines_changed = Signal(object)
    centre_wanted = Signal(float, float)

    def __init__(self, workspace: Workspace, clear: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._clear = clear
        self.outlined = False
        self.selects_first: list[Callable[[Point], bool]] = []
        self.removes_first: list[Callable[[], bool]] = []
        workspace.edits_changed.connect(self._draw)
        workspace.selection_changed.connect(self._draw)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Of the open radiograph, oldest first."""
        session = self._workspace.session
        return () if session is None else session.edits

    def set_outlined(self, on: bool) -> None:
        """Draw the outline and the number of every edit, or of the selected one alone."""
        self.outlined = on
        self._draw()

    def select_at(self, point: Point) -> None:
        """Select the topmost edit here, or nothing."""
        if any(taken(point) for taken in self.selects_first):
            return
        found = edit_at(self.edits, point)
        self._workspace.select(None if found is None else found.number)

    def pick(self, number: int | None) -> None:
        """Select an edit and bring it to the middle of the panes."""
        self._workspace.select(number)
        for edit in self.edits:
            if edit.number == number:
                y0, x0, y1, x1 = edit.box
                self.centre_wanted.emit((y0 + y1) / 2, (x0 + x1) / 2)

    def step(self, places: int) -> None:
        """Pick the edit so many places after the selected one, in the order in which they were made."""
        numbers = [edit.number for edit in self.edits]
        if not numbers:
            return
        now = self._workspace.selected
        before = -1 if places > 0 else 0
        self.pick(numbers[((numbers.index(now) if now in numbers else before) + places) % len(numbers)])

    def remove(self) -> None:
        """Take the selected edit away; with none selected, empty the mask."""
        if any(removed() for removed in self.removes_first):
            return
        if self._workspace.selected is None:
            self._clear()
        else:
            self._workspace.remove(self._workspace.selected)

    @Slot()
    def deselect(self) -> None:
        """Select nothing."""
        self._workspace.select(None)

    @Slot()
    def _draw(self) -> None:
        self.lines_changed.emit(edit_lines(self.edits, self._workspace.selected, every=self.outlined))
