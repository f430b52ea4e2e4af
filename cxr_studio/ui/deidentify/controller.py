"""Exporting without the patient, and selecting text that is burned into the pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cxr_studio.errors import StudioError
from cxr_studio.events import CancelToken, Progress
from cxr_studio.exchange.deidentify_burned_in import BurnedIn, burned_in, burned_in_mask
from cxr_studio.exchange.deidentify_radiograph import Deidentification, default_table, exported, write_deidentified
from cxr_studio.generation.export import refuse_original
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.ports import Dialogs
from cxr_studio.ui.shell.workspace import Workspace

FILTERS = ("DICOM (*.dcm)", "PNG (*.png)", "TIFF (*.tif)", "MetaImage (*.mha)")
ENDINGS = {"dicom": ".dcm", "mha": ".mha", "tiff": ".tif"}
NOT_SURE = "Look at the image all the same: some may have been missed."


class DeidentifyController(QObject):
    """Both commands, on the radiograph as it is now.

    Signals:
        told: (sentence) something went well and is worth a word.
        warned: (sentence) something failed, or has to be looked at.

    Attributes:
        asked: Returns the profile and the table.
    """

    told = Signal(str)
    warned = Signal(str)

    def __init__(
        self, workspace: Workspace, background: Background, dialogs: Dialogs, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._background, self._dialogs = workspace, background, dialogs
        self.asked: Callable[[], Deidentification] = lambda: Deidentification(default_table())

    def select_text(self) -> None:
        """Add what looks like text or a marker to the mask."""
        session = self._workspace.session
        if session is None:
            return
        image = replace(session.radiograph, stored=session.composite)

        def found(regions: Sequence[BurnedIn]) -> None:
            if self._workspace.session is not session:
                return
            if not regions:
                self.told.emit(f"Nothing that looks like text or a marker was found. {NOT_SURE}")
                return
            mask = session.mask | burned_in_mask(regions, image.shape)
            self._workspace.replace_mask(mask, "Select burned-in text")
            self.told.emit(f"{_counted(regions)}. Take out what is anatomy with the eraser. {NOT_SURE}")

        def work(_progress: Progress, _token: CancelToken) -> tuple[BurnedIn, ...]:
            return burned_in(image)

        self._background.run("Looking for burned-in text", work, done=found, failed=self._failed)

    def export_with_dialog(self) -> None:
        """Ask where to write, in the format of the original unless another is chosen; the proposal names nobody."""
        session = self._workspace.session
        if session is None:
            return
        own = ENDINGS.get(session.radiograph.source.format, ".png")
        folder = (session.radiograph.source.path or Path.home() / "radiograph").parent
        filters = sorted(FILTERS, key=lambda each: own not in each)
        path = self._dialogs.file_to_save("Export without the patient", folder / f"deidentified{own}", filters)
        if path is not None:
            self.export(path if path.suffix else path.with_name(path.name + own))

    def export(self, path: Path) -> None:
        """Write the radiograph with its enabled edits, without its patient."""
        session, asked = self._workspace.session, self.asked()
        if session is None:
            return
        try:
            refuse_original(session, path)
        except StudioError as fault:
            self.warned.emit(str(fault))
            return
        result = exported(session)

        def work(_progress: Progress, _token: CancelToken) -> tuple[BurnedIn, ...]:
            write_deidentified(path, result, asked)
            return burned_in(replace(result.radiograph, stored=result.stored))

        def done(regions: Sequence[BurnedIn]) -> None:
            written = f"{path.name} is written without the patient"
            owner = f"Who is who stands in {asked.table}."
            if regions:
                counted = _counted(regions)
                found = f"{counted[:1].lower()}{counted[1:]}"
                self.warned.emit(f"{written}, but {found}: look at it before you hand it out. {owner}")
            else:
                self.told.emit(f"{written}. {owner}")

        self._background.run(f"Writing {path.name}", work, done=done, failed=self._failed)

    def _failed(self, fault: Exception) -> None:
        if not isinstance(fault, StudioError):
            raise fault
        self.warned.emit(str(fault))


def _counted(regions: Sequence[BurnedIn]) -> str:
    """``2 regions look like text``, ``1 region looks like a marker``, or both with how many are text."""
    texts = sum(region.kind == "text" for region in regions)
    some = "1 region looks" if len(regions) == 1 else f"{len(regions)} regions look"
    if texts in (0, len(regions)):
        return f"{some} like {'text' if texts else 'a marker'}"
    return f"{some} like text or a marker ({texts} like text)"
