"""The dialog that writes DICOM objects into a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from cxr_studio.exchange.objects import Wanted
from cxr_studio.ui.archive.parts import Part
from cxr_studio.ui.archive.parts_table import PartsTable, parts_form, reader_field
from cxr_studio.ui.jobs.job_dialog import JobDialog, offer_folder
from cxr_studio.ui.objects.controller import ObjectsController
from cxr_studio.ui.program.folder_field import FolderField
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.workspace import Workspace

WIDTH = 760


class ObjectsDialog(JobDialog):
    """Ticks for the objects, the reader's name, and the folder.

    Args:
        background: Runs the work.
        workspace: The open radiograph; followed.
        folder: Where they go unless another folder is chosen.
        wanted: How objects are written, asked when they are.
        parent: The main window.
    """

    def __init__(
        self,
        background: Background,
        workspace: Workspace,
        folder: Path,
        *,
        wanted: Callable[[], Wanted] = Wanted,
        parent: QWidget | None = None,
    ) -> None:
        self.parts, self.reader = PartsTable(), reader_field()
        self.folder = FolderField(str(folder), title="Choose a folder for the DICOM objects")
        super().__init__(
            "Export DICOM objects",
            parts_form(self.parts, {"&Reader": self.reader, "&Folder": self.folder}),
            start="Export",
            parent=parent,
        )
        self.controller = ObjectsController(workspace, background, self, wanted=wanted, parent=self)
        self.started.connect(self.export)
        self.cancelled.connect(self.controller.job.cancel)
        self.controller.look()
        self.resize(WIDTH, self.sizeHint().height())

    def export(self) -> None:
        """Write what is ticked."""
        self.controller.export(self.parts.ticked, self.folder.folder, reader=self.reader.text())

    def set_parts(self, parts: Sequence[Part]) -> None:
        """Show what can be written."""
        self.parts.set_parts(parts)

    def offer(self, folder: Path) -> None:
        """Offer to show a folder."""
        offer_folder(self, folder)
