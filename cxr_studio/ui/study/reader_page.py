"""The first page: who sits the study."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListWidget, QPushButton, QVBoxLayout, QWidget

from cxr_studio.ui.study import words
from cxr_studio.ui.study.known_readers import KnownReader
from cxr_studio.ui.study.words_page import WIDTH

LIST_HEIGHT, LIST_MARGIN = 180, 12
"""Tallest list of readers, and its frame and padding; logical pixels."""


class ReaderPage(QWidget):
    """Asks for a reader's pseudonym and offers those that have begun.

    Signals:
        chosen: (pseudonym) this reader begins or goes on.
        left: The reader wants to leave.
    """

    chosen = Signal(str)
    left = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("words")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.known: tuple[KnownReader, ...] = ()
        heading = QLabel(title)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setProperty("pageTitle", True)
        heading.setWordWrap(True)
        asked = QLabel("Enter the reader ID you were given (letters, digits, hyphens):")
        asked.setProperty("pageText", True)
        asked.setWordWrap(True)
        self.name = QLineEdit()
        self.name.setMaxLength(32)
        self.name.setAccessibleName("Reader")
        self.name.setPlaceholderText("reader")
        self.begin = QPushButton("Begin   Enter")
        self.begin.setProperty("primary", True)
        self.begin.setProperty("answer", True)
        self._fault, self._begun = QLabel(), QLabel("Or resume as an existing reader (↓):")
        for label in (self._fault, self._begun):
            label.setWordWrap(True)
        self._fault.setProperty("fault", True)
        self._begun.setProperty("quiet", True)
        self.readers = QListWidget()
        self.readers.setAccessibleName("Readers who have started")
        self._lay_out(heading, asked)
        self.name.textChanged.connect(self._changed)
        self.name.returnPressed.connect(self._take)
        self.begin.clicked.connect(self._take)
        self.readers.itemClicked.connect(lambda _item: self._pick())
        self.readers.currentRowChanged.connect(lambda _row: self._pick())
        self.readers.itemActivated.connect(lambda _item: self._take_picked())
        self.set_known(())
        self._changed()

    def set_known(self, readers: Sequence[KnownReader]) -> None:
        """Offer these readers."""
        self.known = tuple(readers)
        with QSignalBlocker(self.readers):
            self.readers.clear()
            self.readers.addItems([f"{r.name}   –   {words.standing(r.answered, r.total)}" for r in self.known])
        rows = sum(self.readers.sizeHintForRow(row) for row in range(len(self.known)))
        self.readers.setFixedHeight(min(rows + LIST_MARGIN, LIST_HEIGHT))
        self.readers.setVisible(bool(self.known))
        self._begun.setVisible(bool(self.known))
        self._relabel()

    def refuse(self, sentence: str) -> None:
        """Say why this reader cannot begin."""
        self._fault.setText(sentence)
        self._fault.setVisible(bool(sentence))

    @property
    def fault(self) -> str:
        """The sentence shown, "" for none."""
        return self._fault.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves; the arrow down goes from the name to those who have begun."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Down and self.known:
            self.readers.setFocus()
            self.readers.setCurrentRow(max(0, self.readers.currentRow()))
        else:
            super().keyPressEvent(event)

    def _take(self) -> None:
        name = self.name.text().strip()
        if name:
            self.refuse("")
            self.chosen.emit(name)

    def _pick(self) -> None:
        row = self.readers.currentRow()
        if 0 <= row < len(self.known):
            self.name.setText(self.known[row].name)

    def _take_picked(self) -> None:
        self._pick()
        self._take()

    def _changed(self) -> None:
        self._relabel()
        self.refuse("")

    def _relabel(self) -> None:
        name = self.name.text().strip()
        self.begin.setEnabled(bool(name))
        goes_on = any(reader.name == name for reader in self.known)
        self.begin.setText("Continue   Enter" if goes_on else "Begin   Enter")

    def _lay_out(self, heading: QLabel, asked: QLabel) -> None:
        inner = QWidget()
        inner.setFixedWidth(WIDTH)
        row = QHBoxLayout()
        row.addWidget(self.name, 1)
        row.addWidget(self.begin)
        column = QVBoxLayout(inner)
        column.setSpacing(12)
        column.addWidget(heading)
        column.addWidget(asked)
        column.addLayout(row)
        column.addWidget(self._fault)
        column.addSpacing(12)
        column.addWidget(self._begun)
        column.addWidget(self.readers)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(inner)
        across.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(across)
        outer.addStretch(3)
