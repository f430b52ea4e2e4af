"""The status bar's fields: position, value, zoom, window, generator, device, latency."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar

from cxr_studio.ui.shell.elided_label import ElidedLabel

FIELDS: tuple[tuple[str, str, int], ...] = (
    ("position", "Position in pixels and, where the spacing is known, in mm with its origin", 250),
    ("value", "Stored value, and grey level on the screen", 190),
    ("zoom", "Screen pixels per image pixel", 60),
    ("window", "Window centre and width, modality values", 130),
    ("brush", "Size of the tool, in image pixels and where the spacing is known in mm", 90),
)
"""Name, tip and least width in logical pixels of the fields at the left."""

RIGHT: tuple[tuple[str, str], ...] = (
    ("state", "What the generator is doing"),
    ("device", "Device that the generator runs on"),
    ("latency", "From request to answer"),
)


SECONDS_FROM = 1.0
"""Times from here on are told in seconds."""
PENDING = "…"
"""In place of a time that is not known yet."""


def time_text(seconds: float) -> str:
    """``42 ms`` or ``1.3 s``."""
    return f"{seconds:.1f} s" if seconds >= SECONDS_FROM else f"{seconds * 1000:.0f} ms"


class StatusFields(QStatusBar):
    """Named labels.

    Args:
        fields: At the left: name, tip, least width.
        right: At the right: name, tip.
    """

    def __init__(
        self, fields: Sequence[tuple[str, str, int]] = FIELDS, right: Sequence[tuple[str, str]] = RIGHT
    ) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self._labels: dict[str, QLabel] = {}
        for name, tip, width in fields:
            label = self._labels[name] = _field(tip)
            label.setMinimumWidth(width)
            self.addWidget(label)
        for name, tip in right:
            label = self._labels[name] = _field(tip)
            self.addPermanentWidget(label)

    def minimumSizeHint(self) -> QSize:
        """No width of its own: a window need not grow for a long value."""
        return QSize(0, super().minimumSizeHint().height())

    def set_field(self, name: str, text: str) -> None:
        """Show text in a field."""
        label = self._labels[name]
        if label.text() != text:
            label.setText(text)

    def field(self, name: str) -> str:
        """What a field shows."""
        return self._labels[name].text()


def _field(tip: str) -> ElidedLabel:
    """A field that gives way where there is no room: the middle of a long name goes first."""
    label = ElidedLabel(elide=Qt.TextElideMode.ElideMiddle)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    label.setToolTip(tip)
    return label
