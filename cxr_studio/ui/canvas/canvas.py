"""The canvas: paints only what is exposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from cxr_studio.masks.boxes import Box, is_empty
from cxr_studio.ui.canvas.corner_painter import corners_area, draw_corners
from cxr_studio.ui.canvas.geometry import Geometry
from cxr_studio.ui.canvas.guide_painter import (
    crosshair_region,
    draw_crosshair,
    draw_guides,
    draw_swipe_names,
    guides_region,
)
from cxr_studio.ui.canvas.highlight_painter import draw_highlight, draw_marks
from cxr_studio.ui.canvas.magnifier import draw_magnifier, magnifier_region
from cxr_studio.ui.canvas.pointer_widget import PointerWidget
from cxr_studio.ui.canvas.rendering import Kind, Rendering
from cxr_studio.ui.canvas.scale_bar import draw_scale_bar, scale_bar_area
from cxr_studio.ui.canvas.scene import Scene
from cxr_studio.ui.tools.guides import Guide

BACKGROUND = QColor(8, 9, 11)
LEAST_SIZE = 120, 80
"""Logical pixels across and down that a pane's image keeps: two rows of panes fit a screen at 200 %."""
FRAME_MS = 16
"""A screen's frame."""

SWIPE_REACH = 8
"""Logical pixels from the swipe line within which it is taken hold of."""


class Canvas(PointerWidget):
    """One view of the scene.

    Args:
        scene: What it shows.
        kind: Which of its images.
        parent: Where it is.
    """

    scale_bar = True

    def __init__(self, scene: Scene, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene = scene
        self.kind = kind
        self._guides: Sequence[Guide] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(*LEAST_SIZE)
        self.setAccessibleName(f"{kind} image")
        self._geometry: Geometry | None = None
        self._drawn = QRegion()
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self.update_guides)
        scene.repaint.connect(self._update_all)
        scene.repaint_box.connect(self._update_box)
        scene.restained.connect(self._update_greys)
        scene.view.crosshair_moved.connect(self._guides_moved)

    @property
    def geometry_now(self) -> Geometry:
        """How the image lies in this pane."""
        ratio = self.devicePixelRatioF()
        if self._geometry is None or self._geometry.ratio != ratio:
            width, height = round(self.width() * ratio), round(self.height() * ratio)
            self._geometry = self.scene.view.geometry(width, height, ratio)
        return self._geometry

    def set_guides(self, guides: Sequence[Guide]) -> None:
        """Draw these outlines over the image."""
        if guides or self._guides:
            self._guides = guides
            self._guides_moved()

    @Slot()
    def update_guides(self) -> None:
        """Paint again where the outlines and the crosshair are and were."""
        if not self.isVisible():
            return
        now = self._guide_region()
        self.update(self._drawn + now)
        self._drawn = now

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Everything moves."""
        super().resizeEvent(event)
        self._update_all()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the exposed rectangle and draw the outlines over it."""
        painter = QPainter(self)
        if self.scene.empty:
            painter.fillRect(event.rect(), BACKGROUND)
            return
        geometry = self.geometry_now
        rendering = self.scene.rendering(geometry)
        self._paint_image(painter, rendering, event.rect())
        self._paint_swipe(painter, rendering)
        for lines in self.scene.lines.values():
            draw_guides(painter, geometry, lines)
        draw_guides(painter, geometry, self._guides)
        if self._highlighted and self.scene.highlight is not None:
            draw_marks(painter, self.scene.highlight, geometry, kind=self.kind, exposed=event.region())
        corners = self.scene.corners
        if corners is not None and any(event.region().intersects(area) for area in corners_area(geometry)):
            shown = corners(geometry)
            legend = self._highlighted and self.scene.highlight is not None and self.scene.highlight.pane == self.kind
            draw_corners(painter, geometry, replace(shown, top_left="") if legend else shown)
        draw_magnifier(painter, self.scene, geometry, kind=self._kind_shown)
        if self._crosshair is not None:
            draw_crosshair(painter, geometry, self._crosshair)
        if self.scale_bar and event.region().intersects(scale_bar_area(geometry)):
            draw_scale_bar(painter, geometry, self.scene.spacing)

    def _paint_image(self, painter: QPainter, rendering: Rendering, exposed: QRect) -> None:
        ratio = rendering.geometry.ratio
        inside = _logical(rendering.image_box, ratio)
        if not inside.contains(QRectF(exposed)):
            painter.fillRect(exposed, BACKGROUND)
        image = rendering.image(self._kind_shown, self.scene.difference_style)
        _blit(painter, image, QRectF(exposed).intersected(inside), ratio)
        if self._highlighted and self.scene.highlight is not None:
            shown = QRectF(exposed).intersected(inside)
            draw_highlight(painter, self.scene.highlight, rendering.geometry, kind=self.kind, exposed=shown)
        if self.scene.mask is not None and self.scene.overlay_style.visible and not self.scene.flicker:
            overlay = rendering.overlay(self.scene.mask, self.scene.overlay_style, self.kind)
            _blit(painter, overlay, QRectF(exposed).intersected(_logical(rendering.painted, ratio)), ratio)

    def _paint_swipe(self, painter: QPainter, rendering: Rendering) -> None:
        share = self.scene.swipe
        if share is None or self.kind != "inpainted":
            return
        place = share * self.width()
        before = QRectF(0, 0, place, self.height()).intersected(_logical(rendering.image_box, rendering.geometry.ratio))
        _blit(painter, rendering.image("original", self.scene.difference_style), before, rendering.geometry.ratio)
        painter.setPen(QPen(QColor(255, 255, 255, 160), 1))
        painter.drawLine(QPointF(place, 0), QPointF(place, self.height()))
        draw_swipe_names(painter, place)

    @Slot()
    def _guides_moved(self) -> None:
        """Follow the pointer at once where it is, and in the linked panes as often as a screen shows it."""
        if self.under_pointer:
            self.update_guides()
        elif not self._frame.isActive():
            self._frame.start()

    def _guide_region(self) -> QRegion:
        if self.scene.empty:
            return QRegion()
        geometry = self.geometry_now
        lines = guides_region(geometry, self._guides) + crosshair_region(geometry, self._crosshair)
        return lines + magnifier_region(geometry, self.scene.magnified)

    @property
    def _kind_shown(self) -> Kind:
        return "original" if self.kind == "inpainted" and self.scene.flicker else self.kind

    @property
    def _highlighted(self) -> bool:
        """Whether the map is over this pane; not while the inpainted one shows the original."""
        return self.scene.highlight is not None and not (self.kind == "inpainted" and self.scene.flicker)

    @property
    def _crosshair(self) -> tuple[float, float] | None:
        """Shown where the pointer is not: under it the cursor says the same."""
        return None if self.under_pointer else self.scene.view.crosshair

    @Slot()
    def _update_all(self) -> None:
        self._geometry = None
        self.update()
        self._drawn = self._guide_region() if self.isVisible() else QRegion()

    @Slot(object)
    def _update_greys(self, differs: Box) -> None:
        """Another window: a difference stays zero where both images are alike."""
        if self.kind != "difference":
            self.update()
        elif not is_empty(differs):
            self._update_box(differs)

    @Slot(object)
    def _update_box(self, box: Box) -> None:
        if not self.isVisible():
            return
        geometry = self.geometry_now
        dirty = _logical(geometry.device_box(box, margin=3), geometry.ratio)
        self.update(dirty.toAlignedRect())

    def takes(self, place: QPointF) -> bool:
        """The swipe line is taken hold of where it is pressed."""
        share = self.scene.swipe
        near = share is not None and abs(place.x() - share * self.width()) <= SWIPE_REACH
        return near and self.kind == "inpainted"

    def taken_to(self, place: QPointF) -> None:
        """Pull the swipe line."""
        self.scene.set_swipe(place.x() / max(1, self.width()))


def _logical(box: Box, ratio: float) -> QRectF:
    return QRectF(box[1] / ratio, box[0] / ratio, (box[3] - box[1]) / ratio, (box[2] - box[0]) / ratio)


def _blit(painter: QPainter, image: object, place: QRectF, ratio: float) -> None:
    """Copy a rectangle of a device-sized image without scaling."""
    if place.isEmpty():
        return
    source = QRectF(place.x() * ratio, place.y() * ratio, place.width() * ratio, place.height() * ratio)
    painter.drawImage(place, image, source)  # type: ignore[call-overload]
