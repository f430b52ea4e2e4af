"""The strip under the grid: tags with their keys and colours, and what is said of the current cell."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from cxr_studio.ui.qa.grid_painter import mark_colour
from cxr_studio.ui.qa.tags import TAG_COMMANDS
from cxr_studio.ui.shell.registry import ActionRegistry

OTHERS = ("judge.words", "judge.note", "judge.undo", "judge.blind")


class JudgeBar(QWidget):
    """Buttons for the eye; the keys are quicker.

    Args:
        registry: The window's commands.
    """

    def __init__(self, registry: ActionRegistry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._registry = registry
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 2, 8, 2)
        self._row.setSpacing(2)
        self._words = QLabel()
        self._words.setAccessibleName("Verdict on the current cell")

    def build(self) -> None:
        """Put a button for each action, once they are declared."""
        registry, row = self._registry, self._row
        for name, tag in TAG_COMMANDS.items():
            action = registry.action(name)
            action.setIcon(_mark(tag))
            row.addWidget(self._button(action, f"{registry.keys(name)[0]}  {tag}"))
        for name in OTHERS:
            action = registry.action(name)
            row.addWidget(self._button(action, f"{registry.keys(name)[0]}  {action.text().lower()}"))
        row.addStretch(1)
        row.addWidget(self._words)

    @property
    def words(self) -> str:
        """What is said of the current cell."""
        return self._words.text()

    def show_words(self, words: str) -> None:
        """Say what the judge said of the current cell."""
        self._words.setText(words)

    def _button(self, action: QAction, words: str) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setText(words)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        action.changed.connect(lambda: button.setText(words))
        return button


def _mark(tag: str) -> QIcon:
    pixmap = QPixmap(24, 24)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mark_colour(tag))
    painter.drawRoundedRect(4, 4, 16, 16, 4, 4)
    painter.end()
    return QIcon(pixmap)
