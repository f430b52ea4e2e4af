"""What to augment and how, as a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from cxr_studio.augmentation.options import Options
from cxr_studio.networks.card import Role
from cxr_studio.nodules.placement import CONTRASTS, DIAMETERS_PX
from cxr_studio.nodules.ways import ways
from cxr_studio.roles import offered
from cxr_studio.ui.labels.form import FORMATS
from cxr_studio.ui.program.folder_field import FolderField

SIZES = (("As measured in ChestX-ray14, mm", "real"), ("Between, mm", "mm"), ("Between, pixels", "px"))
ENDINGS = (("PNG", ".png"), ("DICOM", ".dcm"), ("MetaImage", ".mha"))
MOST = 10_000_000


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
        self.count = _whole(1, MOST, 100)
        self.fewest, self.most = _whole(1, 20, 1), _whole(1, 20, 1)
        self.sizes = QComboBox()
        for title, key in SIZES:
            self.sizes.addItem(title, key)
        self.low, self.high = _number(DIAMETERS_PX, 20), _number(DIAMETERS_PX, 60)
        self.spacing = _number((0, 2), 0, step=0.01, decimals=3)
        self.spacing.setSpecialValueText("refuse them")
        self.spacing.setSuffix(" mm per pixel")
        self.spacing.setToolTip("Diameters in mm need it; a size is never guessed")
        self.faint, self.strong = (_number(CONTRASTS, 1.0, step=0.05, decimals=2) for _ in range(2))
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
        self.seed = _whole(0, 2**31 - 1, 0)
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
            _set_span(self.low, self.high, (sizes["low"], sizes["high"]))
        _set_span(self.fewest, self.most, values.get("per_image", ()))
        _set_span(self.faint, self.strong, values.get("contrast", ()))
        drawn = values.get("generator"), values.get("background")
        rows = [k for k in range(self.generator.count()) if self.generator.itemData(k) == drawn]
        self.generator.setCurrentIndex(rows[0] if rows else self.generator.currentIndex())
        self.ending.setCurrentIndex(max(0, self.ending.findData(values.get("ending"))))

    def _follow(self) -> None:
        for box in (self.sizes, self.generator, self.ending):
            box.currentIndexChanged.connect(lambda _index: self._changed())
        numbers = (self.count, self.fewest, self.most, self.low, self.high, self.faint, self.strong, self.spacing)
        for field in (*numbers, self.seed):
            field.valueChanged.connect(lambda _value: self._changed())
        for folder in (self.source, self.out):
            folder.changed.connect(lambda _path: self._changed())
        _in_order(self.fewest, self.most)
        _in_order(self.low, self.high)
        _in_order(self.faint, self.strong)
        self._changed()

    def _changed(self) -> None:
        """Show what matters."""
        kind = self.sizes.currentData()
        for field in (self.low, self.high):
            field.setEnabled(kind != "real")
            field.setSuffix(" mm" if kind == "mm" else " px")
        self.spacing.setEnabled(kind != "px")
        self.changed.emit()

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(18)
        form.addRow("&Radiographs", self.source)
        form.addRow("&Folder of the set", self.out)
        form.addRow("Ima&ges", self.count)
        form.addRow("Nodules in each", _span(self.fewest, self.most))
        form.addRow("&Diameters", self.sizes)
        form.addRow("", _span(self.low, self.high))
        form.addRow("Without spacing", self.spacing)
        form.addRow("Contrast", _span(self.faint, self.strong))
        form.addRow("Ge&nerator", self.generator)
        form.addRow("&Image format", self.ending)
        form.addRow("Labels", _row(*self.labels.values()))
        form.addRow("&Seed", self.seed)
        form.addRow("", self.audit)


def _whole(low: int, high: int, value: int) -> QSpinBox:
    field = QSpinBox()
    field.setRange(low, high)
    field.setValue(value)
    return field


def _number(limits: tuple[float, float], value: float, *, step: float = 1.0, decimals: int = 1) -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    field.setDecimals(decimals)
    field.setRange(*limits)
    field.setSingleStep(step)
    field.setValue(value)
    return field


def _set_span(low: QSpinBox | QDoubleSpinBox, high: QSpinBox | QDoubleSpinBox, values: Sequence[float]) -> None:
    """Show two numbers, the larger first, as each takes the other along."""
    if len(values) == 2:
        for field, value in ((high, values[1]), (low, values[0]), (high, values[1])):
            if isinstance(field, QSpinBox):
                field.setValue(int(value))
            else:
                field.setValue(value)


def _in_order(low: QSpinBox | QDoubleSpinBox, high: QSpinBox | QDoubleSpinBox) -> None:
    """Of two numbers the smaller stays the first: each takes the other along."""
    low.valueChanged.connect(lambda value: high.setValue(max(value, high.value())))
    high.valueChanged.connect(lambda value: low.setValue(min(value, low.value())))


def _span(low: QWidget, high: QWidget) -> QWidget:
    return _row(low, QLabel("to"), high)


def _row(*parts: QWidget) -> QWidget:
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return whole
