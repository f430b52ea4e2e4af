"""A figure of the panes for a paper: images at the print's own resolution, names, measures, scale bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QPainter, QRegion

from cxr_studio.ui.canvas.geometry import Geometry
from cxr_studio.ui.canvas.guide_painter import draw_guides
from cxr_studio.ui.canvas.highlight_painter import draw_highlight, draw_marks
from cxr_studio.ui.canvas.pane import TITLES
from cxr_studio.ui.canvas.rendering import Kind
from cxr_studio.ui.canvas.scale_bar import draw_scale_bar
from cxr_studio.ui.canvas.scene import Scene

DPI = 300
"""Dots per inch, what journals ask of half-tones."""
WIDTH_MM = 180.0
"""Width of a figure over two columns."""
GAP_MM, TITLE_MM = 2.0, 5.5
"""Between panels, and of the line of names above them."""
TEXT_PX, TEXT_PT = 12.0, 8.0
"""Height of the window's words in logical pixels, and of the figure's in points."""
RATIO = TEXT_PT / 72 * DPI / TEXT_PX
"""Dots of a logical pixel, so that words and lines have a print's size."""


def dots(mm: float) -> int:
    """Millimetres on paper in dots."""
    return round(mm / 25.4 * DPI)


@dataclass(frozen=True)
class Panel:
    """One pane of the figure.

    Attributes:
        kind: What it shows.
        place: Of its image, dots.
        geometry: How the image lies in it.
    """

    kind: Kind
    place: QRectF
    geometry: Geometry


def laid_out(scene: Scene, rows: Sequence[Sequence[Kind]], pane: Geometry) -> tuple[list[Panel], QSize]:
    """Panels of the figure and its size in dots.

    Args:
        scene: What is shown.
        rows: Panes of every row.
        pane: How the image lies in a pane of the window: a fitted image is shown whole, without margins; else the
            figure shows what the pane shows.
    """
    panels, top, width = [], 0, dots(WIDTH_MM)
    for row in rows:
        across = (width - dots(GAP_MM) * (len(row) - 1)) // len(row)
        geometry = _geometry(scene, pane, across)
        top += dots(TITLE_MM)
        for number, kind in enumerate(row):
            place = QRectF(number * (across + dots(GAP_MM)), top, across, geometry.height)
            panels.append(Panel(kind, place, geometry))
        top += geometry.height + dots(GAP_MM)
    return panels, QSize(width, top - dots(GAP_MM))


def draw_figure(painter: QPainter, scene: Scene, panels: Sequence[Panel]) -> None:
    """Draw all panels; the painter is in dots, on white paper."""
    font = QFont(painter.font())
    font.setPixelSize(round(TEXT_PX))
    for panel in panels:
        painter.save()
        painter.translate(panel.place.topLeft())
        painter.scale(RATIO, RATIO)
        painter.setFont(font)
        painter.setPen(QColor(0, 0, 0))
        painter.drawText(QPointF(0, -4), _title(scene, panel.kind))
        _draw_panel(painter, scene, panel)
        painter.restore()


def _draw_panel(painter: QPainter, scene: Scene, panel: Panel) -> None:
    geometry, inner = panel.geometry, QRectF(0, 0, panel.place.width() / RATIO, panel.place.height() / RATIO)
    painter.setClipRect(inner)
    painter.drawImage(inner, scene.made(geometry).image(panel.kind, scene.difference_style))
    if scene.highlight is not None:
        draw_highlight(painter, scene.highlight, geometry, kind=panel.kind, exposed=inner)
        draw_marks(painter, scene.highlight, geometry, kind=panel.kind, exposed=QRegion(inner.toAlignedRect()))
    for lines in scene.lines.values():
        draw_guides(painter, geometry, lines)
    draw_scale_bar(painter, geometry, scene.spacing)


def _title(scene: Scene, kind: Kind) -> str:
    style = scene.difference_style
    return f"{TITLES[kind]} ({style.mode}, × {style.gain:g})" if kind == "difference" else TITLES[kind]


def _geometry(scene: Scene, pane: Geometry, across: int) -> Geometry:
    if scene.view.fitted:
        height, width = scene.view.shape[::-1] if pane.turn.odd else scene.view.shape
        scale, tall = across / width, round(across / width * height)
    else:
        scale, tall = pane.scale * across / pane.width, round(pane.height * across / pane.width)
    return Geometry(across, tall, scale, pane.y, pane.x, RATIO, pane.turn)
