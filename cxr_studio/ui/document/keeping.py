"""Edits are kept as you go: half a second after a step the session is on disk, and at once when it is left."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cxr_studio.errors import StudioError
from cxr_studio.events import CancelToken, Progress
from cxr_studio.generation.session import Session
from cxr_studio.generation.session_file import Snapshot, snapshot
from cxr_studio.ui.document.kept import KeptSessions, Written
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.workspace import Workspace

KEEP_MS = 500
"""Steps that follow each other within so long are written together."""


class KeepingController(QObject):
    """Writes the open session as it changes.

    Signals:
        begun: A snapshot of the session has been taken for writing.
        kept: (radiograph, session file) the work up to that snapshot is on disk.
        told: (sentence) something worth a word.
        warned: (sentence) the work cannot be kept.

    Args:
        workspace: Whose session.
        background: Writes it.
        sessions: Where.

    Attributes:
        sessions: Where sessions are.
        paused: Nothing is written (for pictures of the window).
    """

    begun = Signal()
    kept = Signal(object, object)
    told = Signal(str)
    warned = Signal(str)

    def __init__(
        self, workspace: Workspace, background: Background, sessions: KeptSessions, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._background = background
        self.sessions = sessions
        self.paused = False
        self._writing = False
        self._said: set[Path] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_MS)
        self._timer.timeout.connect(self._write)
        workspace.steps_changed.connect(self._changed)

    @property
    def place(self) -> Path | None:
        """The file in which the open session is kept, or will be."""
        session = self._workspace.session
        source = None if session is None else session.radiograph.source.path
        if source is None:
            return None
        return self._workspace.session_path or self.sessions.place(source)

    def flush(self) -> bool:
        """Write what is not on disk yet; False when that failed, which is told."""
        self._timer.stop()
        session, path = self._workspace.session, self.place
        if session is None or not session.dirty or self.paused:
            return True
        if path is None:
            return False
        self.begun.emit()
        taken, number = snapshot(session), self.sessions.number()
        try:
            written = self.sessions.write(taken, number, path)
        except StudioError as fault:
            self.warned.emit(str(fault))
            return False
        self._note(session, taken, path, written)
        return True

    @Slot()
    def _changed(self) -> None:
        if self._workspace.dirty and not self.paused and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _write(self) -> None:
        session, path = self._workspace.session, self.place
        if session is None or path is None or not session.dirty or self.paused:
            return
        if self._writing:
            self._timer.start()
            return
        self._writing = True
        self.begun.emit()
        taken, number = snapshot(session), self.sessions.number()

        def work(_progress: Progress, _token: CancelToken) -> Written:
            return self.sessions.write(taken, number, path)

        def done(written: Written) -> None:
            self._writing = False
            if self._workspace.session is session:
                self._note(session, taken, path, written)

        def failed(fault: Exception) -> None:
            self._writing = False
            if not isinstance(fault, StudioError):
                raise fault
            self.warned.emit(str(fault))

        self._background.run("Keeping the edits", work, done=done, failed=failed, quiet=True)

    def _note(self, session: Session, taken: Snapshot, wanted: Path, found: Written) -> None:
        """The snapshot is on disk."""
        written = found.path
        session.mark_saved(taken.done)
        source = taken.radiograph.source.path
        self._workspace.saved(written)
        self.kept.emit(source, written)
        if found.note:
            self.told.emit(found.note)
        if written != wanted and wanted.parent not in self._said:
            self._said.add(wanted.parent)
            self.told.emit(
                f"{wanted.parent.name}: the folder cannot be written. Your edits are kept in {written.parent}."
            )
