"""Window and level, inversion, and what is read out under the crosshair."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cxr_studio.masks.boxes import bounding_box, padded
from cxr_studio.radiographs.percentiles import TAILS
from cxr_studio.radiographs.presets import default_window, percentile_window, region_window
from cxr_studio.radiographs.window import Window
from cxr_studio.ui.display.readout import Readout, position_text, value_text
from cxr_studio.ui.display.windowing import WindowChoice, between, dragged, straight, window_choices
from cxr_studio.ui.shell.workspace import Workspace


class DisplayController(QObject):
    """Keeps the window that all panes share.

    Signals:
        windowed: (Window or None) the window changed; None ignores the VOI.
        inverted_changed: (bool) the shown grey is inverted, over and above MONOCHROME1.
        choices_changed: (tuple of WindowChoice) another radiograph offers other windows.
        read_out: (position, values) texts for the status bar, both "" outside the image.
    """

    windowed = Signal(object)
    inverted_changed = Signal(bool)
    choices_changed = Signal(object)
    read_out = Signal(str, str)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.window: Window | None = None
        self.inverted = False
        self.choices: tuple[WindowChoice, ...] = ()
        self._table: NDArray[np.uint8] | None = None
        workspace.opened.connect(self._open)
        workspace.closed.connect(self._close)

    def set_window(self, window: Window | None) -> None:
        """Show through this window."""
        self.window, self._table = window, None
        self.windowed.emit(window)

    def choose(self, index: int) -> None:
        """Take a line of the window menu."""
        if 0 <= index < len(self.choices):
            self.set_window(self.choices[index].window)

    @property
    def chosen(self) -> int:
        """Line of the window menu that is in force, -1 for a window that was dragged."""
        return next((place for place, choice in enumerate(self.choices) if _same(choice.window, self.window)), -1)

    def drag(self, dx: float, dy: float) -> None:
        """Follow a drag: right widens, down darkens; on an inverted display down darkens too."""
        session = self._workspace.session
        if session is None:
            return
        low, high = session.radiograph.grey.modality_range
        flipped = session.radiograph.grey.inverted != self.inverted
        window = straight(session.radiograph, self.window)
        self.set_window(dragged(window, dx=dx, dy=-dy if flipped else dy, span=self._span(high - low)))

    def set_edges(self, low: float, high: float) -> None:
        """Take the edges that were dragged in the histogram, modality values."""
        if self._workspace.session is not None:
            self.set_window(between(low, high))

    def reset(self) -> None:
        """Back to the radiograph's default window, not inverted."""
        session = self._workspace.session
        if session is not None:
            self.set_inverted(False)
            self.set_window(default_window(session.radiograph))

    def percentiles(self) -> None:
        """From the darkest to the brightest 0.1 %."""
        session = self._workspace.session
        if session is not None:
            self.set_window(percentile_window(session.radiograph, *TAILS))

    def fit_to_mask(self) -> None:
        """Spread the window over the surroundings of the mask."""
        session = self._workspace.session
        box = None if session is None else bounding_box(session.mask)
        if session is not None and box is not None:
            self.set_window(region_window(session.radiograph, padded(box, 64, session.radiograph.shape)))

    def set_inverted(self, inverted: bool) -> None:
        """Show bright as dark."""
        if inverted != self.inverted:
            self.inverted = inverted
            self.inverted_changed.emit(inverted)

    def read(self, y: float | None, x: float | None) -> None:
        """Tell what is under the crosshair; None outside the image."""
        session, composite = self._workspace.session, self._workspace.composite
        if session is None or composite is None or y is None or x is None:
            self.read_out.emit("", "")
            return
        row, column = round(y), round(x)
        height, width = session.radiograph.shape
        if not (0 <= row < height and 0 <= column < width):
            self.read_out.emit("", "")
            return
        stored, grey = session.radiograph.stored, session.radiograph.grey
        if self._table is None:
            self._table = grey.display_table(self.window)
        shown = int(self._table[int(stored[row, column]) + grey.offset])
        readout = Readout(
            row,
            column,
            int(stored[row, column]),
            int(composite.image[row, column]),
            255 - shown if self.inverted else shown,
        )
        self.read_out.emit(position_text(y, x, session.radiograph.spacing), value_text(readout))

    def _span(self, legal: float) -> float:
        """Range that a full drag covers: that of the default window, so that 12-bit values in 16 bits drag well."""
        session = self._workspace.session
        if session is None:
            return legal
        low, high = default_window(session.radiograph).edges() if self._default is None else self._default
        return min(legal, 2 * (high - low))

    _default: tuple[float, float] | None = None

    @Slot()
    def _open(self) -> None:
        session = self._workspace.session
        if session is None:
            return
        window = default_window(session.radiograph)
        self._default = window.edges()
        self.choices = window_choices(session.radiograph)
        self.choices_changed.emit(self.choices)
        self.set_inverted(False)
        self.set_window(window)

    @Slot()
    def _close(self) -> None:
        self.choices = ()
        self.choices_changed.emit(())
        self.read_out.emit("", "")


def _same(first: Window | None, second: Window | None) -> bool:
    if first is None or second is None:
        return first is second
    return first.name == second.name and first.edges() == second.edges()
