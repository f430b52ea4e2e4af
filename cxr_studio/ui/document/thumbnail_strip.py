"""The radiographs of the open folder as a strip of small pictures, read off the GUI thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from cxr_studio.errors import StudioError
from cxr_studio.ui.document.badges import Badge, with_badge
from cxr_studio.ui.theme.icons import picture_icon

SIDE = 64
"""Side of a small picture in logical pixels."""

Load = Callable[[Path, int], Any]
"""Reads a small picture ``uint8 [h, w]``."""

Look = Callable[[Path], Badge]
"""Says what was done on a radiograph."""


class ThumbnailStrip(QListWidget):
    """A row of small pictures.

    Signals:
        chosen: (Path) the user wants this one.
    """

    chosen = Signal(object)
    _loaded = Signal(int, int, object)
    _looked = Signal(int, int, object)

    def __init__(self, load: Load, look: Look = lambda _path: Badge(), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self._load = load
        self._look = look
        self.paths: list[Path] = []
        self._pictures: list[QPixmap] = []
        self._badges: list[Badge] = []
        self._run = 0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setIconSize(QSize(SIDE, SIDE))
        self.setGridSize(QSize(SIDE + 44, SIDE + 26))
        self.setFixedHeight(SIDE + 42)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Radiographs of the folder")
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.itemActivated.connect(self._choose)
        self.itemClicked.connect(self._choose)
        self._loaded.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._looked.connect(self._mark, Qt.ConnectionType.QueuedConnection)

    def set_paths(self, paths: Sequence[Path]) -> None:
        """Show other files; pictures come as they are read."""
        self.stop()
        self.clear()
        self.paths = list(paths)
        blank = QPixmap(SIDE, SIDE)
        blank.fill(Qt.GlobalColor.transparent)
        self._pictures = [blank] * len(paths)
        self._badges = [Badge()] * len(paths)
        for path in paths:
            item = QListWidgetItem(QIcon(blank), path.name)
            item.setData(Qt.ItemDataRole.UserRole, path)
            item.setToolTip(str(path))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, path.name)
            self.addItem(item)
        self.setVisible(len(paths) > 1)
        if len(paths) > 1:
            self._run += 1
            self._stop = threading.Event()
            work = (self._run, tuple(paths), self._stop)
            self._thread = threading.Thread(target=self._read, args=work, name="thumbnails", daemon=True)
            self._thread.start()

    def mark(self, path: Path, badge: Badge) -> None:
        """Show what was done on a radiograph; nothing happens for one that is not in the strip."""
        if path in self.paths:
            self._mark(self._run, self.paths.index(path), badge)

    def set_current(self, path: Path | None) -> None:
        """Mark the open file."""
        for row in range(self.count()):
            if self.item(row).data(Qt.ItemDataRole.UserRole) == path:
                self.setCurrentRow(row)
                self.scrollToItem(self.item(row))
                return

    def stop(self) -> None:
        """End reading and wait for the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _read(self, run: int, paths: tuple[Path, ...], stop: threading.Event) -> None:
        for row, path in enumerate(paths):
            if stop.is_set():
                return
            badge = self._look(path)
            if badge.words and not stop.is_set():
                self._looked.emit(run, row, badge)
            try:
                picture = self._load(path, SIDE * 2)
            except (StudioError, OSError):
                continue
            if not stop.is_set():
                self._loaded.emit(run, row, picture)

    @Slot(int, int, object)
    def _show(self, run: int, row: int, picture: Any) -> None:
        if run != self._run or row >= self.count():
            return
        pixels = np.ascontiguousarray(picture)
        height, width = pixels.shape
        image = QImage(pixels.data, width, height, width, QImage.Format.Format_Grayscale8)
        self._pictures[row] = QPixmap.fromImage(image.copy())
        self._draw(row)

    @Slot(int, int, object)
    def _mark(self, run: int, row: int, badge: Badge) -> None:
        if run == self._run and row < self.count():
            self._badges[row] = badge
            self._draw(row)

    def _draw(self, row: int) -> None:
        badge, item, path = self._badges[row], self.item(row), self.paths[row]
        item.setIcon(picture_icon(with_badge(self._pictures[row], badge)))
        words = f"{path.name}: {badge.words}" if badge.words else path.name
        item.setToolTip(f"{path}\n{badge.words}" if badge.words else str(path))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
