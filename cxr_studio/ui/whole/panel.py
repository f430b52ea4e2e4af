"""The section of whole images: generators, seed and finding, buttons, and what is on trial in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_studio.ui.fill.generator_chooser import GeneratorChoice, GeneratorChooser
from cxr_studio.ui.shell.number_field import NumberField

BUTTONS = (
    ("run", "Redraw around the &box", "Keep the box and draw everything around it, six times (Ctrl+B)"),
    ("another", "&Others", "Draw around the box with the next six seeds (Ctrl+Shift+B)"),
    ("accept", "Acce&pt", "Keep the surroundings as an edit (Ctrl+Return)"),
    ("discard", "Disca&rd", "Put the surroundings back; the mask stays (Ctrl+Backspace)"),
)
TRANSLATE_BUTTONS = (
    ("run", "Translate", "Draw the chosen finding, or repair (Ctrl+R)"),
    ("accept", "Accept", "Keep the translation as an edit (Ctrl+Return)"),
    ("discard", "Discard", "Put the image back; the mask stays (Ctrl+Backspace)"),
)
OF_MASK = "Of the mask"
"""The box that is kept where none of a list is."""
LAST_SEED = 9999
SHORT = 14
"""Characters of a generator's title that the panel has room for at least; the list shows all of it."""


class SurroundPanel(QWidget):
    """Fields and buttons.

    Signals:
        generator_chosen: (name) another generator was chosen.
        seed_entered: (float) another seed was entered.
        box_chosen: (index) a box of the list; -1 for the one around the mask.
        boxes_wanted: Boxes are to be loaded.
        pressed: (name) of BUTTONS.
    """

    generator_chosen = Signal(str)
    seed_entered = Signal(float)
    box_chosen = Signal(int)
    boxes_wanted = Signal()
    pressed = Signal(str)

    def __init__(self, choices: list[GeneratorChoice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._generator = GeneratorChooser("Generator that draws around the box", "Generator of surroundings")
        self._generator.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._generator.setMinimumContentsLength(SHORT)
        self._generator.set_generators(choices, "")
        self._seed = NumberField("Seed of the surroundings", "Other seeds draw other surroundings")
        self._box = QComboBox()
        self._box.setToolTip("What stays as it is: the mask's bounding box, or a box of a list")
        self._box.setAccessibleName("Box that is kept")
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(SHORT // 2)
        self._load = QPushButton("Load…")
        self._load.setToolTip("Load boxes from a CSV or a COCO file (Ctrl+Shift+I)")
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setProperty("quiet", True)
        self._buttons: dict[str, QPushButton] = {}
        self._lay_out()
        self.set_boxes((), -1)
        self._generator.chosen.connect(self.generator_chosen)
        self._seed.entered.connect(self.seed_entered)
        self._box.activated.connect(lambda row: self.box_chosen.emit(row - 1))
        self._load.clicked.connect(self.boxes_wanted)

    def set_options(self, generator: str, seed: int) -> None:
        """Show generator and seed without a signal."""
        self._generator.set_generator(generator)
        self._seed.show_value(seed, (0, LAST_SEED), "")

    def set_boxes(self, titles: Sequence[str], current: int) -> None:
        """Offer the boxes of a list beside the mask's; -1 for the mask's. Without a signal."""
        self._box.clear()
        self._box.addItems([OF_MASK, *titles])
        self._box.setCurrentIndex(current + 1)

    def set_words(self, words: str) -> None:
        """Say what is on trial, or what to do first."""
        self._words.setText(words)

    def set_offers(self, **enabled: bool) -> None:
        """Enable what can be done, by the names of BUTTONS."""
        for name, button in self._buttons.items():
            button.setEnabled(enabled.get(name, False))

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow("Generator", self._generator)
        form.addRow("Seed", self._seed)
        boxes = QHBoxLayout()
        boxes.addWidget(self._box, 1)
        boxes.addWidget(self._load)
        form.addRow("Box", boxes)
        grid = QGridLayout()
        for place, (name, title, tip) in enumerate(BUTTONS):
            button = self._buttons[name] = QPushButton(title)
            button.setToolTip(tip)
            button.clicked.connect(lambda _checked=False, name=name: self.pressed.emit(name))
            if place == 0:
                grid.addWidget(button, 0, 0, 1, 3)
            else:
                grid.addWidget(button, 1, place - 1)
        self._buttons["run"].setProperty("primary", True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addLayout(grid)
        column.addWidget(self._words)


class TranslatePanel(QWidget):
    """What a radiograph is turned into.

    Signals:
        generator_chosen: (name) another generator was chosen.
        label_chosen: (label) a finding; "" for healthy.
        masked_set: (bool) whether only what lies inside the mask may change.
        pressed: (name) "run", "accept" or "discard".
    """

    generator_chosen = Signal(str)
    label_chosen = Signal(str)
    masked_set = Signal(bool)
    pressed = Signal(str)

    def __init__(self, choices: list[GeneratorChoice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._generator = GeneratorChooser("Generator that translates or repairs", "Generator of translations")
        self._generator.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._generator.setMinimumContentsLength(SHORT)
        self._generator.set_generators(choices, "")
        self._label = QComboBox()
        self._label.setToolTip("The finding to draw")
        self._masked = QCheckBox("Only inside the mask")
        self._masked.setToolTip("Only pixels inside the painted mask may change")
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setProperty("quiet", True)
        self._buttons: dict[str, QPushButton] = {}
        self._lay_out()
        self._generator.chosen.connect(self.generator_chosen)
        self._label.activated.connect(lambda: self.label_chosen.emit(self._label.currentData()))
        self._masked.clicked.connect(self.masked_set)

    def set_options(self, generator: str, labels: Sequence[str], label: str, *, masked: bool) -> None:
        """Show what is chosen, without a signal."""
        self._generator.set_generator(generator)
        self._label.clear()
        self._label.addItem("Healthy" if labels else "Repair without a mask", "")
        for each in labels:
            self._label.addItem(each, each)
        self._label.setCurrentIndex(max(self._label.findData(label), 0))
        self._masked.setChecked(masked)

    def set_offers(self, *, run: bool, trial: bool, words: str) -> None:
        """Enable what can be done, and say what is on trial or what to do first."""
        self._buttons["run"].setEnabled(run)
        self._buttons["accept"].setEnabled(trial)
        self._buttons["discard"].setEnabled(trial)
        self._words.setText(words)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow("Generator", self._generator)
        form.addRow("Draw", self._label)
        form.addRow(self._masked)
        row = QGridLayout()
        for place, (name, title, tip) in enumerate(TRANSLATE_BUTTONS):
            button = self._buttons[name] = QPushButton(title)
            button.setToolTip(tip)
            button.clicked.connect(lambda _checked=False, name=name: self.pressed.emit(name))
            row.addWidget(button, 0, place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addLayout(row)
        column.addWidget(self._words)
