"""The lungs of the open radiograph: found when they are first needed, in the background."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from cxr_studio.events import CancelToken, Progress
from cxr_studio.masks.boxes import Mask
from cxr_studio.masks.outline import outlines
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.workspace import Workspace
from cxr_studio.ui.tools.guides import Trail


class LungsController(QObject):
    """Knows where the lungs are, and draws their outline when asked.

    Signals:
        lines_changed: (tuple of Trail) outlines to draw; empty for none.
        told: (sentence) what was found, or why nothing was.
        warned: (sentence) something failed.
    """

    lines_changed = Signal(object)
    told = Signal(str)
    warned = Signal(str)

    def __init__(self, workspace: Workspace, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._background = background
        self._mask: Mask | None = None
        self._asked: Radiograph | None = None
        self.shown = False
        workspace.opened.connect(self._reset)
        workspace.closed.connect(self._reset)

    @property
    def mask(self) -> Mask | None:
        """The lungs ``bool [H, W]``; None while they are not known or were not found."""
        return self._mask

    def want(self) -> None:
        """Find the lungs unless they are known or being looked for."""
        session = self._workspace.session
        if session is None or self._asked is session.radiograph:
            return
        radiograph = self._asked = session.radiograph

        def work(_progress: Progress, _token: CancelToken) -> object:
            from cxr_studio.nodules.lungs import lung_mask

            return lung_mask(radiograph)

        self._background.run(
            "Finding the lungs",
            work,
            done=lambda lungs: self._found(radiograph, lungs),
            failed=lambda fault: self.warned.emit(str(fault)),
        )

    def set_shown(self, shown: bool) -> None:
        """Draw the lungs' outline, or not."""
        self.shown = shown
        if shown:
            self.want()
        self._draw()

    def _found(self, radiograph: Radiograph, lungs: object) -> None:
        from cxr_studio.nodules.lungs import Lungs

        session = self._workspace.session
        if session is None or session.radiograph is not radiograph or not isinstance(lungs, Lungs):
            return
        self._mask = lungs.mask if lungs.found else None
        if self.shown or not lungs.found:
            self.told.emit(lungs.words)
        self._draw()

    def _draw(self) -> None:
        lines = outlines(self._mask) if self.shown and self._mask is not None else []
        self.lines_changed.emit(tuple(Trail(tuple(map(tuple, line.tolist())), closed=True) for line in lines))

    @Slot()
    def _reset(self) -> None:
        self._mask = self._asked = None
        if self.shown:
            self.want()
        self._draw()
