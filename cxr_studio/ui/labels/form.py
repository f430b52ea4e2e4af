"""What to export of a project, as a form."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QGridLayout, QWidget

from cxr_studio.augmentation.collecting import Wanted
from cxr_studio.ui.program.folder_field import FolderField

FORMATS = (
    ("coco", "COCO", "coco.json: boxes, silhouettes as run lengths, diameter in mm"),
    ("yolo", "YOLO", "labels/*.txt, lists by split and data.yaml"),
    ("voc", "Pascal VOC", "Annotations/*.xml, boxes 1-based and inclusive"),
    ("node21", "NODE21", "metadata.csv as in the challenge: boxes by their upper left corner, pixels"),
)
"""Annotation formats: name, title, what it writes."""

IMAGES = (("PNG", ".png"), ("As the radiograph", ""), ("DICOM", ".dcm"), ("MetaImage", ".mha"))


class LabelsForm(QWidget):
    """Radiographs, labels, format and folder.

    Args:
        name: Of the open radiograph, "" without one.
        count: Radiographs of the project.
        folder: Where it goes unless another folder is chosen.
    """

    def __init__(self, name: str, count: int, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scope = QComboBox()
        self._scope.addItem(f"The whole project ({count} radiographs)", True)
        if name:
            self._scope.addItem(f"Only {name}", False)
        self._labels = {key: _box(title, tip, on=key == "coco") for key, title, tip in FORMATS}
        self._images = QComboBox()
        for title, ending in IMAGES:
            self._images.addItem(title, ending)
        self._images.setToolTip("Format of the images; 16 bits stay 16 bits in all of them")
        self._fills = _box("Masks of filled and painted areas too", "filled/*.png and painted/*.png, 0 and 255")
        self._negatives = _box(
            "Radiographs without nodules too, as negatives", "Choose it when you have looked at all of them"
        )
        self._folder = FolderField(str(folder), title="Choose a new or empty folder")
        self._lay_out()

    @property
    def whole(self) -> bool:
        """Whether the whole project is wanted."""
        return bool(self._scope.currentData())

    @property
    def wanted(self) -> Wanted:
        """What is wanted."""
        labels = tuple(key for key, box in self._labels.items() if box.isChecked())
        ending, negatives = str(self._images.currentData()), self._negatives.isChecked()
        return Wanted(labels, ending, fills=self._fills.isChecked(), negatives=negatives)

    @property
    def folder(self) -> str:
        """Where it goes."""
        return self._folder.folder

    def choose(self, *, labels: tuple[str, ...], folder: str = "") -> None:
        """Tick these formats, and name the folder."""
        for key, box in self._labels.items():
            box.setChecked(key in labels)
        if folder:
            self._folder.set_folder(folder)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setVerticalSpacing(8)
        for place, box in enumerate(self._labels.values()):
            grid.addWidget(box, place // 2, place % 2)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(18)
        form.addRow("&Radiographs", self._scope)
        form.addRow("Labels", grid)
        form.addRow("&Images", self._images)
        form.addRow("", self._fills)
        form.addRow("", self._negatives)
        form.addRow("&Folder", self._folder)


def _box(title: str, tip: str, *, on: bool = False) -> QCheckBox:
    box = QCheckBox(title)
    box.setToolTip(tip)
    box.setChecked(on)
    return box
