"""The dock on the right: the fill and its generator, the edits, the display."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cxr_studio.ui.display.histogram_panel import HistogramPanel
from cxr_studio.ui.edits.edits_list import EditsList
from cxr_studio.ui.fill.options_panel import OptionsPanel
from cxr_studio.ui.fill.variations_strip import VariationsStrip
from cxr_studio.ui.highlight.panel import HighlightPanel
from cxr_studio.ui.nodule.panel import NodulePanel
from cxr_studio.ui.nodule.shape_strip import ShapeStrip

WIDTH = 288
"""Width in logical pixels that holds every row uncut at 100 to 200 %."""

MASKS = (
    ("painted", "Painted", "The mask as you painted it"),
    ("network", "Network", "What the generator takes for unknown: the painted mask, grown"),
    ("blending", "Blending", "Where at least half of the fill is taken; the rest fades inside the mask"),
)


class MaskChoice(QWidget):
    """Three buttons: which mask the overlay shows.

    Signals:
        chosen: (name) of MASKS.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._group = QButtonGroup(self)
        for name, title, tip in MASKS:
            button = QToolButton()
            button.setText(title)
            button.setToolTip(tip)
            button.setCheckable(True)
            button.setChecked(name == "painted")
            button.clicked.connect(lambda _checked=False, name=name: self.chosen.emit(name))
            self._group.addButton(button)
            row.addWidget(button, 1)


class SidePanel(QDockWidget):
    """Sections one under the other, in the order in which they are used.

    Attributes:
        nodule: The look of a nodule, shown while its tool is chosen.
        shapes: Shapes to pick from, shown with it.
        highlight: What is abnormal, and its hot spots.
        variations: Accept, reject, variations.
        options: Grain, grow, feather, seed.
        edits: The stack of edits.
        masks: Which mask is shown.
        histogram: The window's edges over the histogram.
        windows: The windows to choose from.
    """

    def __init__(self, card: QWidget, parent: QWidget | None = None) -> None:
        super().__init__("Inpainting", parent)
        self.setObjectName("side-panel")
        self.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        self.setTitleBarWidget(QWidget())
        self.nodule = NodulePanel()
        self.shapes = ShapeStrip()
        self.highlight = HighlightPanel()
        self.variations = VariationsStrip()
        self.options = OptionsPanel()
        self.edits = EditsList()
        self.masks = MaskChoice()
        self.histogram = HistogramPanel()
        self.windows = QComboBox()
        self.windows.setAccessibleName("Window")
        self.windows.setToolTip("Windows of the file, percentiles, full range")
        self.windows.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._headings: dict[str, QLabel] = {}
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 6, 12, 10)
        column.setSpacing(6)
        for title, widgets in (
            ("Nodule", (self.nodule, self.shapes)),
            ("Fill", (self.variations,)),
            ("Highlight", (self.highlight,)),
            ("Edits", (self.edits,)),
            ("Options", (self.options,)),
            ("Shown mask", (self.masks,)),
            ("Display", (self.windows, self.histogram)),
            ("Generator", (card,)),
        ):
            heading = self._headings[title] = _section(title)
            column.addWidget(heading)
            for widget in widgets:
                column.addWidget(widget)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(body)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumWidth(WIDTH)
        self.setWidget(area)
        self.show_nodule(False)

    def show_nodule(self, shown: bool) -> None:
        """Show the nodule's fields in place of the fill's, or the other way round."""
        for title, widget in (("Nodule", self.nodule), ("Fill", self.variations), ("Options", self.options)):
            self._headings[title].setVisible(shown == (title == "Nodule"))
            widget.setVisible(shown == (title == "Nodule"))
        self.shapes.setVisible(shown)

    def set_windows(self, titles: list[str]) -> None:
        """Offer these windows; none is marked until the user chooses."""
        with QSignalBlocker(self.windows):
            self.windows.clear()
            self.windows.addItems(titles)
            self.windows.setCurrentIndex(0 if titles else -1)

    def mark_window(self, index: int) -> None:
        """Mark the window in force; -1 for one that was dragged."""
        with QSignalBlocker(self.windows):
            self.windows.setCurrentIndex(index)


def _section(title: str) -> QLabel:
    label = QLabel(title)
    label.setProperty("section", True)
    label.setIndent(0)
    return label
