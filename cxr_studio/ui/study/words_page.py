"""A page of words with a few buttons: instructions, breaks, pauses, faults, thanks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

WIDTH = 640
"""Widest line, logical pixels."""

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True)
class Offer:
    """A button.

    Attributes:
        words: On it, its key included.
        keys: Keys that do the same.
        act: What it does.
        primary: The one that is usually wanted.
    """

    words: str
    keys: tuple[Qt.Key, ...]
    act: Callable[[], object]
    primary: bool = False


class WordsPage(QWidget):
    """Title, paragraphs and buttons in the middle of a dark page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("words")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._title, self._text, self._small = QLabel(), QLabel(), QLabel()
        self._title.setProperty("pageTitle", True)
        self._text.setProperty("pageText", True)
        self._small.setProperty("quiet", True)
        self._offers: tuple[Offer, ...] = ()
        self._row = QHBoxLayout()
        self._row.setSpacing(10)
        inner = QWidget()
        inner.setFixedWidth(WIDTH)
        column = QVBoxLayout(inner)
        column.setSpacing(14)
        for label in (self._title, self._text, self._small):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addSpacing(8)
        column.addLayout(self._row)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(inner)
        across.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(across)
        outer.addStretch(3)

    def show_words(
        self, title: str, text: str, offers: Sequence[Offer], *, small: str = "", fault: bool = False
    ) -> None:
        """Say something else.

        Args:
            title: A few words.
            text: Paragraphs.
            offers: The buttons from left to right.
            small: Quieter lines under the text.
            fault: Something went wrong.
        """
        self._title.setText(title)
        self._title.setProperty("fault", fault)
        self._title.style().polish(self._title)
        self._text.setText(text)
        self._small.setText(small)
        self._small.setVisible(bool(small))
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._offers = tuple(offers)
        for offer in self._offers:
            button = QPushButton(offer.words)
            button.setProperty("primary", offer.primary)
            button.setProperty("answer", True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _checked=False, act=offer.act: act())
            self._row.addWidget(button)
            button.show()
        self._row.addStretch(1)

    @property
    def title(self) -> str:
        """The title."""
        return self._title.text()

    @property
    def text(self) -> str:
        """The paragraphs, the quieter ones too."""
        return f"{self._text.text()}\n{self._small.text()}".strip()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys do what the buttons do."""
        for offer in self._offers:
            if event.key() in offer.keys and not event.isAutoRepeat():
                offer.act()
                return
        super().keyPressEvent(event)
