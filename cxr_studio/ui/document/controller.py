"""Opening and leaving radiographs; reading goes on off the GUI thread, and nothing is asked before it has ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cxr_studio.errors import StudioError
from cxr_studio.events import CancelToken, Progress
from cxr_studio.generation.session import Session
from cxr_studio.generation.session_file import load_session
from cxr_studio.ui.document.folder import FileRing, radiographs_in, radiographs_of
from cxr_studio.ui.document.keeping import KeepingController
from cxr_studio.ui.document.kept import Resumed
from cxr_studio.ui.document.kinds import Kind, kind_of
from cxr_studio.ui.shell.background import Background, Task
from cxr_studio.ui.shell.memory import give_back
from cxr_studio.ui.shell.ports import Dialogs, Leave
from cxr_studio.ui.shell.workspace import Workspace

READ_FILTERS = (
    "Radiographs and sessions (*.dcm *.dicom *.png *.tif *.tiff *.jpg *.jpeg *.mha *.mhd *.cxrs)",
    "All files (*)",
)


class DocumentController(QObject):
    """What is open. The radiographs of a folder are a project: each is opened with the work that was kept of it.

    Signals:
        files_changed: (list of Path, index) the list that next and previous walk along.
        opened_path: (Path) what the user asked for is open, a file or a folder: for the recent files.
        told: (sentence) something went well and is worth a word.
        warned: (sentence) something failed.

    Attributes:
        ring: The list that next and previous walk along.
        settle: Called before a radiograph is left: tools keep what they hold.
        resumed_at: Gives the name of the radiograph that was open last in a folder, "" where none was.
    """

    files_changed = Signal(object, int)
    opened_path = Signal(object)
    told = Signal(str)
    warned = Signal(str)

    def __init__(
        self, workspace: Workspace, background: Background, dialogs: Dialogs, *, keeping: KeepingController
    ) -> None:
        super().__init__(keeping.parent())
        self._workspace = workspace
        self._background = background
        self.dialogs = dialogs
        self.keeping = keeping
        self._reading: Task | None = None
        self.ring = FileRing()
        self.settle: Callable[[], object] = lambda: None
        self.resumed_at: Callable[[Path], str] = lambda _folder: ""

    def open_with_dialog(self) -> None:
        """Let the user choose a file."""
        path = self.dialogs.file_to_open("Open a radiograph or session", READ_FILTERS)
        if path is not None:
            self.open([path])

    def open_folder_with_dialog(self) -> None:
        """Let the user choose a folder."""
        path = self.dialogs.folder_to_open("Open a folder of radiographs")
        if path is not None:
            self.open([path])

    def open(self, paths: Sequence[Path]) -> None:
        """Open files or folders (as given, dropped or chosen).

        Of several files the first shows, and next walks through the rest; of a folder the one that was open last.
        """
        paths = [path.absolute() for path in paths]
        if not paths:
            return
        if len(paths) == 1 and kind_of(paths[0]) is not Kind.FOLDER:
            self._go(paths[0], asked=paths[0])
            return
        found = radiographs_of(paths)
        if not found:
            self.warned.emit(f"{paths[0].name}: no radiograph is in this folder.")
            return
        first, asked = found[0], None
        if len(paths) == 1:
            asked, name = paths[0], self.resumed_at(paths[0])
            first = next((path for path in found if path.name == name), first)
        self._go(first, among=found, asked=asked)

    def step(self, places: int) -> None:
        """Open the next (1) or previous (-1) radiograph."""
        path = self.ring.beside(places)
        if path is not None:
            self._go(path, among=self.ring.paths)
        elif self.ring.paths:
            self.told.emit("No further radiograph." if places > 0 else "No previous radiograph.")

    def pick(self, index: int) -> None:
        """Open the radiograph at this place of the list."""
        if 0 <= index < len(self.ring.paths) and index != self.ring.index:
            self._go(self.ring.paths[index], among=self.ring.paths)

    def save(self) -> bool:
        """Write the work at once; False when it was not written."""
        if self._workspace.session is None or not self.keeping.flush():
            return False
        path = self._workspace.session_path
        self.told.emit(f"Kept in {path.name}. Edits are kept as you go." if path else "There are no edits to keep.")
        return True

    def keep(self) -> bool:
        """Write what is not on disk yet, without a word; False when that failed."""
        self.settle()
        return self.keeping.flush()

    def may_leave(self) -> bool:
        """Keep the work; True when the radiograph may be left. Asks only where the work could not be written."""
        if self.keep():
            return True
        answer = self.dialogs.ask_leave(self._workspace.name)
        return answer is Leave.DISCARD or (answer is Leave.SAVE and self.keeping.flush())

    def close(self) -> bool:
        """Leave the radiograph; False when the user stays."""
        if not self.may_leave():
            return False
        self._workspace.close()
        return True

    def adopt(self, session: Session, session_path: Path | None) -> None:
        """Put a session that was made elsewhere (recovery) on the table."""
        self._workspace.open(session, session_path)
        self._list_around(session.radiograph.source.path)

    def _go(self, path: Path, *, among: Sequence[Path] | None = None, asked: Path | None = None) -> None:
        if self._reading is not None:
            self._reading.token.cancel()

        def work(_progress: Progress, _token: CancelToken) -> Resumed:
            if kind_of(path) is Kind.SESSION:
                session = load_session(path)
                read = Resumed(session, path, tuple(session.radiograph.notes))
            else:
                read = self.keeping.sessions.resume(path)
            give_back()
            return read

        self._reading = self._background.run(
            f"Opening {path.name}", work, done=lambda read: self._opened(read, path, among, asked), failed=self._failed
        )

    def _opened(self, read: Resumed, path: Path, among: Sequence[Path] | None, asked: Path | None) -> None:
        self._reading = None
        if not self.may_leave():
            return
        if not self._is_open(read):
            self._workspace.open(read.session, read.kept)
        if among is None:
            self._list_around(read.session.radiograph.source.path)
        else:
            self.ring.set_paths(among, path)
            self.files_changed.emit(self.ring.paths, self.ring.index)
        if asked is not None:
            self.opened_path.emit(asked)
        for note in read.notes:
            self.told.emit(note)

    def _is_open(self, read: Resumed) -> bool:
        """Whether it is on the table already, where steps may have been taken since it was read."""
        session = self._workspace.session
        same = session is not None and session.radiograph.source == read.session.radiograph.source
        return same and read.kept in (None, self._workspace.session_path)

    def _list_around(self, path: Path | None) -> None:
        if path is None:
            return
        self.ring.set_paths(radiographs_in(path.parent), path)
        self.files_changed.emit(self.ring.paths, self.ring.index)

    def _failed(self, fault: Exception) -> None:
        self._reading = None
        if not isinstance(fault, StudioError):
            raise fault
        self.warned.emit(str(fault))
