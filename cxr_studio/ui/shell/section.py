"""A section of the side panel: a heading that folds what is below it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget


class Section(QWidget):
    """A heading over widgets; a click on it, or Space while it has the focus, folds them.

    Signals:
        folded: (bool) the user folded or unfolded it.

    Args:
        title: The heading, which names the section.
        widgets: What is folded.
        parent: Where it will be: a widget that changes its parent is styled anew, with all that is in it.
    """

    folded = Signal(bool)

    def __init__(self, title: str, *widgets: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self._heading = QToolButton(self)
        self._heading.setText(title)
        self._heading.setProperty("section", True)
        self._heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._heading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._heading.setCheckable(True)
        self._heading.setAccessibleName(f"Section {title}")
        self._body = QWidget(self)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in widgets:
            column.addWidget(widget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addWidget(self._heading)
        whole.addWidget(self._body)
        self._heading.clicked.connect(self._clicked)
        self._mark(False)

    @property
    def is_folded(self) -> bool:
        """Whether only the heading is shown."""
        return self._heading.isChecked()

    def set_folded(self, folded: bool) -> None:
        """Fold or unfold it, without a signal."""
        if folded != self.is_folded:
            self._heading.setChecked(folded)
            self._mark(folded)
            self._body.setVisible(not folded)

    def _clicked(self, folded: bool) -> None:
        self._mark(folded)
        self._body.setVisible(not folded)
        self.folded.emit(folded)

    def _mark(self, folded: bool) -> None:
        self._heading.setArrowType(Qt.ArrowType.RightArrow if folded else Qt.ArrowType.DownArrow)
        self._heading.setToolTip(f"{'Show' if folded else 'Hide'} {self.title.lower()}")
