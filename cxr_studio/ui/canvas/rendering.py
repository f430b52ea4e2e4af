"""What the panes of one geometry show: samples, greys, difference and overlay, each computed once for all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from cxr_studio.masks.boxes import EMPTY, Box, bounding_box, cut, is_empty, union
from cxr_studio.ui.canvas.difference import DifferenceStyle, colour_table, difference
from cxr_studio.ui.canvas.geometry import Geometry
from cxr_studio.ui.canvas.layer import ImageLayer
from cxr_studio.ui.canvas.overlay import OverlayStyle, colours, trace_mask
from cxr_studio.ui.canvas.sampling import look_up, looked_up

MARGIN = 2
"""Device pixels beside a changed rectangle that resampling may change too."""

Kind = Literal["original", "inpainted", "difference"]


class Rendering:
    """Buffers at the device's own pixels for one geometry; QImages share their memory.

    Attributes:
        box: The whole pane, device pixels.
        image_box: Where the image lies.
        painted: A rectangle that holds all that the overlay shows.

    Args:
        geometry: How the image lies in the pane.
        layers: The image layers by kind ("original", "inpainted").
        table: Shown grey of every index value, uint8 ``[256]`` or ``[65536]``.
        differs: Gives the rectangle of the image outside of which the layers are alike.
    """

    def __init__(
        self,
        geometry: Geometry,
        layers: dict[str, ImageLayer],
        table: NDArray[np.uint8],
        *,
        differs: Callable[[], Box],
    ) -> None:
        self.geometry = geometry
        self._layers = layers
        self._table = table
        self._differs = differs
        self._samples: dict[str, NDArray[Any]] = {}
        self._greys: dict[str, NDArray[np.uint8]] = {}
        self._outdated: set[str] = set()
        self._difference: tuple[DifferenceStyle, NDArray[np.uint8]] | None = None
        self._overlays: dict[Kind, NDArray[np.uint32]] = {}
        self._images: dict[str, tuple[NDArray[Any], QImage]] = {}
        self.painted: Box = EMPTY
        self.box: Box = (0, 0, geometry.height, geometry.width)
        shape = layers["original"].shape
        self.image_box = geometry.device_box((0, 0, shape[0], shape[1]))

    def image(self, kind: Kind, style: DifferenceStyle) -> QImage:
        """What a pane of this kind shows, without the mask."""
        if kind == "difference":
            return self._difference_image(style)
        return self._image(kind, self._grey(kind), QImage.Format.Format_Grayscale8)

    def overlay(self, mask: NDArray[np.bool_], style: OverlayStyle, kind: Kind) -> QImage:
        """The mask's overlay: tint and outline over the original, the outline alone where a fill is to be seen."""
        kind = "original" if kind == "original" else "inpainted"
        if kind not in self._overlays:
            codes = trace_mask(mask, self.geometry, self.box)
            self.painted = bounding_box(codes > 0) or EMPTY
            self._overlays[kind] = colours(style, tinted=kind == "original")[codes]
        return self._image(f"{kind} overlay", self._overlays[kind], QImage.Format.Format_ARGB32_Premultiplied)

    def set_table(self, table: NDArray[np.uint8]) -> None:
        """Another window: greys are looked up again once they are shown, nothing is resampled."""
        self._table = table
        self._outdated = {*self._greys, "difference"}

    def mask_changed(self, mask: NDArray[np.bool_], box: Box, style: OverlayStyle) -> Box:
        """Redraw a box of the mask; returns the device rectangle that changed."""
        dirty = self.geometry.device_box(box, margin=1)
        if self._overlays and not is_empty(dirty):
            codes = trace_mask(mask, self.geometry, dirty)
            self.painted = union(self.painted, dirty)
            for kind, overlay in self._overlays.items():
                overlay[cut(dirty)] = colours(style, tinted=kind == "original")[codes]
        return dirty

    def forget_overlay(self) -> None:
        """Draw the mask afresh next time."""
        self._overlays.clear()

    def image_changed(self, name: str, box: Box) -> Box:
        """Sample a box of a layer again; returns the device rectangle that changed."""
        dirty = self.geometry.device_box(box, margin=MARGIN)
        if name in self._samples and not is_empty(dirty):
            place = cut(dirty)
            self._samples[name][place] = self._layers[name].sample(self.geometry, dirty)
            self._greys[name][place] = looked_up(self._samples[name][place], self._table)
            if self._difference is not None:
                style, indices = self._difference
                indices[place] = difference(self._grey("original")[place], self._grey("inpainted")[place], style=style)
        return dirty

    def forget(self, name: str) -> None:
        """Sample a layer afresh: it is another one now."""
        self._samples.pop(name, None)
        self._greys.pop(name, None)
        self._difference = None

    def _grey(self, name: str) -> NDArray[np.uint8]:
        if self._layers[name] is self._layers["original"]:
            name = "original"
        if name not in self._greys:
            self._samples[name] = self._layers[name].sample(self.geometry, self.box)
            self._greys[name] = looked_up(self._samples[name], self._table)
        elif name in self._outdated:
            self._look_up_again(name)
        self._outdated.discard(name)
        return self._greys[name]

    def _look_up_again(self, name: str) -> None:
        """Another window: of the inpainted image only what differs from the original is looked up, the rest copied."""
        grey, samples = self._greys[name], self._samples[name]
        if name == "original":
            look_up(samples, self._table, out=grey)
            return
        np.copyto(grey, self._grey("original"))
        place = cut(self._device_difference)
        if grey[place].size:
            grey[place] = looked_up(samples[place], self._table)

    @property
    def _device_difference(self) -> Box:
        """Device rectangle outside of which both images are alike."""
        box = self._differs()
        return EMPTY if is_empty(box) else self.geometry.device_box(box, margin=MARGIN)

    def _difference_image(self, style: DifferenceStyle) -> QImage:
        if self._difference is None or self._difference[0] != style:
            self._difference = style, difference(self._grey("original"), self._grey("inpainted"), style=style)
        elif "difference" in self._outdated:
            place, indices = cut(self._device_difference), self._difference[1]
            if indices[place].size:
                original, inpainted = self._grey("original")[place], self._grey("inpainted")[place]
                indices[place] = difference(original, inpainted, style=style)
        self._outdated.discard("difference")
        image = self._image("difference", self._difference[1], QImage.Format.Format_Indexed8)
        if not image.colorCount():
            image.setColorTable(colour_table(style.mode))
        return image

    def _image(self, name: str, pixels: NDArray[Any], kind: QImage.Format) -> QImage:
        """The QImage on a buffer's own memory; made once for as long as the buffer is the same."""
        kept = self._images.get(name)
        if kept is None or kept[0] is not pixels:
            height, width = pixels.shape
            kept = self._images[name] = pixels, QImage(pixels.data, width, height, pixels.strides[0], kind)
        return kept[1]
