"""The facts of a generator in a few lines."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cxr_studio.generation.card_text import short_facts
from cxr_studio.generation.generators import GeneratorFacts


class CardView(QWidget):
    """A small panel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel()
        self._title.setIndent(0)
        self._facts = QLabel()
        self._facts.setIndent(0)
        self._facts.setWordWrap(True)
        self._facts.setProperty("quiet", True)
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._title)
        column.addWidget(self._facts)

    def set_facts(self, facts: GeneratorFacts) -> None:
        """Show a generator."""
        self._title.setText(facts.title)
        self._facts.setText(short_facts(facts))
        self.setToolTip("Help, About this generator shows the whole card")
