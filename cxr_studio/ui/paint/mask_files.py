"""The mask from a file and into one, by dialog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cxr_studio.errors import StudioError
from cxr_studio.ui.paint.controller import PaintingController
from cxr_studio.ui.shell.ports import Dialogs
from cxr_studio.ui.shell.workspace import Workspace

SAVED = ("Mask (*.png)",)
LOADED = ("Masks and DICOM segmentations (*.png *.tif *.tiff *.jpg *.jpeg *.bmp *.dcm *.dicom)", "All files (*)")


class MaskFiles:
    """Asks for a file, then reads or writes the mask.

    Args:
        workspace: Whose radiograph names the proposal.
        painting: Whose mask.
        dialogs: Asks for files.
        warn: Says what failed.
    """

    def __init__(
        self, workspace: Workspace, painting: PaintingController, *, dialogs: Dialogs, warn: Callable[[str], None]
    ) -> None:
        self._workspace = workspace
        self._painting = painting
        self._dialogs = dialogs
        self._warn = warn

    def load(self) -> None:
        """Take the mask from a file that the user chooses."""
        path = self._dialogs.file_to_open("Load a mask", LOADED)
        if path is not None:
            self._try(self._painting.load, path)

    def save(self) -> None:
        """Write the mask where the user chooses."""
        proposal = Path(self._workspace.name or "mask").with_suffix("").name + "-mask.png"
        path = self._dialogs.file_to_save("Save the mask", Path(proposal), SAVED)
        if path is not None:
            self._try(self._painting.save, path)

    def _try(self, work: Callable[[Path], None], path: Path) -> None:
        try:
            work(path)
        except StudioError as fault:
            self._warn(str(fault))
