"""Sixteen small shapes to pick from, as in Shen et al.'s figure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_studio.masks.boxes import Mask
from cxr_studio.ui.theme import tokens

SIDE = 25
"""Side of a small shape in logical pixels."""

CELL = 30
"""Side of its cell."""

COLUMNS, ROWS = 8, 2

SHARPNESS = 2
"""Pixels of a small picture for each logical pixel, for fine screens."""

TIP = "Shape {}: click to use it at the same size; click again to return to the seed's shape"


class ShapeStrip(QWidget):
    """Two rows of shapes, and a button for others. Arrow keys move among them, Enter picks.

    Signals:
        picked: (int) seed of the shape that was clicked.
        fresh_wanted: Sixteen others are asked for.
    """

    picked = Signal(int)
    fresh_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seeds: tuple[int, ...] = ()
        self._hint = QLabel("Shape")
        self._hint.setProperty("quiet", True)
        self._fresh = QPushButton("&Fresh sixteen")
        self._fresh.setToolTip("Show sixteen new shapes; the nodule keeps its own (Shift+J)")
        self._fresh.clicked.connect(self.fresh_wanted)
        self._list = _cells()
        self._list.itemClicked.connect(self._choose)
        self._list.itemActivated.connect(self._choose)
        row = QHBoxLayout()
        row.addWidget(self._hint, 1)
        row.addWidget(self._fresh)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._list)

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds of the shapes shown."""
        return self._seeds

    @property
    def current(self) -> int | None:
        """Seed of the marked shape."""
        rows = [index.row() for index in self._list.selectedIndexes()]
        return self._seeds[rows[0]] if rows else None

    def set_shapes(self, seeds: Sequence[int], masks: Sequence[Mask]) -> None:
        """Show these shapes, none marked; each mask ``bool [h, w]`` fills its cell."""
        with QSignalBlocker(self._list):
            self._list.clear()
            self._seeds = tuple(seeds)
            for seed, mask in zip(seeds, masks, strict=True):
                item = QListWidgetItem(QIcon(_picture(mask)), "")
                item.setToolTip(TIP.format(seed))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"Shape {seed}")
                item.setData(Qt.ItemDataRole.UserRole, seed)
                self._list.addItem(item)

    def set_current(self, seed: int | None) -> None:
        """Mark the shape that the nodule has; None, or one that is not shown, marks nothing."""
        with QSignalBlocker(self._list):
            self._list.clearSelection()
            if seed in self._seeds:
                self._list.setCurrentRow(self._seeds.index(seed))
            else:
                self._list.setCurrentRow(-1)
        self._hint.setText("Shape chosen by seed" if seed is None else f"Shape {seed}")

    def click(self, place: int) -> None:
        """What a click on the shape at a place does."""
        self._choose(self._list.item(place))

    def _choose(self, item: QListWidgetItem) -> None:
        self.picked.emit(item.data(Qt.ItemDataRole.UserRole))


def _cells() -> QListWidget:
    cells = QListWidget()
    cells.setAccessibleName("Shapes")
    cells.setViewMode(QListView.ViewMode.IconMode)
    cells.setMovement(QListView.Movement.Static)
    cells.setResizeMode(QListView.ResizeMode.Adjust)
    cells.setUniformItemSizes(True)
    cells.setIconSize(QSize(SIDE, SIDE))
    cells.setGridSize(QSize(CELL, CELL))
    cells.setSpacing(0)
    cells.setFixedHeight(ROWS * CELL + 4)
    cells.setMinimumWidth(COLUMNS * CELL + 4)
    cells.setStyleSheet("QListView { padding: 1px; } QListView::item { padding: 2px; }")
    cells.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    cells.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return cells


def _picture(mask: Mask) -> QPixmap:
    """A mask in the colour of quiet words, as large as a cell allows."""
    alpha = np.ascontiguousarray(np.where(mask, 255, 0).astype(np.uint8))
    height, width = alpha.shape
    flat = QImage(alpha.data, width, height, width, QImage.Format.Format_Alpha8)
    size = QSize(SIDE * SHARPNESS, SIDE * SHARPNESS)
    small = flat.copy().scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    whole = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    whole.fill(Qt.GlobalColor.transparent)
    painter = QPainter(whole)
    painter.drawImage(QPoint((size.width() - small.width()) // 2, (size.height() - small.height()) // 2), small)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(whole.rect(), QColor(tokens.current().text))
    painter.end()
    return QPixmap.fromImage(whole)
