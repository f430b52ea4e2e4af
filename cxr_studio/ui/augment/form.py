"""What to augment and how, as a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QWidget,
)

from cxr_studio.augmentation.options import Options
from cxr_studio.networks.card import Role
from cxr_studio.nodules.choices import Choices, read_densities, read_grades, read_margins
from cxr_studio.nodules.ct_library import Profile
from cxr_studio.nodules.margin import Margin
from cxr_studio.nodules.placement import CONTRASTS, DIAMETERS_PX
from cxr_studio.nodules.subtlety import GRADES
from cxr_studio.nodules.ways import ways
from cxr_studio.roles import offered
from cxr_studio.ui.augment.attribute_field import AttributeField
from cxr_studio.ui.augment.selection_field import SelectionField
from cxr_studio.ui.labels.form import FORMATS
from cxr_studio.ui.program.folder_field import FolderField
from cxr_studio.ui.shell.fields import in_order, in_row, number, set_span, span, whole

SIZES = (("As measured in ChestX-ray14, mm", "real"), ("Between, mm", "mm"), ("Between, pixels", "px"))
ENDINGS = (("PNG", ".png"), ("DICOM", ".dcm"), ("MetaImage", ".mha"))
MOST = 10_000_000
PLANNED = {"margin": "margins", "density": "densities", "subtlety": "grades"}
"""Attribute → what a plan calls its distribution."""


@dataclass(frozen=True)
class Chosen:
    """What the form shows.

    Attributes:
        options: The augmentation.
        labels: Annotation formats.
        audit: Whether the set is audited afterwards.
    """

    options: Options
    labels: tuple[str, ...]
    audit: bool = False


class AugmentForm(QWidget):
    """Fields from top to bottom.

    Signals:
        changed: Something is another than before.

    Args:
        source: Folder to begin with, None for none.
        device: Where generators run.
    """

    changed = Signal()

    def __init__(self, source: Path | None, device: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._device = device
        self.source = FolderField(str(source or ""), title="Choose a folder of healthy radiographs")
        out = "" if source is None else str(source.with_name(f"{source.name}-augmented"))
        self.out = FolderField(out, title="Choose a new folder, or one to continue in")
        self.count = whole(1, MOST, 100)
        self.fewest, self.most = whole(1, 20, 1), whole(1, 20, 1)
        self.sizes = QComboBox()
        for title, key in SIZES:
            self.sizes.addItem(title, key)
        self.low, self.high = number(DIAMETERS_PX, 20), number(DIAMETERS_PX, 60)
        self.spacing = number((0, 2), 0, step=0.01, decimals=3)
        self.spacing.setSpecialValueText("refuse them")
        self.spacing.setSuffix(" mm per pixel")
        self.spacing.setToolTip("Diameters in mm need it; a size is never guessed")
        self.faint, self.strong = (number(CONTRASTS, 1.0, step=0.05, decimals=2) for _ in range(2))
        self.faint.setToolTip("Over the physical contrast, 1; not used for nodules whose subtlety is asked for")
        self.attributes = _attributes()
        self.selection = SelectionField()
        self.generator = QComboBox()
        for way in ways(offered(Role.INSERT)):
            self.generator.addItem(way.title, (way.generator, way.background))
            self.generator.setItemData(self.generator.count() - 1, way.words, Qt.ItemDataRole.ToolTipRole)
        self.ending = QComboBox()
        for title, suffix in ENDINGS:
            self.ending.addItem(title, suffix)
        self.labels = {key: QCheckBox(title) for key, title, _ in FORMATS}
        self.labels["coco"].setChecked(True)
        self.audit = QCheckBox("Audit the set afterwards")
        self.audit.setToolTip("Ask by what the drawn nodules could be told from the untouched radiographs")
        self.seed = whole(0, 2**31 - 1, 0)
        self.seed.setToolTip("The same seed makes the same set")
        self._lay_out()
        self.sizes.setCurrentIndex(2)
        self._follow()

    @property
    def chosen(self) -> Chosen:
        """What is shown."""
        generator, background = self.generator.currentData()
        kind = self.sizes.currentData()
        span = f"uniform:{self.low.value():g},{self.high.value():g}{kind}"
        options = Options(
            Path(self.source.folder).expanduser(),
            Path(self.out.folder).expanduser(),
            self.count.value(),
            "real" if kind == "real" else span,
            (self.fewest.value(), self.most.value()),
            (self.faint.value(), self.strong.value()),
            seed=self.seed.value(),
            ending=self.ending.currentData(),
            mm_per_pixel=self.spacing.value() or None,
            generator=generator,
            background=background,
            device=self._device,
            margin=self.attributes["margin"].text,
            density=self.attributes["density"].text,
            subtlety=self.attributes["subtlety"].text,
            **self.selection.options,
        )
        labels = tuple(key for key, box in self.labels.items() if box.isChecked())
        return Chosen(options, labels, self.audit.isChecked())

    def set_plan(self, values: dict[str, Any]) -> None:
        """Show the options of a plan that was written before; what it does not say stays."""
        sizes = values.get("diameters", {})
        measured = bool(sizes.get("values"))
        self.sizes.setCurrentIndex(self.sizes.findData("real" if measured else sizes.get("unit", "px")))
        self.count.setValue(int(values.get("count", self.count.value())))
        self.seed.setValue(int(values.get("seed", self.seed.value())))
        self.spacing.setValue(values.get("mm_per_pixel") or 0)
        if not measured and "low" in sizes:
            set_span(self.low, self.high, (sizes["low"], sizes["high"]))
        set_span(self.fewest, self.most, values.get("per_image", ()))
        set_span(self.faint, self.strong, values.get("contrast", ()))
        for name, key in PLANNED.items():
            if key in values:
                self.attributes[name].set_choices(Choices(tuple(values[key]["values"]), tuple(values[key]["weights"])))
        self.selection.set_plan(values.get("selection") or {})
        drawn = values.get("generator"), values.get("background")
        rows = [k for k in range(self.generator.count()) if self.generator.itemData(k) == drawn]
        self.generator.setCurrentIndex(rows[0] if rows else self.generator.currentIndex())
        self.ending.setCurrentIndex(max(0, self.ending.findData(values.get("ending"))))

    def is_understood(self) -> bool:
        """Whether all can be drawn from; if not, what is wrong is said below each field; the first has the focus."""
        fields: tuple[AttributeField | SelectionField, ...] = (*self.attributes.values(), self.selection)
        wrong = [field for field in fields if not field.is_understood()]
        if wrong:
            wrong[0].setFocus()
        return not wrong

    def _follow(self) -> None:
        for box in (self.sizes, self.generator, self.ending):
            box.currentIndexChanged.connect(lambda _index: self._changed())
        numbers = (self.count, self.fewest, self.most, self.low, self.high, self.faint, self.strong, self.spacing)
        for field in (*numbers, self.seed):
            field.valueChanged.connect(lambda _value: self._changed())
        for folder in (self.source, self.out):
            folder.changed.connect(lambda _path: self._changed())
        for attribute in self.attributes.values():
            attribute.changed.connect(self._changed)
        self.selection.changed.connect(self._changed)
        in_order(self.fewest, self.most)
        in_order(self.low, self.high)
        in_order(self.faint, self.strong)
        self._changed()

    def _changed(self) -> None:
        """Show what matters."""
        kind = self.sizes.currentData()
        for field in (self.low, self.high):
            field.setEnabled(kind != "real")
            field.setSuffix(" mm" if kind == "mm" else " px")
        self.spacing.setEnabled(kind != "px")
        for field in (self.faint, self.strong):
            field.setEnabled(self.attributes["subtlety"].leaves_open)
        self.changed.emit()

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(18)
        form.addRow("&Radiographs", self.source)
        form.addRow("&Folder of the set", self.out)
        form.addRow("Ima&ges", self.count)
        form.addRow("Nodules in each", span(self.fewest, self.most))
        form.addRow("&Diameters", self.sizes)
        form.addRow("", span(self.low, self.high))
        form.addRow("Without spacing", self.spacing)
        form.addRow("&Margin", self.attributes["margin"])
        form.addRow("D&ensity", self.attributes["density"])
        form.addRow("S&ubtlety", self.attributes["subtlety"])
        form.addRow("Contrast", span(self.faint, self.strong))
        form.addRow("Ge&nerator", self.generator)
        form.addRow("Se&lection", self.selection)
        form.addRow("&Image format", self.ending)
        form.addRow("Labels", in_row(*self.labels.values()))
        form.addRow("&Seed", self.seed)
        form.addRow("", self.audit)


def _attributes() -> Mapping[str, AttributeField]:
    """The fields of what is asked for by name."""
    margins, densities = (dict.fromkeys(map(str, kind), "") for kind in (Margin, Profile))
    grades = {"1-5": "All grades alike", **{str(grade): words for grade, words in GRADES.items()}}
    shares = "smooth:0.6, lobulated:0.3, spiculated:0.1", "solid:0.8, part-solid:0.2", "1:0.2, 2:0.8"
    reads = read_margins, read_densities, read_grades
    rows = zip(PLANNED, reads, (margins, densities, grades), shares, strict=True)
    return {name: AttributeField(name, read, values=values, example=share) for name, read, values, share in rows}
