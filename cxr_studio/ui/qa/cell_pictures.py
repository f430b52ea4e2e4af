"""Cells as pixmaps through the linked look; drawn once, dropped when the look changes."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QPolygonF

from cxr_studio.arrays import Plane
from cxr_studio.masks.outline import outlines
from cxr_studio.quality.comparison.loading import LoadedCase
from cxr_studio.ui.canvas.difference import DifferenceStyle, colour_table, difference
from cxr_studio.ui.qa.cell_store import CellStore
from cxr_studio.ui.qa.look import Look
from cxr_studio.ui.theme import tokens

BYTES = 160 << 20
"""Pixmaps kept."""

OUTSIDE = -1e6
"""Unit value beyond the crop: black through any window."""

ORIGINAL = ""
"""Key of the original."""

OUTLINE = "outline"


class CellPictures:
    """Draws cells.

    Args:
        store: Where the pixels are.
        look: How they are looked at.

    Attributes:
        ratio: Device pixels per logical pixel.
    """

    def __init__(self, store: CellStore, look: Look) -> None:
        self.store = store
        self.look = look
        self.ratio = 1.0
        self._greys: OrderedDict[tuple[str, str], NDArray[np.uint8]] = OrderedDict()
        self._pixmaps: OrderedDict[tuple[str, str, str], QPixmap] = OrderedDict()

    @property
    def pixels(self) -> int:
        """Side of a cell in device pixels."""
        return max(8, round(self.look.side * self.ratio))

    def forget(self) -> None:
        """Draw everything anew: the look has changed."""
        self._greys.clear()
        self._pixmaps.clear()

    def forget_case(self, case: str, key: str) -> None:
        """Draw what shows a cell anew."""
        for kept in [name for name in self._pixmaps if name[0] == case and key in (name[1], name[2])]:
            del self._pixmaps[kept]
        self._greys.pop((case, key), None)

    def picture(self, case: str, key: str, against: str = "none") -> QPixmap | None:
        """A cell, or its difference to another column's or the original's; None while it is not in memory.

        Args:
            case: Name of the case.
            key: Of the column, ``ORIGINAL`` for the original.
            against: "none" for the cell itself, else the key of what it is compared with.
        """
        name = case, key, against
        found = self._pixmaps.get(name)
        if found is not None:
            self._pixmaps.move_to_end(name)
            return found
        image = self._image(case, key, against)
        if image is None:
            return None
        pixmap = self._kept(name, QPixmap.fromImage(image))
        if len(self._pixmaps) > max(64, BYTES // (4 * self.pixels**2)):
            self._pixmaps.popitem(last=False)
        return pixmap

    def outlined(self, case: str) -> QPixmap | None:
        """A case's original with its hole drawn on it where the look wants that; None while it is not in memory."""
        plain, loaded = self.picture(case, ORIGINAL), self.store.case(case)
        if plain is None or loaded is None or not self.look.outline:
            return plain
        name = case, ORIGINAL, OUTLINE
        if name not in self._pixmaps:
            pixmap = self._kept(name, QPixmap(plain))
            self._outline(pixmap, loaded)
        return self._pixmaps[name]

    def _kept(self, name: tuple[str, str, str], pixmap: QPixmap) -> QPixmap:
        pixmap.setDevicePixelRatio(self.ratio)
        self._pixmaps[name] = pixmap
        return pixmap

    def _image(self, case: str, key: str, against: str) -> QImage | None:
        grey = self._grey(case, key)
        other = None if against == "none" or grey is None else self._grey(case, against)
        if grey is None or (against != "none" and other is None):
            return None
        side = grey.shape[0]
        if other is None:
            return QImage(grey.data, side, side, side, QImage.Format.Format_Grayscale8).copy()
        shown = np.ascontiguousarray(difference(other, grey, style=DifferenceStyle("signed", self.look.gain)))
        image = QImage(shown.data, side, side, side, QImage.Format.Format_Indexed8)
        image.setColorTable(colour_table("signed"))
        return image.copy()

    def _grey(self, case: str, key: str) -> NDArray[np.uint8] | None:
        found = self._greys.get((case, key))
        if found is not None:
            return found
        plane = self._plane(case, key)
        if plane is None:
            return None
        grey = _windowed(_sampled(plane, self.pixels, self.look), self.look.low, self.look.high)
        self._greys[case, key] = grey
        if len(self._greys) > max(64, BYTES // (2 * self.pixels**2)):
            self._greys.popitem(last=False)
        return grey

    def _plane(self, case: str, key: str) -> Plane | None:
        if key == ORIGINAL:
            loaded = self.store.case(case)
            return loaded.original if loaded is not None else None
        cell = self.store.cell(case, key)
        return cell.filled if cell is not None else None

    def _outline(self, pixmap: QPixmap, loaded: LoadedCase) -> None:
        height, width = loaded.original.shape
        scale = _scale(loaded.original, self.pixels, self.look) / self.ratio
        half = self.look.side / 2
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.current().accent), 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for line in outlines(loaded.crop_mask):
            xs = (line[:, 1] + 0.5 - self.look.x * width) * scale + half
            ys = (line[:, 0] + 0.5 - self.look.y * height) * scale + half
            painter.drawPolygon(QPolygonF([QPointF(float(x), float(y)) for x, y in zip(xs, ys, strict=True)]))
        painter.end()


def _scale(plane: Plane, pixels: int, look: Look) -> float:
    """Device pixels per pixel of the crop."""
    return float(look.zoom * pixels / max(plane.shape))


def _sampled(plane: Plane, pixels: int, look: Look) -> Plane:
    """The part of a crop that a square cell shows, ``float32 [pixels, pixels]``."""
    import cv2

    scale = _scale(plane, pixels, look)
    if scale < 1:
        height, width = plane.shape
        size = max(1, round(width * scale)), max(1, round(height * scale))
        plane, scale = np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.float32), 1.0
    height, width = plane.shape
    across = pixels / 2 - 0.5 - (look.x * width - 0.5) * scale
    down = pixels / 2 - 0.5 - (look.y * height - 0.5) * scale
    move = np.array([[scale, 0, across], [0, scale, down]], np.float32)
    shown = cv2.warpAffine(plane, move, (pixels, pixels), flags=cv2.INTER_LINEAR, borderValue=OUTSIDE)
    return np.asarray(shown, np.float32)


def _windowed(plane: Plane, low: float, high: float) -> NDArray[np.uint8]:
    shown = plane - np.float32(low)
    shown *= np.float32(255 / (high - low))
    np.clip(shown, 0, 255, out=shown)
    return shown.astype(np.uint8)
