"""Writing the inpainted radiograph, and a copy of its session."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cxr_studio.errors import StudioError
from cxr_studio.events import CancelToken, Progress
from cxr_studio.generation.export import export_provenance, refuse_original
from cxr_studio.generation.session_file import SUFFIX, snapshot, write_snapshot
from cxr_studio.radiographs.writing import write_radiograph
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.ports import Dialogs
from cxr_studio.ui.shell.workspace import Workspace

SESSION_FILTERS = ("CXR Studio session (*.cxrs)",)
EXPORT_FILTERS = ("DICOM (*.dcm)", "PNG (*.png)", "TIFF (*.tif)", "MetaImage (*.mha)")


class ExportController(QObject):
    """Files that the user asks for.

    Signals:
        told: (sentence) something went well and is worth a word.
        warned: (sentence) something failed.
    """

    told = Signal(str)
    warned = Signal(str)

    def __init__(
        self, workspace: Workspace, background: Background, dialogs: Dialogs, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._background = background
        self._dialogs = dialogs

    def save_copy(self) -> bool:
        """Ask where to write a copy of the session; the work stays where it is kept."""
        session = self._workspace.session
        if session is None:
            return False
        path = self._dialogs.file_to_save("Save a copy of the session", self._beside(SUFFIX), SESSION_FILTERS)
        if path is None:
            return False
        path = _with_suffix(path, SUFFIX)
        try:
            write_snapshot(path, snapshot(session))
        except StudioError as fault:
            self.warned.emit(str(fault))
            return False
        self.told.emit(f"A copy is in {path.name}.")
        return True

    def export_with_dialog(self) -> None:
        """Ask where to write the inpainted radiograph, in the format of the original unless another is chosen."""
        session = self._workspace.session
        if session is None:
            return
        own = {"dicom": ".dcm", "mha": ".mha", "tiff": ".tif"}.get(session.radiograph.source.format, ".png")
        filters = sorted(EXPORT_FILTERS, key=lambda each: own not in each)
        path = self._dialogs.file_to_save("Export the inpainted radiograph", self._beside(own, "-inpainted"), filters)
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
            self.told.emit("The fill has not been accepted and is not exported. Accept it to include it.")

        def work(_progress: Progress, _token: CancelToken) -> None:
            write_radiograph(path, session.radiograph, stored, provenance=provenance)

        self._background.run(
            f"Writing {path.name}",
            work,
            done=lambda _none: self.told.emit(f"Exported to {path.name}."),
            failed=self._failed,
        )

    def _beside(self, suffix: str, ending: str = "") -> Path:
        session = self._workspace.session
        source = None if session is None else session.radiograph.source.path
        origin = source or Path.home() / "radiograph"
        return origin.with_name(f"{origin.stem}{ending}{suffix}")

    def _failed(self, fault: Exception) -> None:
        if not isinstance(fault, StudioError):
            raise fault
        self.warned.emit(str(fault))


def _with_suffix(path: Path, suffix: str) -> Path:
    return path if path.suffix else path.with_name(path.name + suffix)
