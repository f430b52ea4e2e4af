"""The display check: the test pattern, what was measured, and what speaks against this monitor."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_studio.ui.study.display_facts import DisplayCheck
from cxr_studio.ui.study.test_pattern import TestPattern
from cxr_studio.ui.study.words_page import ENTER

PATTERN = """In each of the 18 patches there are two small squares, one a little darker and one a little brighter than \
the patch (at the ends both on one side). If you have a photometer, measure the black and the white patch: the numbers \
under the patches then say what each should show by DICOM PS3.14, in cd/m²; before, they are grey levels."""

REFUSED = "Look at the 18 patches first: press Space when you see both squares in all of them, or N if you do not."

Look = Callable[[], DisplayCheck]


class DisplayPage(QWidget):
    """Shows the pattern and takes what the reader measured.

    Signals:
        done: (DisplayCheck) the reader goes on.
        screen_wanted: (name) the study is to be shown on this monitor.
        left: The reader wants to leave.
    """

    done = Signal(object)
    screen_wanted = Signal(str)
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("words")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._look = look
        self.pattern = TestPattern()
        self.least, self.most, self.ambient = _light("Black", 2), _light("White", 1), _light("Room light", 2)
        self.seen = QCheckBox("I see both squares in all 18 patches   Space")
        self.screens = QComboBox()
        self.screens.setAccessibleName("Monitor")
        self.warnings = QLabel()
        self.warnings.setWordWrap(True)
        self.warnings.setProperty("warn", True)
        self.ratio = QLabel()
        self.ratio.setProperty("quiet", True)
        self.go_on = QPushButton("Continue   Enter")
        self.go_on.setProperty("primary", True)
        self.go_on.setProperty("answer", True)
        self.unseen = QPushButton("Not all seen: continue   N")
        self.unseen.setProperty("answer", True)
        self.unseen.setToolTip("The check is recorded as not passed")
        self.refused = QLabel()
        self.refused.setWordWrap(True)
        self.refused.setProperty("warn", True)
        self.refused.hide()
        self.leave = QPushButton("Leave   Esc")
        self.leave.setProperty("answer", True)
        self._lay_out()
        for field in (self.least, self.most, self.ambient):
            field.valueChanged.connect(lambda _value: self.refresh())
        self.screens.activated.connect(lambda _index: self.screen_wanted.emit(self.screens.currentData()))
        self.leave.clicked.connect(lambda _checked=False: self.left.emit())
        self.go_on.clicked.connect(lambda _checked=False: self._continue())
        self.unseen.clicked.connect(lambda _checked=False: self._without())
        self.seen.toggled.connect(lambda _on: self.refused.hide())

    def set_screens(self, names: list[tuple[str, str]], chosen: str) -> None:
        """Offer monitors: (name, what is shown)."""
        self.screens.clear()
        for name, shown in names:
            self.screens.addItem(shown, name)
        self.screens.setCurrentIndex(max(0, self.screens.findData(chosen)))
        self.screens.setEnabled(len(names) > 1)

    def check(self) -> DisplayCheck:
        """What has been found so far."""
        found = self._look()
        return DisplayCheck(
            found.monitor,
            found.chosen,
            found.pane,
            found.image,
            self.least.value(),
            self.most.value(),
            self.ambient.value(),
            self.seen.isChecked(),
        )

    def refresh(self) -> None:
        """Say again what speaks against this display."""
        check = self.check()
        self.pattern.set_luminances(check.least, check.most, check.ambient)
        self.warnings.setText("\n".join(check.warnings()))
        self.warnings.setVisible(bool(check.warnings()))
        self.ratio.setText("" if check.ratio is None else f"Luminance ratio {check.ratio:.0f} : 1")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter continues once the squares are seen, N without; Escape leaves, Space says whether they are seen."""
        if event.key() in ENTER and not event.isAutoRepeat():
            self._continue()
        elif event.key() == Qt.Key.Key_N and not event.isAutoRepeat():
            self._without()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.seen.toggle()
        else:
            super().keyPressEvent(event)

    def _continue(self) -> None:
        """Only a reader who says that the squares are seen has passed the check."""
        if self.seen.isChecked():
            self.done.emit(self.check())
            return
        self.refused.setText(REFUSED)
        self.refused.show()

    def _without(self) -> None:
        """Continue with a check that was not passed, which is recorded."""
        self.seen.setChecked(False)
        self.done.emit(self.check())

    def _lay_out(self) -> None:
        title, words = QLabel("Display check"), QLabel(PATTERN)
        title.setProperty("pageTitle", True)
        words.setProperty("quiet", True)
        words.setWordWrap(True)
        form = QFormLayout()
        form.addRow("Monitor", self.screens)
        form.addRow("Black", self.least)
        form.addRow("White", self.most)
        form.addRow("Room light on it", self.ambient)
        form.addRow("", self.ratio)
        side = QVBoxLayout()
        side.setSpacing(12)
        for widget in (title, words):
            side.addWidget(widget)
        side.addLayout(form)
        side.addWidget(self.seen)
        side.addWidget(self.refused)
        side.addWidget(self.warnings)
        side.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        for button in (self.go_on, self.leave):
            buttons.addWidget(button)
        buttons.addStretch(1)
        side.addWidget(self.unseen, 0, Qt.AlignmentFlag.AlignLeft)
        side.addLayout(buttons)
        inner = QWidget()
        inner.setFixedWidth(340)
        inner.setLayout(side)
        row = QHBoxLayout(self)
        row.setContentsMargins(40, 40, 40, 40)
        row.setSpacing(40)
        row.addWidget(self.pattern, 1)
        row.addWidget(inner)


def _light(name: str, decimals: int) -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    field.setRange(0.0, 4000.0)
    field.setDecimals(decimals)
    field.setSuffix(" cd/m²")
    field.setSpecialValueText("not measured")
    field.lineEdit().setTextMargins(5, 0, 0, 0)
    field.setAccessibleName(f"{name}, candela per square metre")
    return field
