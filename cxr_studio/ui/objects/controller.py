"""Writing the DICOM objects of the open radiograph into a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Slot

from cxr_studio.events import CancelToken, Progress
from cxr_studio.exchange.objects import Kind, Wanted, write_objects
from cxr_studio.ui.archive.parts import IMAGE, Part, frozen, parts_of
from cxr_studio.ui.jobs.job import Job, JobView
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.workspace import Workspace

NO_FOLDER = "Choose a folder first."
NO_KIND = "Tick at least one object."
NOT_ACCEPTED = "The fill has not been accepted and is not exported. Accept it to include it."


class ObjectsView(JobView, Protocol):
    """What the controller shows itself in."""

    def set_parts(self, parts: Sequence[Part]) -> None:
        """Show what can be written, each with a tick."""

    def set_start(self, title: str, *, ready: bool = True) -> None:
        """Name the button that writes, and say whether there is something to write."""

    def offer(self, folder: Path) -> None:
        """Offer to show a folder."""


class ObjectsController(QObject):
    """Writes the objects of the session as it is when the button is pressed.

    Args:
        workspace: The open radiograph; followed.
        background: Runs the work.
        view: Shows it.
        wanted: How objects are written, asked when they are: window, a detector's boxes.
    """

    def __init__(
        self,
        workspace: Workspace,
        background: Background,
        view: ObjectsView,
        *,
        wanted: Callable[[], Wanted] = Wanted,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._view = view
        self._wanted = wanted
        self.job = Job(background, view, self)
        for signal in (workspace.opened, workspace.closed, workspace.edits_changed, workspace.mask_settled):
            signal.connect(self.look)

    @Slot()
    def look(self) -> None:
        """Show what can be written of what is open now."""
        if self.job.running:
            return
        session = self._workspace.session
        parts = [] if session is None else parts_of(session, boxes=len(self._wanted().findings))
        self._view.set_parts(parts)
        self._view.set_start("Export", ready=any(not part.why for part in parts))
        unaccepted = session is not None and session.edits and session.mask.any()
        self._view.say(*([NOT_ACCEPTED] if unaccepted else []))

    def export(self, keys: Sequence[str], folder: str, *, reader: str = "") -> None:
        """Write what is ticked; objects of edits always come with the inpainted radiograph, which they refer to."""
        session = self._workspace.session
        kinds = tuple(kind for kind in Kind if kind in keys)
        if session is None or self.job.running:
            return
        if not (kinds or IMAGE in keys):
            self._view.say(NO_KIND)
            return
        if not folder:
            self._view.say(NO_FOLDER)
            return
        base = self._wanted()
        wanted = replace(base, kinds=kinds, observer=replace(base.observer, reader=reader.strip()))
        state, out = frozen(session), Path(folder).expanduser()

        def work(progress: Progress, token: CancelToken) -> list[Path]:
            return write_objects(state, out, wanted, progress=progress, cancel=token)

        def done(paths: list[Path]) -> None:
            files = "1 file" if len(paths) == 1 else f"{len(paths)} files"
            self._view.say(f"{files} written to {out}: {', '.join(path.name for path in paths)}.")
            self._view.offer(out)

        self.job.start("Writing DICOM objects", work, done=done)
