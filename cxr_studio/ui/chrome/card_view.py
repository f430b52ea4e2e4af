"""The facts of a generator in a few lines, and its whole card as text."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cxr_studio.inpainting.generators import GeneratorFacts


def short_facts(facts: GeneratorFacts) -> str:
    """Three lines for the panel."""
    card = facts.card
    if card is None:
        return f"{facts.words}\nBuilt in; needs no checkpoint."
    size = f"{card.weights_count / 1e6:.1f} million weights, {card.gflop:.1f} GFLOP a request"
    scale = f"{card.hole_side} × {card.hole_side} of {card.input_side} × {card.input_side} px at {card.mm_per_pixel} mm"
    scores = ", ".join(f"{name.replace('_', ' ')} {value:.4g}" for name, value in card.scores.items())
    return f"{size}\n{scale}\n{scores}" if scores else f"{size}\n{scale}"


def full_facts(facts: GeneratorFacts) -> str:
    """Everything the card states, a line each."""
    card = facts.card
    if card is None:
        return f"{facts.title}\n\n{facts.words}"
    checkpoint = facts.checkpoint.sha256 if facts.checkpoint else ""
    lines = [
        facts.title,
        "",
        f"Role: {card.role.value}",
        f"Network: {card.architecture}, {card.weights_count:,} weights, {card.gflop} GFLOP a request",
        f"Sees {card.input_side} × {card.input_side} px at {card.mm_per_pixel} mm, "
        f"fills {card.hole_side} × {card.hole_side}",
        f"Base fill: {card.base}",
        f"Data: {card.data}",
        f"Training: {card.steps:,} steps, {card.seconds / 60:.0f} min on {card.hardware}",
        *(f"Differs from the paper: {change}" for change in card.changes),
        *(f"{name.replace('_', ' ')}: {value:.6g}" for name, value in card.scores.items()),
        f"Licence: {card.licence}",
        f"Checkpoint SHA-256: {checkpoint}",
    ]
    return "\n".join(lines)


class CardView(QWidget):
    """A small panel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel()
        self._title.setProperty("section", True)
        self._facts = QLabel()
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
        self.setToolTip(full_facts(facts))
