"""The scene that all panes look at: layers, mask, window, view; it tells each pane which rectangle to paint again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from cxr_studio.masks.boxes import EMPTY, Box, bounding_box, union
from cxr_studio.radiographs.greyscale import GreyScale
from cxr_studio.radiographs.radiograph import Stored
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing
from cxr_studio.radiographs.window import Window
from cxr_studio.ui.canvas.corner_painter import CornersOf
from cxr_studio.ui.canvas.difference import DifferenceStyle
from cxr_studio.ui.canvas.geometry import Geometry
from cxr_studio.ui.canvas.highlight_overlay import HighlightOverlay
from cxr_studio.ui.canvas.layer import ImageLayer
from cxr_studio.ui.canvas.overlay import OverlayStyle
from cxr_studio.ui.canvas.rendering import Rendering
from cxr_studio.ui.canvas.view_state import ViewState
from cxr_studio.ui.tools.guides import Guide

KEPT = 4
"""Geometries whose renderings are kept: three panes and one detached."""


class Scene(QObject):
    """Shared by the panes.

    Signals:
        repaint: Everything has to be painted again.
        repaint_box: (Box of the image) this rectangle has to be painted again.
        restained: (Box of the image) greys have to be painted again; of a difference only this rectangle.
        repaint_guides: Only what the tools draw has changed.
        window_changed: Window or inversion changed.

    Attributes:
        view: Zoom, pan and crosshair.
        overlay_style: How the mask looks.
        difference_style: How the difference is shown.
        swipe: Share of the inpainted pane left of which the original shows, or None.
        lines: Outlines drawn over every pane, under the tools' own, by what they belong to.
        highlight: The abnormality map over the panes, or None.
        corners: Gives the words in the corners of a pane, or None.
        magnified: The image point under the loupe, or None.
        flicker: True while the inpainted pane shows the original.
    """

    repaint = Signal()
    repaint_box = Signal(object)
    restained = Signal(object)
    repaint_guides = Signal()
    window_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view = ViewState(self)
        self.overlay_style = OverlayStyle()
        self.difference_style = DifferenceStyle()
        self.swipe: float | None = None
        self.flicker = False
        self.lines: dict[str, tuple[Guide, ...]] = {}
        self.highlight: HighlightOverlay | None = None
        self.corners: CornersOf | None = None
        self.magnified: tuple[float, float] | None = None
        self.spacing: Spacing = UNKNOWN_SPACING
        self.window: Window | None = None
        self.inverted = False
        self.mask: NDArray[np.bool_] | None = None
        self._grey: GreyScale | None = None
        self._layers: dict[str, ImageLayer] = {}
        self._differs: Box = EMPTY
        self._renderings: OrderedDict[Geometry, Rendering] = OrderedDict()
        self.view.changed.connect(self.repaint)

    @property
    def empty(self) -> bool:
        """True while no radiograph is open."""
        return not self._layers

    def open(self, original: Stored, inpainted: Callable[[], Stored], *, grey: GreyScale, spacing: Spacing) -> None:
        """Show a radiograph.

        Args:
            original: Stored values, not changed.
            inpainted: Gives an array of the same shape: the original itself until something is filled, then one that
                changes in place; tell by ``image_changed``.
            grey: The grey-scale pipeline.
            spacing: For the scale bar.
        """
        self._grey, self.spacing = grey, spacing
        self._differs = EMPTY
        first = ImageLayer(grey.index(original))
        self._inpainted, self._shown = inpainted, original
        self._layers = {"original": first, "inpainted": first}
        if inpainted() is not original:
            self._shown = inpainted()
            self._layers["inpainted"] = ImageLayer(grey.index(self._shown))
            self._differs = bounding_box(self._shown != original) or EMPTY
        self.mask = None
        self._renderings.clear()
        self.view.set_image(first.shape)

    def close(self) -> None:
        """Show nothing."""
        self._layers, self.mask, self._grey = {}, None, None
        self._renderings.clear()
        self.repaint.emit()

    def set_mask(self, mask: NDArray[np.bool_] | None) -> None:
        """Show a mask, shared with whoever paints it; tell changes by ``mask_changed``."""
        self.mask = mask
        self._forget_overlays()

    def mask_changed(self, box: Box) -> None:
        """A rectangle of the mask has been painted."""
        if self.mask is not None:
            for rendering in self._renderings.values():
                rendering.mask_changed(self.mask, box, self.overlay_style)
            self.repaint_box.emit(box)

    def image_changed(self, boxes: Iterable[Box]) -> None:
        """Rectangles of the inpainted image have changed."""
        layer = self._layers.get("inpainted")
        if layer is None or self._grey is None:
            return
        if self._inpainted() is not self._shown:
            layer = self._take_shown()
        for box in boxes:
            if not np.shares_memory(layer.image, self._shown):
                place = slice(box[0], box[2]), slice(box[1], box[3])
                layer.image[place] = self._grey.index(self._shown[place])
            layer.update_region(box)
            self._differs = union(self._differs, box)
            for rendering in self._renderings.values():
                rendering.image_changed("inpainted", box)
            self.repaint_box.emit(box)

    def set_window(self, window: Window | None) -> None:
        """Show through another window; None spreads the whole range."""
        self.window = window
        self._restain()

    def set_inverted(self, inverted: bool) -> None:
        """Swap black and white on the screen only."""
        self.inverted = inverted
        self._restain()

    def set_difference(self, style: DifferenceStyle) -> None:
        """Show the difference another way."""
        self.difference_style = style
        self.repaint.emit()

    def set_overlay(self, **changes: object) -> None:
        """Change colour, opacity or visibility of the mask."""
        self.overlay_style = replace(self.overlay_style, **changes)  # type: ignore[arg-type]
        self._forget_overlays()

    def set_swipe(self, share: float | None) -> None:
        """Show the original left of a line across the inpainted pane (0 to 1), or no line."""
        self.swipe = None if share is None else min(max(share, 0.0), 1.0)
        self.repaint.emit()

    def set_lines(self, owner: str, lines: tuple[Guide, ...]) -> None:
        """Draw these outlines over every pane, in place of the owner's last."""
        if lines != self.lines.get(owner, ()):
            self.lines[owner] = lines
            self.repaint.emit()

    def set_highlight(self, overlay: HighlightOverlay | None) -> None:
        """Show an abnormality map, or none."""
        if overlay is not self.highlight:
            self.highlight = overlay
            self.repaint.emit()

    def set_flicker(self, shown: bool) -> None:
        """Show the original in the inpainted pane while held."""
        if shown != self.flicker:
            self.flicker = shown
            self.repaint.emit()

    def table(self) -> NDArray[np.uint8]:
        """Shown grey of every index value."""
        if self._grey is None:
            return np.arange(256, dtype=np.uint8)
        table = self._grey.display_table(self.window)
        return np.asarray(255 - table) if self.inverted else table

    def set_corners(self, corners: CornersOf | None) -> None:
        """Show words in the corners of every pane, or none."""
        self.corners = corners
        self.repaint.emit()

    def magnify(self, point: tuple[float, float] | None) -> None:
        """Show what is around an image point larger, or nothing."""
        if point != self.magnified:
            self.magnified = point
            self.view.crosshair_moved.emit()

    def made(self, geometry: Geometry) -> Rendering:
        """Buffers of one's own for a geometry that is used once."""
        return Rendering(geometry, self._layers, self.table(), differs=lambda: self._differs)

    def rendering(self, geometry: Geometry) -> Rendering:
        """Buffers for a pane of this geometry, shared with every other pane of the same."""
        found = self._renderings.get(geometry)
        if found is None:
            found = self._renderings[geometry] = self.made(geometry)
            while len(self._renderings) > KEPT:
                self._renderings.popitem(last=False)
        self._renderings.move_to_end(geometry)
        return found

    def _take_shown(self) -> ImageLayer:
        """The inpainted image has an array of its own now: so does its layer."""
        self._shown = self._inpainted()
        assert self._grey is not None
        layer = self._layers["inpainted"] = self._layers["original"].copied(self._grey.index(self._shown))
        for rendering in self._renderings.values():
            rendering.forget("inpainted")
        return layer

    def _restain(self) -> None:
        table = self.table()
        for rendering in self._renderings.values():
            rendering.set_table(table)
        self.window_changed.emit()
        self.restained.emit(self._differs)

    def _forget_overlays(self) -> None:
        for rendering in self._renderings.values():
            rendering.forget_overlay()
        self.repaint.emit()
