"""The page of a trial: question, images, buttons with their keys. It shows and tells; it decides nothing."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cxr_studio.studies.protocol_parts import Rules
from cxr_studio.studies.trial_view import TrialView
from cxr_studio.ui.study import words
from cxr_studio.ui.study.input_clock import InputClock
from cxr_studio.ui.study.trial_canvas import TrialImages
from cxr_studio.ui.study.trial_keys import Act, Meaning, meaning, rating_key, sides

TITLES = {"left": "Left", "right": "Right", "real": "Real", "fake": "Fake"}
NO_MODIFIERS = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier, Qt.KeyboardModifier.ShiftModifier


class TrialPage(QWidget):
    """One trial.

    Signals:
        asked: (Meaning, key or button, monotonic ns of the press).

    Attributes:
        images: The canvases.
        rules: Of the study; what the keys mean.
    """

    asked = Signal(object, str, object)

    def __init__(self, rules: Rules, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trial")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rules = rules
        self.images = TrialImages()
        self._clock = InputClock()
        self._progress, self._question, self._notice = _label("quiet"), _label("question"), _label("notice")
        self.answers: dict[str, QPushButton] = {}
        self.ratings: list[QPushButton] = []
        self.pause = self._button("Pause   Esc", Meaning(Act.PAUSE), "pause")
        self.back = self._button("Take back   U", Meaning(Act.TAKE_BACK), "take back")
        self.confirm = self._button("Confirm   Enter", Meaning(Act.CONFIRM), "confirm")
        for button in (self.confirm, self.back):  # the answers' buttons stay where they are when these come and go
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            button.setSizePolicy(policy)
        self._lay_out()
        for canvas in self.images.canvases:
            canvas.installEventFilter(self)

    def show_trial(self, view: TrialView) -> None:
        """Say which trial this is; the images follow."""
        self._progress.setText(words.progress(view))
        self._question.setText(words.question(view))
        self.back.setVisible(view.can_undo)
        self.images.set_count(len(view.images))

    def set_open(self, is_open: bool) -> None:
        """Enable the buttons of the answer while there is something to answer."""
        for button in (*self.answers.values(), *self.ratings, self.back):
            button.setEnabled(is_open)
        if not is_open:
            self.confirm.setVisible(False)

    def show_given(self, choice: str | None, confidence: int | None, *, confirmable: bool) -> None:
        """Show what has been chosen so far."""
        for name, button in self.answers.items():
            _mark(button, name == choice)
        for number, button in enumerate(self.ratings, 1):
            _mark(button, number == confidence)
        self.confirm.setText("Confirm   Enter")
        self.confirm.setVisible(confirmable)

    def offer_next(self) -> None:
        """The same button goes on after the feedback of practice."""
        self.back.setVisible(False)
        self.confirm.setText("Next   Enter")
        self.confirm.setVisible(True)

    def notify(self, text: str) -> None:
        """Show a line over the buttons, or ("") none."""
        self._notice.setText(text)

    @property
    def notice(self) -> str:
        """The line over the buttons."""
        return self._notice.text()

    @property
    def progress(self) -> str:
        """How far the reader is told to be."""
        return self._progress.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell what a key means when it goes down; repeats of a held key mean nothing."""
        moment = self._clock.moment(event)
        found = meaning(event.key(), self.rules) if event.modifiers() in NO_MODIFIERS else None
        if found is None:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self.asked.emit(found, event.text().strip().upper() or _key_name(event), moment)

    def eventFilter(self, watched: object, event: QEvent) -> bool:  # noqa: ARG002
        """Keys that reach a canvas belong to the page."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self.keyPressEvent(event)
            return True
        return False

    def _lay_out(self) -> None:
        top = QGridLayout()
        top.addWidget(self._progress, 0, 0, Qt.AlignmentFlag.AlignLeft)
        top.addWidget(self._question, 0, 1, Qt.AlignmentFlag.AlignHCenter)
        top.addWidget(self.pause, 0, 2, Qt.AlignmentFlag.AlignRight)
        for place, stretch in enumerate((1, 2, 1)):
            top.setColumnStretch(place, stretch)
        bottom = QGridLayout()
        first, second = sides(self.rules)
        pair = self.rules.paradigm == "2afc"  # each button under its image; else both under the only one
        at_left = Qt.AlignmentFlag.AlignHCenter if pair else Qt.AlignmentFlag.AlignRight
        at_right = Qt.AlignmentFlag.AlignHCenter if pair else Qt.AlignmentFlag.AlignLeft
        bottom.setHorizontalSpacing(24)
        bottom.addWidget(self._answer(first, "←  F"), 0, 0, at_left)
        bottom.addLayout(self._middle(), 0, 1)
        bottom.addWidget(self._answer(second, "→  J"), 0, 2, at_right)
        for place in (0, 2):
            bottom.setColumnStretch(place, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.images, 1)
        column.addWidget(self._notice, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(bottom)

    def _middle(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        steps = self.rules.answer.confidence
        if steps:
            row.addWidget(_label("quiet", "a guess"))
        for rating in range(1, steps + 1):
            button = self._button(rating_key(rating), Meaning(Act.RATE, rating=rating), f"confidence {rating}")
            button.setProperty("narrow", True)
            self.ratings.append(button)
            row.addWidget(button)
        if steps:
            row.addWidget(_label("quiet", "certain"))
            row.addSpacing(16)
        row.addWidget(self.confirm)
        row.addWidget(self.back)
        return row

    def _answer(self, choice: str, keys: str) -> QPushButton:
        text = f"{keys}     {TITLES[choice]}" if choice == sides(self.rules)[0] else f"{TITLES[choice]}     {keys}"
        button = self._button(text, Meaning(Act.CHOOSE, choice), choice)
        button.setProperty("answer", True)
        self.answers[choice] = button
        return button

    def _button(self, text: str, meant: Meaning, name: str) -> QPushButton:
        button = QPushButton(text)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setAccessibleName(name)
        button.pressed.connect(lambda: self.asked.emit(meant, f"button {name}", time.monotonic_ns()))
        return button


def _label(role: str, text: str = "") -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty(role, True)
    return label


def _mark(button: QPushButton, chosen: bool) -> None:
    if bool(button.property("chosen")) != chosen:
        button.setProperty("chosen", chosen)
        button.style().polish(button)


def _key_name(event: QKeyEvent) -> str:
    return Qt.Key(event.key()).name.removeprefix("Key_")
