"""The chooser of the generator that fills the mask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from cxr_studio.generation.generators import GeneratorFacts


@dataclass(frozen=True)
class GeneratorChoice:
    """One line of the chooser: registry name, title and a line of facts for the tool tip."""

    name: str
    title: str
    tip: str


def choices_of(generators: Sequence[GeneratorFacts]) -> list[GeneratorChoice]:
    """A line for each generator."""
    return [GeneratorChoice(each.name, each.title, each.words) for each in generators]


class GeneratorChooser(QComboBox):
    """A list of generators.

    Signals:
        chosen: (name) another generator was chosen.

    Args:
        tip: What the generator is for.
        name: Accessible name.
    """

    chosen = Signal(str)

    def __init__(self, tip: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip(tip)
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(lambda: self.chosen.emit(self.currentData()))

    def set_generators(self, choices: Sequence[GeneratorChoice], current: str) -> None:
        """Show these generators without a signal."""
        with QSignalBlocker(self):
            self.clear()
            for choice in choices:
                self.addItem(choice.title, choice.name)
                self.setItemData(self.count() - 1, choice.tip, Qt.ItemDataRole.ToolTipRole)
        self.set_generator(current)

    def set_generator(self, name: str) -> None:
        """Show this one as chosen, without a signal."""
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(name))
