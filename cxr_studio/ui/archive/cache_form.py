"""Where retrieved radiographs are kept, and how much of them."""

from __future__ import annotations

from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QWidget

from cxr_studio.ui.program.folder_field import FolderField


class CacheForm(QWidget):
    """Folder and limit of the cache.

    Args:
        folder: "" for the program's own.
        limit: Gigabytes.
    """

    def __init__(self, folder: str, limit: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = FolderField(folder, title="Choose a folder for retrieved radiographs")
        self._folder.setToolTip("Empty: the program's own cache folder")
        self._limit = QDoubleSpinBox()
        self._limit.setRange(0.1, 10_000)
        self._limit.setDecimals(1)
        self._limit.setValue(limit)
        self._limit.setSuffix(" GB")
        self._limit.setToolTip("Series that were opened longest ago go first; your edits stay")
        self._folder.set_hint("The program's own folder")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        for title, field in (("&Keep what is retrieved in", self._folder), ("at &most", self._limit)):
            label = QLabel(title)
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field, 1 if field is self._folder else 0)

    @property
    def folder(self) -> str:
        """The folder, "" for the program's own."""
        return self._folder.folder

    @property
    def limit(self) -> float:
        """Gigabytes."""
        return self._limit.value()
