"""Writing the shown abnormality map, as the command line does."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cxr_studio.errors import StudioError
from cxr_studio.events import CancelToken, Progress
from cxr_studio.ui.highlight.controller import HighlightController
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.workspace import Workspace


class HighlightExport(QObject):
    """Writes overlay, map, hot spots and provenance.

    Signals:
        told: (sentence) what was written.
        warned: (sentence) why nothing was.
    """

    told = Signal(str)
    warned = Signal(str)

    def __init__(
        self, workspace: Workspace, highlight: HighlightController, background: Background, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._highlight = highlight
        self._background = background

    def write(self, folder: Path) -> None:
        """Write the complete map, of the shown kind at its threshold, into a folder."""
        made, kind, threshold = self._highlight.made, self._highlight.kind, self._highlight.threshold
        if made is None or not made.map.complete:
            return
        stem = Path(self._workspace.name or "radiograph").stem + ("-inpainted" if made.inpainted else "")

        def work(_progress: Progress, _token: CancelToken) -> list[Path]:
            from cxr_studio.quality.highlighting.export import Wanted, write_map

            return write_map(folder, made.radiograph, made.map, stem=stem, wanted=Wanted(kind, threshold))

        self._background.run("Writing the highlight", work, done=self._done, failed=self._fail)

    def _done(self, paths: list[Path]) -> None:
        self.told.emit(f"Written: {', '.join(path.name for path in paths)}.")

    def _fail(self, fault: Exception) -> None:
        if not isinstance(fault, StudioError):
            raise fault
        self.warned.emit(str(fault))
