"""Zoom, pan and turn shared by the linked panes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from cxr_studio.ui.canvas.geometry import UPRIGHT, Geometry, Turn

MIN_SCALE, MAX_SCALE = 0.02, 64.0
"""Logical screen pixels per image pixel, at least and at most."""

WHOLE = 1e-6
"""A scale this near to a whole number is one."""

FIT_MARGIN = 0.98
"""Share of the pane that a fitted image takes."""


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
        self.turn = UPRIGHT
        self.crosshair: tuple[float, float] | None = None

    def set_image(self, shape: tuple[int, int]) -> None:
        """Show another image, fitted and upright."""
        self.shape = shape
        self.turn = UPRIGHT
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
        right, down = self.turn.to_image(dx, dy)
        self.y -= down / self.scale
        self.x -= right / self.scale
        self._keep_inside()

    def centre_on(self, y: float, x: float) -> None:
        """Bring an image point to the middle of the panes."""
        self.fitted, self.y, self.x = False, y, x
        self._keep_inside()

    def set_turn(self, turn: Turn) -> None:
        """Turn the display; what is in the middle of the panes stays there."""
        self.turn = turn
        self.changed.emit()

    def set_crosshair(self, point: tuple[float, float] | None) -> None:
        """Move the crosshair, or take it away."""
        if point != self.crosshair:
            self.crosshair = point
            self.crosshair_moved.emit()

    def geometry(self, width: int, height: int, ratio: float) -> Geometry:
        """How the image lies in a pane of this size in device pixels."""
        scale = self.scale * ratio
        across, down = (height, width) if self.turn.odd else (width, height)
        if self.fitted:
            scale = max(FIT_MARGIN * min(down / self.shape[0], across / self.shape[1]), MIN_SCALE * ratio)
            if scale != self.scale * ratio:
                self.scale = scale / ratio
                self.rescaled.emit()
        y, x = self.y, self.x
        if scale >= 1.0 and abs(scale - round(scale)) < WHOLE:
            y, x = _on_grid(y, scale, down), _on_grid(x, scale, across)
        return Geometry(max(1, width), max(1, height), scale, y, x, ratio, self.turn)

    def _keep_inside(self) -> None:
        self.y = min(max(self.y, 0.0), float(self.shape[0]))
        self.x = min(max(self.x, 0.0), float(self.shape[1]))
        self.changed.emit()
