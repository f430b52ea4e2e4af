"""How the original and the inpainted image are compared, and the proof that the rest is untouched."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cxr_studio.ui.compare.proof import proved
from cxr_studio.ui.shell.workspace import Workspace

GAINS = (1.0, 16.0)
DEFAULT_GAIN = 2.0
"""Gain of the difference images in the context-encoder paper."""
PROOF_DELAY_MS = 120
"""The proof is counted when the image has rested for so long."""


class ComparisonController(QObject):
    """Difference mode and gain, flicker, swipe, and the badge.

    Signals:
        difference_changed: (mode "signed" or "absolute", gain 1-16).
        flicker_changed: (bool) the inpainted pane shows the original while True.
        swipe_changed: (bool) the swipe line is shown.
        proved: (sentence, count of changed pixels outside the mask); "" and 0 with nothing open.
    """

    difference_changed = Signal(str, float)
    flicker_changed = Signal(bool)
    swipe_changed = Signal(bool)
    proved = Signal(str, int)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.mode = "signed"
        self.gain = DEFAULT_GAIN
        self.flicker = False
        self.swipe = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PROOF_DELAY_MS)
        self._timer.timeout.connect(self.prove)
        for signal in (workspace.opened, workspace.closed, workspace.image_touched, workspace.mask_settled):
            signal.connect(self._later)

    def set_mode(self, mode: str) -> None:
        """Show signed or absolute differences."""
        self.set_difference(mode, self.gain)

    def set_gain(self, gain: float) -> None:
        """Show the difference so many times stronger, 1-16."""
        self.set_difference(self.mode, gain)

    def set_difference(self, mode: str, gain: float) -> None:
        """Show the difference in this mode, so many times stronger, 1-16."""
        self.mode, self.gain = mode, min(max(gain, GAINS[0]), GAINS[1])
        self.difference_changed.emit(self.mode, self.gain)

    def set_flicker(self, on: bool) -> None:
        """Show the original in place of the inpainted image while the key is held."""
        if on != self.flicker:
            self.flicker = on
            self.flicker_changed.emit(on)

    def set_swipe(self, on: bool) -> None:
        """Show the swipe line."""
        if on != self.swipe:
            self.swipe = on
            self.swipe_changed.emit(on)

    @Slot()
    def prove(self) -> None:
        """Count the pixels that differ from the original outside the masks of the edits and the painted one."""
        session, composite = self._workspace.session, self._workspace.composite
        if session is None or composite is None:
            self.proved.emit("", 0)
            return
        self.proved.emit(*proved(session, composite.image, self._workspace.whole))

    def close(self) -> None:
        """Stop waiting to count."""
        self._timer.stop()

    @Slot()
    def _later(self) -> None:
        self._timer.start()
