"""Opening, saving, exporting and leaving radiographs; reading goes on off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cxr_studio.errors import StudioError, WriteError
from cxr_studio.events import CancelToken, Progress
from cxr_studio.generation.export import export_provenance, refuse_original
from cxr_studio.generation.session import Session
from cxr_studio.generation.session_file import load_session, save_session
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.writing import write_radiograph
from cxr_studio.ui.document.folder import FileRing, radiographs_in, radiographs_of
from cxr_studio.ui.document.kinds import SESSION_SUFFIX, Kind, kind_of
from cxr_studio.ui.shell.background import Background, Task
from cxr_studio.ui.shell.memory import give_back
from cxr_studio.ui.shell.ports import Dialogs, Leave
from cxr_studio.ui.shell.workspace import Workspace

READ_FILTERS = (
    "Radiographs and sessions (*.dcm *.dicom *.png *.tif *.tiff *.jpg *.jpeg *.mha *.mhd *.cxrs)",
    "All files (*)",
)
SESSION_FILTERS = ("CXR Studio session (*.cxrs)",)
EXPORT_FILTERS = ("DICOM (*.dcm)", "PNG (*.png)", "TIFF (*.tif)", "MetaImage (*.mha)")


class DocumentController(QObject):
    """What happens to files.

    Signals:
        files_changed: (list of Path, index) the list that next and previous walk along.
        opened_path: (Path) a radiograph or session is open: for the recent files.
        told: (sentence) something went well and is worth a word.
        warned: (sentence) something failed.
    """

    files_changed = Signal(object, int)
    opened_path = Signal(object)
    told = Signal(str)
    warned = Signal(str)

    def __init__(
        self, workspace: Workspace, background: Background, dialogs: Dialogs, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._background = background
        self.dialogs = dialogs
        self._reading: Task | None = None
        self.ring = FileRing()

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
        """Open files or folders (as given, dropped or chosen): the first shows, next walks through the rest."""
        paths = [path.absolute() for path in paths]
        if not paths:
            return
        if len(paths) == 1 and kind_of(paths[0]) is not Kind.FOLDER:
            self._go(paths[0])
            return
        found = radiographs_of(paths)
        if not found:
            self.warned.emit(f"{paths[0].name}: no radiograph is in this folder.")
            return
        self._go(found[0], among=found)

    def step(self, places: int) -> None:
        """Open the next (1) or previous (-1) radiograph."""
        path = self.ring.beside(places)
        if path is not None:
            self._go(path, among=self.ring.paths)
        elif self.ring.paths:
            self.told.emit("This is the last radiograph." if places > 0 else "This is the first radiograph.")

    def pick(self, index: int) -> None:
        """Open the radiograph at this place of the list."""
        if 0 <= index < len(self.ring.paths) and index != self.ring.index:
            self._go(self.ring.paths[index], among=self.ring.paths)

    def save(self) -> bool:
        """Save the session where it was saved before, else ask where; False when it was not saved."""
        path = self._workspace.session_path
        return self._save(path) if path is not None else self.save_as()

    def save_as(self) -> bool:
        """Ask where to save the session."""
        if self._workspace.session is None:
            return False
        proposal = self._beside(SESSION_SUFFIX)
        path = self.dialogs.file_to_save("Save the session", proposal, SESSION_FILTERS)
        return path is not None and self._save(_with_suffix(path, SESSION_SUFFIX))

    def export_with_dialog(self) -> None:
        """Ask where to write the inpainted radiograph, in the format of the original unless another is chosen."""
        session = self._workspace.session
        if session is None:
            return
        own = {"dicom": ".dcm", "mha": ".mha", "tiff": ".tif"}.get(session.radiograph.source.format, ".png")
        filters = sorted(EXPORT_FILTERS, key=lambda each: own not in each)
        path = self.dialogs.file_to_save("Export the inpainted radiograph", self._beside(own, "-inpainted"), filters)
        if path is not None:
            self.export(_with_suffix(path, own))

    def export(self, path: Path) -> None:
        """Write the radiograph with its enabled edits; outside their masks it is bit-identical to the original."""
        session = self._workspace.session
        if session is None:
            return
        try:
            refuse_original(session, path)
        except StudioError as fault:
            self.warned.emit(str(fault))
            return
        stored, provenance = session.composite, export_provenance(session)
        if session.mask.any():
            self.told.emit("The fill on trial is not part of the export. Accept it first to keep it.")

        def work(_progress: Progress, _token: CancelToken) -> None:
            write_radiograph(path, session.radiograph, stored, provenance=provenance)

        self._background.run(
            f"Writing {path.name}",
            work,
            done=lambda _none: self.told.emit(f"Exported to {path.name}."),
            failed=self._tell,
        )

    def may_leave(self) -> bool:
        """Ask about unsaved work; True when the radiograph may be left."""
        if not self._workspace.dirty:
            return True
        match self.dialogs.ask_leave(self._workspace.name):
            case Leave.SAVE:
                return self.save()
            case Leave.DISCARD:
                return True
            case _:
                return False

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

    def _go(self, path: Path, among: Sequence[Path] | None = None) -> None:
        if not self.may_leave():
            return
        if self._reading is not None:
            self._reading.token.cancel()

        def work(_progress: Progress, _token: CancelToken) -> Session:
            session = load_session(path) if kind_of(path) is Kind.SESSION else Session(read_radiograph(path))
            give_back()
            return session

        self._reading = self._background.run(
            f"Opening {path.name}", work, done=self._opener(path, among), failed=self._tell
        )

    def _opener(self, path: Path, among: Sequence[Path] | None) -> Callable[[Session], None]:
        def opened(session: Session) -> None:
            self._reading = None
            self._workspace.open(session, path if kind_of(path) is Kind.SESSION else None)
            if among is None:
                self._list_around(session.radiograph.source.path)
            else:
                self.ring.set_paths(among, path)
                self.files_changed.emit(self.ring.paths, self.ring.index)
            self.opened_path.emit(path)
            for note in session.radiograph.notes:
                self.told.emit(note)

        return opened

    def _list_around(self, path: Path | None) -> None:
        if path is None:
            return
        self.ring.set_paths(radiographs_in(path.parent), path)
        self.files_changed.emit(self.ring.paths, self.ring.index)

    def _save(self, path: Path) -> bool:
        session = self._workspace.session
        if session is None:
            return False
        try:
            save_session(path, session)
        except WriteError as fault:
            self._tell(fault)
            return False
        self._workspace.saved(path)
        self.opened_path.emit(path)
        self.told.emit(f"Saved to {path.name}.")
        return True

    def _beside(self, suffix: str, ending: str = "") -> Path:
        session = self._workspace.session
        source = None if session is None else session.radiograph.source.path
        origin = source or Path.home() / "radiograph"
        return origin.with_name(f"{origin.stem}{ending}{suffix}")

    def _tell(self, fault: Exception) -> None:
        self._reading = None
        if not isinstance(fault, StudioError):
            raise fault
        self.warned.emit(str(fault))


def _with_suffix(path: Path, suffix: str) -> Path:
    return path if path.suffix else path.with_name(path.name + suffix)
