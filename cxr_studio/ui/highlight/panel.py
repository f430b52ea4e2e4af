"""What is abnormal: the search, the way of looking at its map, and its hot spots."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_studio.quality.highlighting.map import KINDS, LEARNED, Kind
from cxr_studio.ui.fill.generator_chooser import GeneratorChoice, GeneratorChooser
from cxr_studio.ui.highlight.look import LIMITS, OPACITIES, TITLES
from cxr_studio.ui.highlight.spots_list import SpotsList
from cxr_studio.ui.highlight.state import HighlightState
from cxr_studio.ui.shell.value_slider import ValueSlider

COLUMNS = 3
"""Of buttons."""

RESEARCH = "Research only: a bright area is where this generator would have drawn something else, not a finding."

GENERATOR_TIP = "Generator whose fills are compared with the radiograph"
RUN_TIP = "Slide holes over the lungs of the original radiograph, fill them, and colour the differences (Ctrl+H)"
AGAIN_TIP = "The same on the inpainted image, with its accepted edits (Ctrl+Shift+H)"

BUTTONS = (
    ("previous", "&Previous", "Centre the previous hot spot (Shift+F3)"),
    ("next", "&Next", "Centre the next hot spot (F3)"),
    ("mask", "To &mask", "Add the chosen hot spot, or the hottest, to the painted mask (F4)"),
    ("export", "E&xport…", "Write the overlay, the map and the table of hot spots (Ctrl+Shift+E)"),
    ("clear", "Remo&ve", "Remove the map"),
)


class HighlightPanel(QWidget):
    """Shows a HighlightState.

    Signals:
        generator_chosen: (name).
        kind_chosen: (one of KINDS).
        threshold_moved: (float) in the map's unit.
        opacity_moved: (float) 0 to 1.
        shown_toggled: (bool).
        spot_chosen: (rank).
        pressed: ("run", "again", "cancel" or a name of BUTTONS).
    """

    generator_chosen = Signal(str)
    kind_chosen = Signal(str)
    threshold_moved = Signal(float)
    opacity_moved = Signal(float)
    shown_toggled = Signal(bool)
    spot_chosen = Signal(int)
    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running = False
        self.generator = GeneratorChooser(GENERATOR_TIP, "Highlight generator")
        self.generator.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._run = _push("&Highlight", RUN_TIP)
        self._again = _push("Of inpainted", AGAIN_TIP)
        self._shown = QCheckBox("Sho&w")
        self._shown.setToolTip("Show the map over the panes (Q)")
        self._kind = _combo("Which map is shown (Shift+Q)", "Kind of map")
        for kind in KINDS:
            self._kind.addItem(TITLES[kind], kind)
        self._threshold = ValueSlider("Threshold for colours and hot spots (Alt+Right and Alt+Left)", "Threshold")
        self._opacity = ValueSlider("Opacity of the colours (Alt+Up and Alt+Down)", "Opacity of the highlight")
        self._words = _quiet()
        self.spots = SpotsList()
        self._buttons = {name: _push(title, tip) for name, title, tip in BUTTONS}
        self._body = QWidget()
        self._lay_out()
        self._connect()

    def set_generators(self, choices: list[GeneratorChoice], current: str) -> None:
        """Offer these without a signal."""
        self.generator.set_generators(choices, current)

    def set_state(self, state: HighlightState) -> None:
        """Show everything anew, without a signal."""
        self._running = state.running
        self._run.setText("Cancel" if state.running else "&Highlight")
        self._run.setToolTip("Stop the search and restore the previous map (Esc)" if state.running else RUN_TIP)
        self._run.setEnabled(state.opened)
        self._again.setVisible(state.edited)
        self._again.setEnabled(not state.running)
        self._body.setVisible(state.there)
        self._words.setText(state.words)
        self._words.setToolTip(state.notes)
        self._words.setVisible(bool(state.words))
        if not state.there:
            return
        with QSignalBlocker(self._kind), QSignalBlocker(self._shown):
            self._kind.setCurrentIndex(self._kind.findData(state.kind))
            self._shown.setChecked(state.shown)
        for kind in LEARNED:
            self._offer(kind, state.missing.get(kind, ""))
        self._threshold.set_value(state.threshold, LIMITS[state.kind], words=state.threshold_words)
        self._opacity.set_value(state.opacity, OPACITIES, words=f"{100 * state.opacity:.0f} %")
        self.spots.set_rows(state.rows, state.selected)
        self._buttons["export"].setEnabled(state.complete)
        for name in ("mask", "previous", "next"):
            self._buttons[name].setEnabled(bool(state.rows))

    def _offer(self, kind: Kind, why_not: str) -> None:
        place = KINDS.index(kind)
        item = self._kind.model().index(place, 0)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        self._kind.model().item(place).setFlags(flags if not why_not else Qt.ItemFlag.NoItemFlags)  # type: ignore[attr-defined]
        self._kind.model().setData(item, why_not, Qt.ItemDataRole.ToolTipRole)

    def _connect(self) -> None:
        self._run.clicked.connect(lambda: self.pressed.emit("cancel" if self._running else "run"))
        self._again.clicked.connect(lambda: self.pressed.emit("again"))
        for name, button in self._buttons.items():
            button.clicked.connect(lambda _checked=False, name=name: self.pressed.emit(name))
        self.generator.chosen.connect(self.generator_chosen)
        self._kind.activated.connect(lambda: self.kind_chosen.emit(self._kind.currentData()))
        self._shown.toggled.connect(self.shown_toggled)
        self._threshold.moved.connect(self.threshold_moved)
        self._opacity.moved.connect(self.opacity_moved)
        self.spots.chosen.connect(self.spot_chosen)

    def _lay_out(self) -> None:
        look = QHBoxLayout()
        look.addWidget(self._kind, 1)
        look.addWidget(self._shown)
        form = QFormLayout()
        form.addRow("Threshold", self._threshold)
        form.addRow("Opacity", self._opacity)
        grid = QGridLayout()
        grid.setSpacing(6)
        for place, button in enumerate(self._buttons.values()):
            grid.addWidget(button, place // COLUMNS, place % COLUMNS)
        body = QVBoxLayout(self._body)
        for part in (look, form):
            body.addLayout(part)
        body.addWidget(self.spots)
        body.addLayout(grid)
        search = QHBoxLayout()
        search.addWidget(self._run, 1)
        search.addWidget(self._again, 1)
        column = QVBoxLayout(self)
        column.addWidget(self.generator)
        column.addLayout(search)
        for widget in (self._words, self._body, _quiet(RESEARCH)):
            column.addWidget(widget)
        for layout in (column, body, look, form, search):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(6)


def _combo(tip: str, name: str) -> QComboBox:
    combo = QComboBox()
    combo.setToolTip(tip)
    combo.setAccessibleName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo


def _push(title: str, tip: str) -> QPushButton:
    button = QPushButton(title)
    button.setToolTip(tip)
    return button


def _quiet(text: str = "") -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("quiet", True)
    return label
