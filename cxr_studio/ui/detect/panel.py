"""The detector's section: which one, its threshold, the placed nodules that it finds and misses."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_studio.ui.detect.state import DetectState, NoduleRow
from cxr_studio.ui.fill.generator_chooser import GeneratorChoice, GeneratorChooser
from cxr_studio.ui.shell.value_slider import ValueSlider

MOST_SHOWN = 5
"""Nodules shown at once; the rest scroll."""
PADDING = 10
"""The list's own border and padding, above and below together, logical pixels."""

BUTTONS = (
    ("missed", "Next &missed", "Centre the next placed nodule that the detector misses (F6)"),
    ("more", "Five more li&ke it", "Draw five nodules like the missed one, in the same part of the lungs (Shift+F6)"),
)


class DetectPanel(QWidget):
    """Shows a DetectState.

    Signals:
        source_chosen: (name).
        on_toggled: (bool).
        shown_toggled: (bool).
        threshold_moved: (float) a score.
        nodule_chosen: (number).
        pressed: ("open" or a name of BUTTONS).
    """

    source_chosen = Signal(str)
    on_toggled = Signal(bool)
    shown_toggled = Signal(bool)
    threshold_moved = Signal(float)
    nodule_chosen = Signal(int)
    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[NoduleRow, ...] = ()
        self._sources: tuple[tuple[str, str, str], ...] = ()
        self.source = GeneratorChooser("Detector whose boxes are shown", "Detector")
        self.source.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._open = _push("Open…", "Open a checkpoint, or another detector's answers (Ctrl+Alt+O)")
        self._on = QPushButton("Detec&t")
        self._on.setCheckable(True)
        self._on.setToolTip("Find nodules in the inpainted image, again after every edit (Ctrl+D)")
        self._shown = QCheckBox("Sho&w")
        self._shown.setToolTip("Show the boxes over the panes (Ctrl+Shift+D)")
        self._threshold = ValueSlider("Least score of a shown box (Alt+PgUp and Alt+PgDown)", "Detector threshold")
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setProperty("quiet", True)
        self._list = QListWidget()
        self._list.setAccessibleName("Placed nodules")
        self._list.setToolTip("Placed nodules, found or missed; click to centre one")
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._buttons = {name: _push(title, tip) for name, title, tip in BUTTONS}
        self._lay_out()
        self._connect()

    def set_state(self, state: DetectState) -> None:
        """Show everything, without a signal."""
        if state.sources != self._sources:
            self._sources = state.sources
            self.source.set_generators([GeneratorChoice(*each) for each in state.sources], state.source)
        self.source.set_generator(state.source)
        self.source.setEnabled(self.source.count() > 0)
        with QSignalBlocker(self._on), QSignalBlocker(self._shown):
            self._on.setChecked(state.on)
            self._shown.setChecked(state.shown)
        self._on.setEnabled(state.opened and bool(state.source))
        self._shown.setEnabled(state.there)
        self._threshold.set_value(state.threshold, state.limits, words=state.threshold_words)
        self._threshold.setVisible(state.there)
        self._words.setText(state.words)
        self._words.setVisible(bool(state.words))
        self._fill(state.rows, state.selected)
        self._buttons["missed"].setEnabled(state.like is not None)
        self._buttons["more"].setEnabled(state.like is not None)
        for button in self._buttons.values():
            button.setVisible(bool(state.rows))

    @property
    def texts(self) -> list[str]:
        """The list as shown."""
        return [self._list.item(row).text() for row in range(self._list.count())]

    @property
    def words(self) -> str:
        """The sentence below the threshold."""
        return self._words.text()

    def _fill(self, rows: tuple[NoduleRow, ...], selected: int | None) -> None:
        with QSignalBlocker(self._list):
            if rows != self._rows:
                self._rows = rows
                self._list.clear()
                for row in rows:
                    item = QListWidgetItem(row.text)
                    item.setData(Qt.ItemDataRole.UserRole, row.number)
                    self._list.addItem(item)
            numbers = [row.number for row in rows]
            self._list.setCurrentRow(numbers.index(selected) if selected in numbers else -1)
        self._list.setFixedHeight(min(len(rows), MOST_SHOWN) * max(self._list.sizeHintForRow(0), 1) + PADDING)
        self._list.setVisible(bool(rows))

    def _connect(self) -> None:
        self.source.chosen.connect(self.source_chosen)
        self._on.clicked.connect(self.on_toggled)
        self._shown.clicked.connect(self.shown_toggled)
        self._threshold.moved.connect(self.threshold_moved)
        self._list.itemClicked.connect(lambda item: self.nodule_chosen.emit(item.data(Qt.ItemDataRole.UserRole)))
        self._open.clicked.connect(lambda: self.pressed.emit("open"))
        for name, button in self._buttons.items():
            button.clicked.connect(lambda _checked=False, name=name: self.pressed.emit(name))

    def _lay_out(self) -> None:
        rows = [QHBoxLayout() for _ in range(3)]
        rows[0].addWidget(self.source, 1)
        rows[0].addWidget(self._open)
        rows[1].addWidget(self._on, 1)
        rows[1].addWidget(self._shown)
        for button in self._buttons.values():
            rows[2].addWidget(button, 1)
        column = QVBoxLayout(self)
        for row in rows[:2]:
            column.addLayout(row)
        for widget in (self._threshold, self._words, self._list):
            column.addWidget(widget)
        column.addLayout(rows[2])
        for layout in (column, *rows):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(6)


def _push(title: str, tip: str) -> QPushButton:
    button = QPushButton(title)
    button.setToolTip(tip)
    return button
