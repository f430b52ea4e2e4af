"""The status bar: position and value on the left, engine and tool on the right."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

SECONDS_FROM = 1.0
"""Latencies from here on are told in seconds."""


class StatusLine(QStatusBar):
    """Quiet words; nothing here moves the layout as it changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._position = _label(270, "Position under the pointer, with the origin of the millimetres")
        self._values = _label(250, "Stored value and shown grey under the pointer")
        self._tool = _label(0, "Tool settings")
        self._window = _label(0, "Window centre and width")
        self._zoom = _label(0, "Zoom")
        self._engine = _label(0, "Device and time of the newest fill")
        self.addWidget(self._position)
        self.addWidget(self._values, 1)
        for label in (self._tool, self._window, self._zoom, self._engine):
            self.addPermanentWidget(label)
        self._words = ""
        self._timing = ""

    def set_readout(self, position: str, values: str) -> None:
        """Show what is under the pointer."""
        self._position.setText(position)
        self._values.setText(values)

    def set_tool(self, text: str) -> None:
        """Show the tool's settings."""
        self._tool.setText(text)

    def set_window(self, centre: float | None, width: float | None) -> None:
        """Show the window; None when the VOI is ignored."""
        self._window.setText("VOI ignored" if centre is None or width is None else f"W {width:.0f} · L {centre:.0f}")

    def clear_image(self) -> None:
        """Nothing is open."""
        for label in (self._position, self._values, self._window, self._zoom):
            label.clear()

    def set_zoom(self, scale: float) -> None:
        """Show the zoom: logical screen pixels per image pixel."""
        self._zoom.setText(f"{scale * 100:.0f} %")

    def set_state(self, words: str) -> None:
        """Show what the engine is busy with; "" shows the last timing."""
        self._words = words
        self._engine.setText(self._words or self._timing)

    def set_timing(self, device: str, seconds: float) -> None:
        """Show device and time of the newest fill."""
        took = f"{seconds:.1f} s" if seconds >= SECONDS_FROM else f"{seconds * 1000:.0f} ms"
        self._timing = f"{device.upper()} · {took}"
        self.set_state("")

    def set_device(self, device: str) -> None:
        """Show the device before the first fill."""
        if not self._timing:
            self._timing = f"Ready · {device}"
            self.set_state(self._words)

    @property
    def engine_text(self) -> str:
        """What is said about the engine."""
        return self._engine.text()

    @property
    def position_text(self) -> str:
        """What is said about the position."""
        return self._position.text()

    @property
    def values_text(self) -> str:
        """What is said about the values."""
        return self._values.text()


def _label(width: int, name: str) -> QLabel:
    label = QLabel()
    label.setMinimumWidth(width)
    label.setContentsMargins(8, 0, 8, 0)
    label.setAccessibleName(name)
    label.setToolTip(name)
    return label
