"""Every step goes to the journal at once; what a kill left out of the session file is offered back."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from cxr_studio.errors import StudioError
from cxr_studio.generation.journal import Journal, Recovery, discard, recover, recoverable
from cxr_studio.ui.document.controller import DocumentController
from cxr_studio.ui.shell.workspace import Workspace

log = logging.getLogger("cxr_studio")


class RecoveryController(QObject):
    """Keeps the journal of the open session, and offers old ones.

    Signals:
        offered: (Recovery) work was left behind; the window asks Restore, Discard or Later.
        warned: (sentence) something failed.
    """

    offered = Signal(object)
    warned = Signal(str)

    def __init__(self, workspace: Workspace, documents: DocumentController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._documents = documents
        self._journal: Journal | None = None
        self._waiting: list[Recovery] = []
        self._moves = 0
        workspace.opened.connect(self._open)
        workspace.closed.connect(self.close)

    def look(self) -> None:
        """Offer the newest work that was left behind, if any."""
        self._waiting = recoverable()
        self._offer()

    def restore(self, recovery: Recovery) -> None:
        """Put that work back on the table; it is kept from then on."""
        if not self._documents.may_leave():
            return
        try:
            session = recover(recovery)
        except StudioError as fault:
            self.warned.emit(str(fault))
            return
        self._documents.adopt(session, None if recovery.session is None else Path(recovery.session))
        discard(recovery)
        self._next(recovery)

    def discard(self, recovery: Recovery) -> None:
        """Give that work up."""
        discard(recovery)
        self._next(recovery)

    def later(self, recovery: Recovery) -> None:
        """Keep it for the next start."""
        self._next(recovery)

    @Slot()
    def mark(self) -> None:
        """The session is being written as it is now."""
        self._moves = 0 if self._journal is None else self._journal.moves

    @Slot()
    def kept(self) -> None:
        """The session file has all steps up to the mark."""
        if self._journal is not None:
            self._journal.kept(self._moves)

    @Slot()
    def close(self) -> None:
        """The work is saved or given up: remove the journal."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None
        if self._workspace.session is not None:
            self._workspace.session.on_move = lambda _move, _step: None

    @Slot()
    def _open(self) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None
        session = self._workspace.session
        if session is None or session.radiograph.source.path is None:
            return
        try:
            self._journal = Journal(session, self._workspace.session_path)
        except (StudioError, OSError) as fault:
            log.info("No journal", exc_info=True)
            self.warned.emit(f"A crash may lose the last half second of your work ({fault}).")

    def _next(self, recovery: Recovery) -> None:
        self._waiting = [each for each in self._waiting if each.path != recovery.path]
        self._offer()

    def _offer(self) -> None:
        if self._waiting:
            self.offered.emit(self._waiting[0])
