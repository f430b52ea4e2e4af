"""Syn&Select: a detector that selects among several draws of an image, and which scores it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypedDict

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QVBoxLayout, QWidget

from cxr_studio.augmentation.selection import BAND, CANDIDATES, selection_of
from cxr_studio.detection.detector import detectors
from cxr_studio.errors import StudioError
from cxr_studio.ui.shell.fields import in_order, in_row, number, set_span, whole

NONE = "None: one draw of each image"
OTHER = "Another detector…"
FILTERS = "Detectors (*.safetensors *.onnx);;All files (*)"
TIP = "Syn&Select: of several draws of an image, keep one that this detector\nneither misses nor finds too easily"


class Asked(TypedDict):
    """What ``augmentation.options.Options`` takes of it."""

    select: str
    band: tuple[float, float]
    candidates: int


class SelectionField(QWidget):
    """A list of detectors; the scores that are kept show once one is chosen.

    Signals:
        changed: Something else is asked for.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.detector = QComboBox()
        self.detector.setToolTip(TIP)
        self.detector.setAccessibleName("Selection")
        self.detector.addItem(NONE, "")
        for found in detectors():
            self.detector.addItem(found.card.title, found.card.name)
            self.detector.setItemData(self.detector.count() - 1, found.card.data, Qt.ItemDataRole.ToolTipRole)
        self.detector.addItem(OTHER, None)
        self._before = 0
        self.low, self.high = (number((0, 1), score, step=0.05, decimals=2) for score in BAND)
        self.candidates = whole(2, 100, CANDIDATES)
        for field in (self.low, self.high):
            field.setToolTip("Scores of nodules that are kept, 0 (missed) to 1 (found with certainty)")
        self.candidates.setToolTip("Draws of an image at most; where none has such a score, the nearest is kept")
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setProperty("fault", True)
        self.words.hide()
        parts = (QLabel("Scores"), self.low, QLabel("to"), self.high, QLabel("of at most"), self.candidates)
        self._band = in_row(*parts, QLabel("draws"))
        self._lay_out()
        in_order(self.low, self.high)
        self.detector.activated.connect(self._chosen)
        for score in (self.low, self.high):
            score.valueChanged.connect(self._edited)
        self.candidates.valueChanged.connect(lambda _value: self.changed.emit())
        self._show()

    @property
    def options(self) -> Asked:
        """What is asked for."""
        band = round(self.low.value(), 2), round(self.high.value(), 2)
        return Asked(select=self.detector.currentData() or "", band=band, candidates=self.candidates.value())

    def set_options(self, select: str, band: tuple[float, float], candidates: int) -> None:
        """Ask for something else."""
        row = self.detector.findData(select)
        if row < 0:
            row = self._offer(select)
        self.detector.setCurrentIndex(row)
        self._before = row
        set_span(self.low, self.high, band)
        self.candidates.setValue(candidates)
        self.is_understood()
        self._show()

    def set_plan(self, planned: Mapping[str, Any]) -> None:
        """Ask for the selection of a plan; {} for none."""
        band = tuple(planned.get("band", BAND))
        self.set_options(planned.get("detector", ""), (band[0], band[1]), planned.get("candidates", CANDIDATES))

    def is_understood(self) -> bool:
        """Whether it can be selected by; if not, why is said below it."""
        fault, asked = "", self.options
        if asked["select"]:
            try:
                selection_of(asked["select"], band=asked["band"])
            except StudioError as found:
                fault = str(found)
        self.words.setText(fault)
        self.words.setVisible(bool(fault))
        return not fault

    def _offer(self, path: str) -> int:
        """Put a file's detector into the list, before the last row."""
        row = self.detector.count() - 1
        self.detector.insertItem(row, Path(path).name, path)
        self.detector.setItemData(row, path, Qt.ItemDataRole.ToolTipRole)
        return row

    def _chosen(self, row: int) -> None:
        if self.detector.itemData(row) is None:
            row = self._before
            path, _ = QFileDialog.getOpenFileName(self, "Choose a detector", "", FILTERS)
            if path:
                row = self.detector.findData(path)
                row = self._offer(path) if row < 0 else row
            with QSignalBlocker(self.detector):
                self.detector.setCurrentIndex(row)
        self._before = row
        self.is_understood()
        self._show()
        self.changed.emit()

    def _edited(self, _score: float) -> None:
        self.is_understood()
        self.changed.emit()

    def _show(self) -> None:
        self._band.setVisible(bool(self.detector.currentData()))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.detector, self._band, self.words):
            column.addWidget(part)
        self.setFocusProxy(self.detector)
