"""The message bar: plain sentences over the panes, one at a time, never a box that must be clicked away."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from cxr_studio.ui.theme.icons import icon

INFO_MS = 6000
"""How long an information stays; warnings and errors stay until they are dismissed."""

IMAGE = "image"
"""Cause of what is said of the open radiograph."""

QUEUE = 20
"""Most messages that wait."""


@dataclass(frozen=True)
class Message:
    """One sentence.

    Attributes:
        text: What is said.
        tone: "info", "warning" or "error".
        actions: Buttons, as title and what it does; each closes the message.
        cause: What it is about; it goes with it. "" for what stays until it is dismissed.
    """

    text: str
    tone: str = "info"
    actions: tuple[tuple[str, Callable[[], object]], ...] = ()
    cause: str = ""


class MessageBar(QWidget):
    """Shows messages in order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._waiting: deque[Message] = deque(maxlen=QUEUE)
        self._shown: Message | None = None
        self._symbol = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons = QHBoxLayout()
        close = QToolButton()
        close.setIcon(icon("close"))
        close.setToolTip("Dismiss this message")
        close.setAccessibleName("Dismiss this message")
        close.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 4, 4)
        row.addWidget(self._symbol)
        row.addWidget(self._text, 1)
        row.addLayout(self._buttons)
        row.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that is shown, or ""."""
        return self._shown.text if self._shown else ""

    def tell(self, text: str, cause: str = "") -> None:
        """Show a sentence that goes away by itself, or with its cause."""
        self.show_message(Message(text, cause=cause))

    def warn(self, text: str, cause: str = "") -> None:
        """Show a sentence about something that failed; it stays until it is closed or its cause has gone."""
        self.show_message(Message(text, "error", cause=cause))

    def gone(self, *causes: str) -> None:
        """Take away what was said of these causes."""
        self._waiting = deque((each for each in self._waiting if each.cause not in causes), maxlen=QUEUE)
        if self._shown is not None and self._shown.cause in causes:
            self.dismiss()

    def show_message(self, message: Message) -> None:
        """Show a message; an information gives way, others wait their turn, none is shown twice in a row."""
        if self._shown == message or message in self._waiting:
            return
        if self._shown is None or self._shown.tone == "info":
            self._display(message)
        else:
            self._waiting.append(message)

    def dismiss(self) -> None:
        """Close the message and show the next."""
        self._timer.stop()
        self._shown = None
        if self._waiting:
            self._display(self._waiting.popleft())
        else:
            self.hide()

    def clear(self) -> None:
        """Close the message and forget those that wait."""
        self._waiting.clear()
        self.dismiss()

    def _display(self, message: Message) -> None:
        self._shown = message
        self._text.setText(message.text)
        self._symbol.setPixmap(icon("info" if message.tone == "info" else "warning").pixmap(16, 16))
        self.setProperty("tone", message.tone)
        self.style().unpolish(self)
        self.style().polish(self)
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for title, action in message.actions:
            button = QPushButton(title)
            button.clicked.connect(lambda _checked=False, act=action: self._answer(act))
            self._buttons.addWidget(button)
        self.show()
        if message.tone == "info" and not message.actions:
            self._timer.start(INFO_MS)
        else:
            self._timer.stop()

    def _answer(self, act: Callable[[], object]) -> None:
        self.dismiss()
        act()
