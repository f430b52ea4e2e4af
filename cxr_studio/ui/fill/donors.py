"""The user's own healthy radiographs as donors: their index is made in the background, then the fills take from it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from cxr_studio.events import CancelToken, Progress
from cxr_studio.ui.shell.background import Background, Task


class DonorsController(QObject):
    """Makes the index of the chosen folder, or renews it.

    Signals:
        changed: (folder) fills may take donors from it from now on; "" for none.
        told: (sentence) what was found.
        warned: (sentence) why the folder cannot be used.
    """

    changed = Signal(str)
    told = Signal(str)
    warned = Signal(str)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._task: Task | None = None
        self._folder = ""

    def use(self, folder: str) -> None:
        """Take donors from this folder too, once its index is made; "" takes none."""
        if folder == self._folder:
            return
        if self._task is not None:
            self._task.token.cancel()
        self._folder, self._task = folder, None
        self.changed.emit("")
        if folder:
            self._task = self._background.run(
                "Indexing healthy radiographs",
                lambda progress, token: _index(folder, progress, token),
                done=lambda words: self._made(folder, str(words)),
                failed=lambda fault: self._failed(folder, fault),
            )

    def _made(self, folder: str, words: str) -> None:
        if folder == self._folder:
            self.changed.emit(folder)
            self.told.emit(words)

    def _failed(self, folder: str, fault: Exception) -> None:
        if folder == self._folder:
            self._folder = ""
            self.warned.emit(str(fault))


def _index(folder: str, progress: Progress, token: CancelToken) -> str:
    """Make the index; returns a sentence on it."""
    from cxr_studio.donors.folder import build_index

    index = build_index(folder, progress=progress, cancel=token)
    words = f"Donors also come from {len(index.entries)} healthy radiographs in {index.folder.name}"
    return f"{words}; {len(index.refused)} files were skipped." if index.refused else f"{words}."
