"""The sections of whole images: a form and buttons for each of its roles, and what is on trial in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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

from cxr_studio.ui.fill.generator_chooser import SHORT, GeneratorChoice, GeneratorChooser
from cxr_studio.ui.shell.number_field import NumberField

LAST_SEED = 9999

OF_MASK = "Of the mask"
"""The box that is kept where none of a list is."""


@dataclass(frozen=True)
class Wording:
    """What a role's form says.

    Attributes:
        name: Of the form, for whoever looks for it.
        generator: What the generator is for.
        seed: What another seed gives.
        buttons: Name → title and tip of "run", "another", "accept" and "discard".
    """

    name: str
    generator: str
    seed: str
    buttons: dict[str, tuple[str, str]]


SURROUND = Wording(
    "surround",
    "Generator that draws around the box",
    "Other seeds draw other surroundings",
    {
        "run": ("Redraw around the &box", "Keep the box and draw everything around it, six times (Ctrl+B)"),
        "another": ("&Others", "Draw around the box with the next six seeds (Ctrl+Shift+B)"),
        "accept": ("Acce&pt", "Keep the surroundings as an edit (Ctrl+Return)"),
        "discard": ("Disca&rd", "Put the surroundings back; the mask stays (Ctrl+Backspace)"),
    },
)
TRANSLATE = Wording(
    "translate",
    "Generator that translates or repairs",
    "Other seeds draw it another way, with a generator that draws more than one",
    {
        "run": ("Draw", "Draw the chosen finding, or repair what is blank (Ctrl+R)"),
        "another": ("Another", "The same with the next seed (Ctrl+Alt+R)"),
        "accept": ("Accept", "Keep what was drawn as an edit (Ctrl+Return)"),
        "discard": ("Discard", "Put the image back; the mask stays (Ctrl+Backspace)"),
    },
)


class WholePanel(QWidget):
    """Fields and buttons of one role.

    Signals:
        seed_entered: (float) another seed was entered.
        pressed: (name) of ``Wording.buttons``.

    Args:
        wording: The role's.
        choices: Its generators.
        *rows: More rows of the form.

    Attributes:
        generator: The chooser.
    """

    seed_entered = Signal(float)
    pressed = Signal(str)

    def __init__(self, wording: Wording, choices: list[GeneratorChoice], *rows: tuple[str, QWidget]) -> None:
        super().__init__()
        self.setObjectName(wording.name)
        self.generator = GeneratorChooser(wording.generator, wording.generator, narrow=True)
        self.generator.set_generators(choices, "")
        self._seed = NumberField("Seed", wording.seed)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setProperty("quiet", True)
        self._buttons: dict[str, QPushButton] = {}
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        for title, widget in (("Generator", self.generator), *rows, ("Seed", self._seed)):
            form.addRow(title, widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addLayout(self._laid_out(wording))
        column.addWidget(self._words)
        self._seed.entered.connect(self.seed_entered)

    def set_options(self, generator: str, seed: int) -> None:
        """Show generator and seed without a signal."""
        self.generator.set_generator(generator)
        self._seed.show_value(seed, (0, LAST_SEED), "")

    def set_offers(self, words: str, **enabled: bool) -> None:
        """Enable what can be done, by the names of the buttons; say what is on trial, or what to do first."""
        self._words.setText(words)
        for name, button in self._buttons.items():
            button.setEnabled(enabled.get(name, False))

    def set_run_title(self, title: str) -> None:
        """Name the first button."""
        self._buttons["run"].setText(title)

    def _laid_out(self, wording: Wording) -> QGridLayout:
        """The first button above the others."""
        grid = QGridLayout()
        for place, (name, (title, tip)) in enumerate(wording.buttons.items()):
            button = self._buttons[name] = QPushButton(title)
            button.setToolTip(tip)
            button.clicked.connect(lambda _checked=False, name=name: self.pressed.emit(name))
            grid.addWidget(button, *((0, 0, 1, 3) if place == 0 else (1, place - 1)))
        self._buttons["run"].setProperty("primary", True)
        return grid


class BoxChoice(QWidget):
    """Which box stays: that around the mask, or one of a list.

    Signals:
        box_chosen: (index) a box of the list; -1 for the one around the mask.
        boxes_wanted: Boxes are to be loaded.
    """

    box_chosen = Signal(int)
    boxes_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QComboBox()
        self._box.setToolTip("What stays as it is: the mask's bounding box, or a box of a list")
        self._box.setAccessibleName("Box that is kept")
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(SHORT // 2)
        load = QPushButton("Load…")
        load.setToolTip("Load boxes from a CSV or a COCO file (Ctrl+Shift+I)")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._box, 1)
        row.addWidget(load)
        self.set_boxes((), -1)
        self._box.activated.connect(lambda chosen: self.box_chosen.emit(chosen - 1))
        load.clicked.connect(self.boxes_wanted)

    def set_boxes(self, titles: Sequence[str], current: int) -> None:
        """Offer the boxes of a list beside the mask's; -1 for the mask's. Without a signal."""
        self._box.clear()
        self._box.addItems([OF_MASK, *titles])
        self._box.setCurrentIndex(current + 1)


class FindingChoice(QWidget):
    """What a radiograph is turned into, and where it may change.

    Signals:
        label_chosen: (label) a finding; "" for healthy.
        masked_set: (bool) whether only what lies inside the mask may change.
    """

    label_chosen = Signal(str)
    masked_set = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QComboBox()
        self._label.setToolTip("The finding to draw; another one is drawn at once where one is on trial")
        self._label.setAccessibleName("Finding to draw")
        self._masked = QCheckBox("Only inside the mask")
        self._masked.setToolTip("Only pixels inside the painted mask may change")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._label)
        column.addWidget(self._masked)
        self._label.activated.connect(lambda: self.label_chosen.emit(self._label.currentData()))
        self._masked.clicked.connect(self.masked_set)

    def set_options(self, labels: Sequence[str], label: str, *, masked: bool) -> None:
        """Show what is chosen, without a signal."""
        self._label.clear()
        self._label.setVisible(bool(labels))
        self._label.addItem("Healthy", "")
        for each in labels:
            self._label.addItem(each, each)
        self._label.setCurrentIndex(max(self._label.findData(label), 0))
        self._masked.setChecked(masked)
