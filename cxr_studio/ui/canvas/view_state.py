"""Zoom and pan shared by the linked panes, and the geometry of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from PySide6.QtCore import QObject, Signal

from cxr_studio.masks.boxes import Box

MIN_SCALE, MAX_SCALE = 0.02, 64.0
"""Logical screen pixels per image pixel, at least and at most."""

WHOLE = 1e-6
"""A scale this near to a whole number is one."""

FIT_MARGIN = 0.98
"""Share of the pane that a fitted image takes."""


@dataclass(frozen=True)
class Geometry:
    """How an image lies in a pane.

    Attributes:
        width: Pane width in device pixels.
        height: Pane height in device pixels.
        scale: Device pixels per image pixel.
        y: Image row at the pane's centre.
        x: Image column at the pane's centre.
        ratio: Device pixels per logical pixel.
    """

    width: int
    height: int
    scale: float
    y: float
    x: float
    ratio: float = 1.0

    def to_image(self, left: float, top: float) -> tuple[float, float]:
        """Image point ``(y, x)`` under a device point; the centre of the first pixel is (0, 0)."""
        return (
            self.y + (top - self.height / 2) / self.scale - 0.5,
            self.x + (left - self.width / 2) / self.scale - 0.5,
        )

    def to_device(self, y: float, x: float) -> tuple[float, float]:
        """Device point ``(left, top)`` of an image point."""
        return (
            (x + 0.5 - self.x) * self.scale + self.width / 2,
            (y + 0.5 - self.y) * self.scale + self.height / 2,
        )

    def device_box(self, box: Box, *, margin: int = 0) -> Box:
        """Device rectangle that shows a box of the image, cut to the pane; margin in device pixels."""
        left, top = self.to_device(box[0] - 0.5, box[1] - 0.5)
        right, bottom = self.to_device(box[2] - 0.5, box[3] - 0.5)
        return (
            max(0, floor(top) - margin),
            max(0, floor(left) - margin),
            min(self.height, floor(bottom) + 1 + margin),
            min(self.width, floor(right) + 1 + margin),
        )


def _on_grid(centre: float, scale: float, length: int) -> float:
    """Centre nearest to the wanted one with which image pixels begin at whole device pixels, and stay crisp."""
    return (length / 2 - round(length / 2 - centre * scale)) / scale


class ViewState(QObject):
    """Scale and centre; all linked panes show the same.

    Signals:
        changed: Scale or centre changed.
        crosshair_moved: The shared crosshair moved.
        rescaled: A fitted image has another scale, as its pane has another size.
    """

    changed = Signal()
    rescaled = Signal()
    crosshair_moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shape = (1, 1)
        self.scale = 1.0
        self.y = 0.5
        self.x = 0.5
        self.fitted = True
        self.crosshair: tuple[float, float] | None = None

    def set_image(self, shape: tuple[int, int]) -> None:
        """Show another image, fitted."""
        self.shape = shape
        self.fitted = True
        self.y, self.x = shape[0] / 2, shape[1] / 2
        self.changed.emit()

    def fit(self) -> None:
        """Show the whole image in every pane."""
        self.fitted = True
        self.y, self.x = self.shape[0] / 2, self.shape[1] / 2
        self.changed.emit()

    def zoom_to(self, scale: float, *, about: tuple[float, float] | None = None) -> None:
        """Set logical screen pixels per image pixel; the image point ``about``, else the centre, stays in place."""
        if about is not None:
            self.zoom_by(scale / self.scale, about=about)
            return
        self.fitted = False
        self.scale = min(max(scale, MIN_SCALE), MAX_SCALE)
        self.changed.emit()

    def zoom_by(self, factor: float, *, about: tuple[float, float]) -> None:
        """Scale by a factor; the image point ``about`` stays in place."""
        new = min(max(self.scale * factor, MIN_SCALE), MAX_SCALE)
        share = self.scale / new
        self.y = about[0] + 0.5 + (self.y - about[0] - 0.5) * share
        self.x = about[1] + 0.5 + (self.x - about[1] - 0.5) * share
        self.scale, self.fitted = new, False
        self._keep_inside()

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the image by logical screen pixels."""
        self.fitted = False
        self.y -= dy / self.scale
        self.x -= dx / self.scale
        self._keep_inside()

    def centre_on(self, y: float, x: float) -> None:
        """Bring an image point to the middle of the panes."""
        self.fitted, self.y, self.x = False, y, x
        self._keep_inside()

    def set_crosshair(self, point: tuple[float, float] | None) -> None:
        """Move the crosshair, or take it away."""
        if point != self.crosshair:
            self.crosshair = point
            self.crosshair_moved.emit()

    def geometry(self, width: int, height: int, ratio: float) -> Geometry:
        """How the image lies in a pane of this size in device pixels."""
        scale = self.scale * ratio
        if self.fitted:
            scale = max(FIT_MARGIN * min(height / self.shape[0], width / self.shape[1]), MIN_SCALE * ratio)
            if scale != self.scale * ratio:
                self.scale = scale / ratio
                self.rescaled.emit()
        y, x = self.y, self.x
        if scale >= 1.0 and abs(scale - round(scale)) < WHOLE:
            y, x = _on_grid(y, scale, height), _on_grid(x, scale, width)
        return Geometry(max(1, width), max(1, height), scale, y, x, ratio)

    def _keep_inside(self) -> None:
        self.y = min(max(self.y, 0.0), float(self.shape[0]))
        self.x = min(max(self.x, 0.0), float(self.shape[1]))
        self.changed.emit()
