"""The look of the next or selected nodule: diameter, contrast, margin, density, subtlety, turn, shape."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_studio.nodules.ct_library import Profile
from cxr_studio.nodules.margin import Margin
from cxr_studio.nodules.placement import CONTRASTS, DIAMETERS_PX, Placement
from cxr_studio.nodules.subtlety import GRADES
from cxr_studio.nodules.ways import Way, way_index
from cxr_studio.ui.fill.generator_chooser import SHORT, GeneratorChoice, GeneratorChooser
from cxr_studio.ui.nodule.options import subject_of

MARGINS: tuple[tuple[str, Margin | None], ...] = (
    ("Any", None),
    *((str(margin).capitalize(), margin) for margin in Margin),
)
DENSITIES: tuple[tuple[str, Profile | None], ...] = (
    ("Any", None),
    *((str(profile).capitalize(), profile) for profile in Profile),
)
SUBTLETIES: tuple[tuple[str, int | None], ...] = (
    ("Any", None),
    *((f"{grade} · {words}", grade) for grade, words in GRADES.items()),
)

BUTTONS = (
    (
        "reshape",
        "New &shape",
        "A different shape: a CT template from another side, or a generated shape (J)",
    ),
    ("turn", "&Turn", "Rotate by 15° (Y)"),
    ("flip", "M&irror", "Mirror left to right (Shift+Y)"),
    ("delete", "&Delete", "Remove the selected nodule (Delete)"),
)


class NodulePanel(QWidget):
    """Fields and buttons; the diameter is in millimetres where the radiograph says what a pixel is.

    Args:
        ways: In which nodules can be drawn.

    Signals:
        generator_changed: (generator, background) of a way.
        diameter_changed: (float) in pixels.
        contrast_changed: (float).
        margin_changed: (Margin or None).
        density_changed: (Profile or None).
        subtlety_changed: (grade or None).
        pressed: (name) of BUTTONS.

    Attributes:
        generator: The chooser of ways.
    """

    generator_changed = Signal(str, str)
    diameter_changed = Signal(float)
    contrast_changed = Signal(float)
    margin_changed = Signal(object)
    density_changed = Signal(object)
    subtlety_changed = Signal(object)
    pressed = Signal(str)

    def __init__(self, ways: tuple[Way, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ways = ways
        self._mm: float | None = None
        self._subject = QLabel()
        self._subject.setProperty("quiet", True)
        self.generator = GeneratorChooser("Nodule generator (Shift+G)", "Nodule generator", narrow=True)
        choices = [GeneratorChoice(str(at), way.title, way.words) for at, way in enumerate(ways)]
        self.generator.set_generators(choices, "")
        self._diameter = _spin(1, "Mean axis of the ellipse with the silhouette's second moments ([ and ])")
        self._contrast = _spin(2, "Contrast relative to the same tissue in this radiograph (, and .)")
        self._contrast.setRange(*CONTRASTS)
        self._contrast.setSingleStep(0.05)
        self._contrast.setSuffix(" ×")
        self._margin = _chooser(MARGINS, "Margin: shapes are drawn until one has it (Shift+E)")
        self._density = _chooser(DENSITIES, "Density: what the nodule is made of (Shift+N)")
        self._subtlety = _chooser(SUBTLETIES, "Subtlety: the contrast follows the grade (Shift+U)")
        self._buttons: dict[str, QPushButton] = {}
        self._lay_out()
        self._diameter.valueChanged.connect(lambda value: self.diameter_changed.emit(value / (self._mm or 1.0)))
        self._contrast.valueChanged.connect(self.contrast_changed)
        self.generator.chosen.connect(self._way_chosen)
        for chooser, signal in (
            (self._margin, self.margin_changed),
            (self._density, self.density_changed),
            (self._subtlety, self.subtlety_changed),
        ):
            chooser.activated.connect(lambda _at, chooser=chooser, signal=signal: signal.emit(chooser.currentData()))
        self.set_look(Placement(0, 0, 30), mm_per_pixel=None, selected=None)

    def set_look(self, look: Placement, *, mm_per_pixel: float | None, selected: int | None) -> None:
        """Show the look of the selected nodule, or (None) of the next, without a signal."""
        self._subject.setText(f"{subject_of(selected)}: changes apply to it.")
        self._mm = mm_per_pixel
        scale = mm_per_pixel or 1.0
        fields = (self._diameter, self._contrast, self._margin, self._density, self._subtlety)
        self.generator.set_generator(str(way_index(self._ways, look)))
        with ExitStack() as quiet:
            for field in fields:
                quiet.enter_context(QSignalBlocker(field))
            self._diameter.setSuffix(" px" if mm_per_pixel is None else " mm")
            self._diameter.setRange(DIAMETERS_PX[0] * scale, DIAMETERS_PX[1] * scale)
            self._diameter.setValue(look.diameter * scale)
            self._contrast.setValue(look.contrast)
            self._margin.setCurrentIndex([margin for _, margin in MARGINS].index(look.margin))
            self._density.setCurrentIndex([profile for _, profile in DENSITIES].index(look.profile))
            self._subtlety.setCurrentIndex([grade for _, grade in SUBTLETIES].index(look.subtlety))
        self._buttons["delete"].setEnabled(selected is not None)

    @property
    def generator_title(self) -> str:
        """What draws, as shown."""
        return self.generator.currentText()

    @property
    def diameter_text(self) -> str:
        """The diameter with its unit, as shown."""
        return self._diameter.text()

    def _way_chosen(self, at: str) -> None:
        way = self._ways[int(at)]
        self.generator_changed.emit(way.generator, way.background)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow("&Generator", self.generator)
        form.addRow("D&iameter", self._diameter)
        form.addRow("&Contrast", self._contrast)
        form.addRow("&Margin", self._margin)
        form.addRow("De&nsity", self._density)
        form.addRow("S&ubtlety", self._subtlety)
        grid = QGridLayout()
        for place, (name, title, tip) in enumerate(BUTTONS):
            button = self._buttons[name] = QPushButton(title)
            button.setToolTip(tip)
            button.clicked.connect(lambda _checked=False, name=name: self.pressed.emit(name))
            grid.addWidget(button, place // 2, place % 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._subject)
        column.addLayout(form)
        column.addLayout(grid)


def _chooser(entries: Sequence[tuple[str, object]], tip: str) -> QComboBox:
    chooser = QComboBox()
    chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    chooser.setMinimumContentsLength(SHORT)
    chooser.setToolTip(tip)
    for title, value in entries:
        chooser.addItem(title, value)
    return chooser


def _spin(decimals: int, tip: str) -> QDoubleSpinBox:
    spin = QDoubleSpinBox()
    spin.setDecimals(decimals)
    spin.setToolTip(tip)
    spin.setKeyboardTracking(False)
    return spin
