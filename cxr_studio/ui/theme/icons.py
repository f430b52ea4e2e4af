"""Line icons from the bundled SVG files, tinted to the theme, crisp at any scaling."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from cxr_studio.resources import resource
from cxr_studio.ui.theme import tokens


class LineIcon(QIconEngine):
    """Draws one SVG in the theme's colours: quiet, accent when checked, faint when disabled."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def paint(self, painter: QPainter, rect: object, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw at the painter's own resolution."""
        _renderer(self._name, _colour(mode, state)).render(painter, QRectF(rect))  # type: ignore[call-overload]

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Draw into a pixmap."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, pixmap.rect(), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        """Copy."""
        return LineIcon(self._name)


def icon(name: str) -> QIcon:
    """The bundled icon of this name, following the theme."""
    return QIcon(LineIcon(name))


@lru_cache(maxsize=512)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    svg = resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    return QSvgRenderer(QByteArray(svg.encode()))


def _colour(mode: QIcon.Mode, state: QIcon.State) -> str:
    now = tokens.current()
    if mode == QIcon.Mode.Disabled:
        return now.faint
    return now.accent if state == QIcon.State.On else now.text


def picture_icon(picture: QPixmap) -> QIcon:
    """A picture in a list, whose greys stay as they are where it is selected."""
    made = QIcon(picture)
    made.addPixmap(picture, QIcon.Mode.Selected)
    return made
