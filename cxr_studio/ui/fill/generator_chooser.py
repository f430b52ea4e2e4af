"""The chooser of a generator, which also says how many files are not offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QComboBox, QWidget

from cxr_studio.generation.generators import GeneratorFacts

SHORT = 14
"""Characters of a title that a narrow chooser has room for at least; its list shows all of it."""

REFUSED = "\N{NULL}refused"
"""Stands for the line of files that are not offered; no generator has such a name."""


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
        refused_wanted: Why files are not offered is to be shown.

    Args:
        tip: What the generator is for.
        name: Accessible name.
        narrow: Whether it stands in the side panel.
    """

    chosen = Signal(str)
    refused_wanted = Signal()

    def __init__(self, tip: str, name: str, parent: QWidget | None = None, *, narrow: bool = False) -> None:
        super().__init__(parent)
        self._current = ""
        self._refused: tuple[str, ...] = ()
        self.setToolTip(tip)
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        if narrow:
            self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            self.setMinimumContentsLength(SHORT)
        self.activated.connect(self._activated)

    def set_generators(self, choices: Sequence[GeneratorChoice], current: str) -> None:
        """Show these generators without a signal; what is said of files that are not offered stays."""
        with QSignalBlocker(self):
            self.clear()
            for choice in choices:
                self._add(choice.title, choice.name, choice.tip)
        self.set_refused(self._refused)
        self.set_generator(current)

    def set_refused(self, sentences: Sequence[str]) -> None:
        """Say in a last line how many files are not offered, and why in its tool tip; it is there to be read."""
        self._refused = tuple(sentences)
        if not sentences:
            return
        words = "1 file is" if len(sentences) == 1 else f"{len(sentences)} files are"
        with QSignalBlocker(self):
            self.insertSeparator(self.count())
            self._add(f"{words} not offered…", REFUSED, "\n".join(sentences))
            slanted = QFont(self.font())
            slanted.setItalic(True)
            self.setItemData(self.count() - 1, slanted, Qt.ItemDataRole.FontRole)

    def set_generator(self, name: str) -> None:
        """Show this one as chosen, without a signal."""
        self._current = name
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(name))

    def _add(self, title: str, name: str, tip: str) -> None:
        self.addItem(title, name)
        self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)

    @Slot()
    def _activated(self) -> None:
        name = self.currentData()
        if name == REFUSED:
            self.set_generator(self._current)
            self.refused_wanted.emit()
        else:
            self._current = name
            self.chosen.emit(name)
