"""What a new study is, as a form."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QLineEdit, QWidget

from cxr_studio.studies.outline import Outline
from cxr_studio.ui.program.folder_field import FolderField
from cxr_studio.ui.shell.fields import in_row, span, whole

DESIGNS = (
    ("Pairs: which one is the original? (a hole is filled in the other)", "filled"),
    ("Pairs: which one has a nodule? (one is drawn into the other)", "nodule"),
    ("One at a time: real or fake? (filled holes)", "single"),
)
SCALES = (("None", 0), ("1 to 5", 5), ("1 to 10", 10))


class StudyForm(QWidget):
    """Fields from top to bottom.

    Args:
        source: Folder of radiographs to begin with, None for none.
        generators: Names and titles of what can fill holes.
    """

    def __init__(self, source: Path | None, generators: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = FolderField(str(source or ""), title="Choose a folder of radiographs")
        out = "" if source is None else str(source.with_name(f"{source.name}-study"))
        self.out = FolderField(out, title="Choose a new folder for the study")
        self.design, self.generator, self.confidence = QComboBox(), QComboBox(), QComboBox()
        for title, key in DESIGNS:
            self.design.addItem(title, key)
        for name, title in generators:
            self.generator.addItem(title, name)
        for title, steps in SCALES:
            self.confidence.addItem(title, steps)
        self.pairs, self.readers, self.practice = whole(1, 10_000, 40), whole(1, 500, 8), whole(0, 200, 4)
        self.hole, self.low, self.high = whole(8, 512, 64, " px"), whole(4, 400, 20, " px"), whole(4, 400, 60, " px")
        self.mark = QCheckBox("Readers mark where they see it")
        self.catches = QCheckBox("Mix in a few changes that cannot be missed")
        self.title = QLineEdit()
        self.title.setPlaceholderText("As the design says")
        self.low.valueChanged.connect(lambda value: self.high.setValue(max(value, self.high.value())))
        self.high.valueChanged.connect(lambda value: self.low.setValue(min(value, self.low.value())))
        self.design.currentIndexChanged.connect(lambda _index: self._changed())
        self._lay_out()
        self._changed()

    @property
    def outline(self) -> Outline:
        """What is shown."""
        return Outline(
            self.design.currentData(),
            self.pairs.value(),
            self.readers.value(),
            self.practice.value(),
            generator=self.generator.currentData() or "",
            hole=self.hole.value(),
            diameter=f"uniform:{self.low.value()},{self.high.value()}px",
            confidence=self.confidence.currentData(),
            mark=self.mark.isChecked(),
            catches=self.catches.isChecked(),
            title=self.title.text(),
        )

    def _changed(self) -> None:
        nodules = self.design.currentData() == "nodule"
        for row, shown in ((self._fill, not nodules), (self._nodule, nodules)):
            self._form.setRowVisible(row, shown)

    def _lay_out(self) -> None:
        form = self._form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(18)
        self._fill = in_row(self.generator, QLabel("side of the hole"), self.hole)
        self._nodule = span(self.low, self.high)
        form.addRow("&Radiographs", self.source)
        form.addRow("&Folder of the study", self.out)
        form.addRow("&Design", self.design)
        form.addRow("Filled by", self._fill)
        form.addRow("Diameters", self._nodule)
        form.addRow("&Cases", self.pairs)
        form.addRow("R&eaders", self.readers)
        form.addRow("&Practice trials", self.practice)
        form.addRow("C&onfidence scale", self.confidence)
        form.addRow("", self.mark)
        form.addRow("", self.catches)
        form.addRow("&Title for readers", self.title)
