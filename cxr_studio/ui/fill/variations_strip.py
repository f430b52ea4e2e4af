"""The same hole filled with other seeds, side by side to choose from."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

SIDE = 72
"""Side of a small picture in logical pixels."""
COLUMNS = 3


class VariationsStrip(QWidget):
    """Small pictures of the variations.

    Signals:
        wanted: More variations are asked for.
        chosen: (index) this one is to be shown.
        accepted: The shown one is to be kept as an edit.
        rejected: The shown one is to be dropped.
    """

    wanted = Signal()
    chosen = Signal(int)
    accepted = Signal()
    rejected = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: list[QToolButton] = []
        self._hint = QLabel()
        self._hint.setWordWrap(True)
        self._hint.setProperty("quiet", True)
        self._grid = QGridLayout()
        self._grid.setSpacing(4)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self._more = _push("&Variations", "Fill the same hole with three different seeds")
        self._accept = _push("&Accept", "Keep the shown fill as an edit")
        self._reject = _push("Re&ject", "Discard the shown fill and clear the mask")
        self._accept.setProperty("primary", True)
        self._more.clicked.connect(self.wanted)
        self._accept.clicked.connect(self.accepted)
        self._reject.clicked.connect(self.rejected)
        self._lay_out()
        self.set_variations([], [])
        self.set_offers(fill=False, varied=False)

    def set_variations(self, pictures: list[QImage], titles: list[str]) -> None:
        """Show these pictures, the first one chosen; none shows the hint."""
        for button in self._buttons:
            self._grid.removeWidget(button)
            button.deleteLater()
        self._buttons = [_tile(picture, title) for picture, title in zip(pictures, titles, strict=True)]
        for index, button in enumerate(self._buttons):
            button.clicked.connect(lambda _checked=False, i=index: self.chosen.emit(i))
            self._grid.addWidget(button, index // COLUMNS, index % COLUMNS)
        self.set_current(0)

    def set_current(self, index: int) -> None:
        """Mark the variation that the panes show."""
        for place, button in enumerate(self._buttons):
            button.setChecked(place == index)

    def set_offers(self, *, fill: bool, varied: bool) -> None:
        """Enable what can be done: with a fill shown, and (``varied``) where other seeds give other anatomy."""
        self._accept.setEnabled(fill)
        self._reject.setEnabled(fill)
        self._more.setEnabled(fill)
        self._more.setVisible(varied)
        if not fill:
            text = "Paint over something: its fill appears here to accept or reject."
        elif varied:
            text = "A different seed gives different anatomy."
        else:
            text = "With this generator a different seed changes only the grain."
        self._hint.setText(text)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in (self._accept, self._reject, self._more):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self._hint)
        column.addLayout(self._grid)


def _push(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    return button


def _tile(picture: QImage, title: str) -> QToolButton:
    button = QToolButton()
    button.setCheckable(True)
    button.setIcon(QIcon(QPixmap.fromImage(picture)))
    button.setIconSize(QSize(SIDE, SIDE))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    button.setText(title)
    button.setAccessibleName(title)
    return button
