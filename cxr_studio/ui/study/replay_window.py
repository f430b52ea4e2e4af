"""A trial played back as a reader saw it: window, zoom, place and pointer over time. For the study's owner."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from cxr_studio.radiographs.window import Window
from cxr_studio.studies.trace import Trace
from cxr_studio.ui.study.pictures_ahead import Picture
from cxr_studio.ui.study.trial_canvas import TrialImages
from cxr_studio.ui.theme.style import colours, style_sheet
from cxr_studio.ui.theme.tokens import DARK
from cxr_studio.ui.tools.guides import Ring, Trail

TICK_MS = 33
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
STEP_MS = 100
POINTER_PIXELS = 9.0
"""Radius of the pointer's ring, logical screen pixels."""

Load = Callable[[str], Picture]


class ReplayWindow(QWidget):
    """Plays traces.

    Args:
        traces: Of one reader, at least one.
        load: Reads an image of the bundle by name.
        first: Which trace to begin with, from 0.
    """

    def __init__(self, traces: Sequence[Trace], load: Load, *, first: int = 0) -> None:
        super().__init__()
        self.setWindowTitle(f"Replay: {traces[0].reader} – CXR Studio")
        self.setPalette(colours(DARK))
        self.setStyleSheet(style_sheet(DARK) + f"ReplayWindow {{ background: {DARK.window}; }}")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._traces, self._load, self._place = traces, load, first
        self.now_ms = 0.0
        self.images = TrialImages()
        self.words, self.time = QLabel(), QLabel()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.speed = QComboBox()
        self.play = QPushButton("Play   Space")
        self._timer, self._since = QTimer(self), QElapsedTimer()
        self._timer.setInterval(TICK_MS)
        self._lay_out()
        self._timer.timeout.connect(self._tick)
        self.play.clicked.connect(lambda _checked=False: self.toggle())
        self.slider.valueChanged.connect(lambda value: self.go_to(float(value)))
        self.resize(1500, 940)
        self.open_trial(first)

    @property
    def trace(self) -> Trace:
        """What is shown."""
        return self._traces[self._place]

    @property
    def playing(self) -> bool:
        """Whether time goes on."""
        return self._timer.isActive()

    def open_trial(self, place: int) -> None:
        """Show another trial from its start; a place that does not exist is left alone."""
        if not 0 <= place < len(self._traces):
            return
        self.stop()
        self._place = place
        self.images.open([self._load(name) for name in self.trace.images])
        self.words.setText(_words(self.trace, len(self._traces)))
        self.slider.setRange(0, max(1, round(self.trace.length_ms)))
        self.go_to(0.0)

    def toggle(self) -> None:
        """Play or stop; from the end, play again."""
        if self.playing:
            self.stop()
            return
        if self.now_ms >= self.trace.length_ms:
            self.go_to(0.0)
        self._since.start()
        self._timer.start()
        self.play.setText("Stop   Space")

    def stop(self) -> None:
        """Stand still."""
        self._timer.stop()
        self.play.setText("Play   Space")

    def go_to(self, ms: float) -> None:
        """Show the trial as it was at a time."""
        self.now_ms = min(max(ms, 0.0), self.trace.length_ms)
        self.slider.blockSignals(True)
        self.slider.setValue(round(self.now_ms))
        self.slider.blockSignals(False)
        self.time.setText(f"{self.now_ms / 1000:.1f} of {self.trace.length_ms / 1000:.1f} s")
        view, pointer = self.trace.at(self.now_ms)
        self._look(view)
        self._point(pointer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space plays, arrows step in time, Page Up and Page Down change the trial, Escape closes."""
        key = event.key()
        if key == Qt.Key.Key_Space:
            self.toggle()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.stop()
            self.go_to(self.now_ms + (STEP_MS if key == Qt.Key.Key_Right else -STEP_MS))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.open_trial(self._place + (1 if key == Qt.Key.Key_PageDown else -1))
        elif key == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _tick(self) -> None:
        self.go_to(self.now_ms + self._since.restart() * float(self.speed.currentData()))
        if self.now_ms >= self.trace.length_ms:
            self.stop()

    def _look(self, view: Mapping[str, Any] | None) -> None:
        """The logged view, scaled so that this window's panes show what the reader's showed."""
        scene = self.images.scene
        if view is None:
            scene.set_window(None)
            self.images.look_from_start()
            return
        window = view.get("window")
        scene.set_window(None if window is None else Window(float(window[0]), float(window[1])))
        canvas = self.images.canvases[0]
        width, height = view.get("pane") or (canvas.width(), canvas.height())
        share = min(canvas.width() / max(width, 1), canvas.height() / max(height, 1))
        scene.view.zoom_to(float(view["scale"]) * share)
        scene.view.centre_on(float(view["y"]), float(view["x"]))

    def _point(self, pointer: Mapping[str, Any] | None) -> None:
        for canvas in self.images.canvases:
            canvas.set_guides(())
        if pointer is None:
            return
        y, x = float(pointer["y"]), float(pointer["x"])
        reach = POINTER_PIXELS / max(self.images.scene.view.scale, 1e-3)
        cross = (Trail(((y - reach, x), (y + reach, x))), Trail(((y, x - reach), (y, x + reach))))
        for canvas in self.images.canvases[: self.images.count]:
            if self.images.side_of(canvas) == pointer.get("side", ""):
                canvas.set_guides((Ring((y, x), reach), *cross))

    def _lay_out(self) -> None:
        for speed in SPEEDS:
            self.speed.addItem(f"{speed:g} ×", speed)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.speed.setAccessibleName("Speed")
        self.slider.setAccessibleName("Time")
        row = QHBoxLayout()
        row.setSpacing(12)
        before, after = QPushButton("Before   PgUp"), QPushButton("Next   PgDn")
        before.clicked.connect(lambda _checked=False: self.open_trial(self._place - 1))
        after.clicked.connect(lambda _checked=False: self.open_trial(self._place + 1))
        for widget in (self.play, before, after, self.speed):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(widget)
        self.slider.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row.addWidget(self.slider, 1)
        row.addWidget(self.time)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.addWidget(self.words)
        column.addWidget(self.images, 1)
        column.addLayout(row)


def _words(trace: Trace, count: int) -> str:
    given = "no answer" if trace.choice is None else f"{trace.choice} ({_judged(trace)})"
    took = "" if trace.rt_ms is None else f" after {trace.rt_ms / 1000:.2f} s"
    return f"Answer {trace.number} of {count}, {trace.phase}, trial {trace.trial}:  {given}{took}"


def _judged(trace: Trace) -> str:
    return "correct" if trace.choice == trace.truth else f"wrong, it is {trace.truth}"
