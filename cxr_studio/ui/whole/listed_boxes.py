"""Boxes from a list: the radiologists' boxes of the open radiograph, one of which is kept."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from cxr_studio.datasets.entries import Finding, Manifest, Names
from cxr_studio.datasets.listed_size import scaled
from cxr_studio.datasets.opening import open_manifest
from cxr_studio.events import CancelToken, Progress
from cxr_studio.ui.shell.background import Background, Task
from cxr_studio.ui.shell.ports import Dialogs
from cxr_studio.ui.shell.workspace import Workspace
from cxr_studio.ui.whole.controller import SurroundController

FILTERS = ("Boxes and DICOM reports (*.csv *.json *.dcm *.dicom *.xml *.yaml)", "All files (*)")
NONE_HERE = "{list} has no box of {image}."
LOADED = "{list}: {count} of {image}."


class ListedBoxesController(QObject):
    """Reads a list once and offers its boxes of whichever radiograph is open.

    Signals:
        changed: The boxes of the open radiograph are other ones.
        told: (sentence) what the list has of it.
        warned: (sentence) the list cannot be read.

    Args:
        workspace: The open radiograph.
        background: Where the list is read.
        dialogs: Asks for the file.
        surrounding: Keeps the box that is chosen.

    Attributes:
        findings: The boxes of the open radiograph, in its own pixels.
    """

    changed = Signal()
    told = Signal(str)
    warned = Signal(str)

    def __init__(
        self,
        workspace: Workspace,
        background: Background,
        dialogs: Dialogs,
        *,
        surrounding: SurroundController,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._surrounding = surrounding
        self._workspace = workspace
        self._background = background
        self._dialogs = dialogs
        self._list = Path()
        self._manifest: Manifest | None = None
        self._reading: Task | None = None
        self.findings: tuple[Finding, ...] = ()
        for signal in (workspace.opened, workspace.closed):
            signal.connect(self._look)

    @property
    def current(self) -> int:
        """Place of the box that is kept, -1 where it is none of them."""
        session, kept = self._workspace.session, self._surrounding.listed
        if session is None or kept is None:
            return -1
        shape = session.radiograph.shape
        return next((k for k, each in enumerate(self.findings) if each.pixels(shape) == kept), -1)

    def choose(self, index: int) -> None:
        """Keep a box of the list; -1 for the painted mask's."""
        session = self._workspace.session
        if session is not None and index < len(self.findings):
            shape = session.radiograph.shape
            self._surrounding.take_box(self.findings[index].pixels(shape) if index >= 0 else None)

    def next(self) -> None:
        """Keep the next box of the list, after the last one the first."""
        if self.findings:
            self.choose((self.current + 1) % len(self.findings))

    def ask(self) -> None:
        """Let the user choose a list, and read it."""
        path = self._dialogs.file_to_open("Load boxes", FILTERS)
        if path is not None:
            self.load(path)

    def load(self, path: Path) -> None:
        """Read a list of boxes, of any kind that ``open_manifest`` knows, off the GUI thread."""
        session = self._workspace.session
        own = None if session is None else session.radiograph.source.path
        if self._reading is not None:
            self._reading.token.cancel()

        def read(_progress: Progress, _cancel: CancelToken) -> Manifest:
            return open_manifest(path, own.parent if own is not None and path.suffix.lower() != ".json" else None)

        def done(manifest: Manifest) -> None:
            self._list, self._manifest = path, manifest
            self._look()
            self._tell()
            self.choose(0)

        self._reading = self._background.run(
            f"Reading {path.name}", read, done=done, failed=lambda fault: self.warned.emit(str(fault))
        )

    @Slot()
    def _look(self) -> None:
        """Find the boxes of the open radiograph."""
        session, manifest = self._workspace.session, self._manifest
        found: tuple[Finding, ...] = ()
        if session is not None and manifest is not None:
            file = Names(entry.file for entry in manifest.entries).find(self._workspace.name)
            entry = next((each for each in manifest.entries if each.file == file), None)
            if entry is not None:
                longest = max(entry.width, entry.height)
                shape = session.radiograph.shape
                found = (scaled(entry, max(shape) / longest) if longest else entry).findings
        self.findings = tuple(each for each in found if session and each.pixels(session.radiograph.shape))
        self.changed.emit()

    def _tell(self) -> None:
        image, count = self._workspace.name or "this radiograph", len(self.findings)
        if not count:
            self.warned.emit(NONE_HERE.format(list=self._list.name, image=image))
        else:
            boxes = f"{count} box{'es' if count > 1 else ''}"
            self.told.emit(LOADED.format(list=self._list.name, count=boxes, image=image))


def words_of(finding: Finding) -> str:
    """``Nodule, 90 × 91 px``."""
    y0, x0, y1, x1 = finding.box
    return f"{finding.label.capitalize()}, {x1 - x0:.0f} × {y1 - y0:.0f} px"
