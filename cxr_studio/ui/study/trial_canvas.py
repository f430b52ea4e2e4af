"""The images of a trial: canvases of the same scene and the same size, and when they are first on the screen."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING
from cxr_studio.studies.bundle import BundleError
from cxr_studio.ui.canvas.canvas import Canvas
from cxr_studio.ui.canvas.rendering import Kind
from cxr_studio.ui.canvas.scene import Scene
from cxr_studio.ui.study.pictures_ahead import Picture

GAP = 8
"""Logical pixels between the two images."""

LARGEST_MULTIPLE = 3
"""An image smaller than its pane is shown at a whole multiple of its own pixels, at most this one."""

KINDS: tuple[Kind, Kind] = ("original", "inpainted")
"""The scene's two layers, here left and right: one grey scale, one window, one view, one way of resampling."""


class TrialCanvas(Canvas):
    """A canvas that tells when an image has been painted that was waited for.

    Signals:
        shown: The awaited image has been painted.
    """

    shown = Signal()
    scale_bar = False

    def __init__(self, scene: Scene, kind: Kind, parent: QWidget) -> None:
        super().__init__(scene, kind, parent)
        self._awaited = False

    def await_image(self) -> None:
        """Tell when the next image has been painted."""
        self._awaited = True
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, and tell."""
        super().paintEvent(event)
        if self._awaited and not self.scene.empty:
            self._awaited = False
            self.shown.emit()


class TrialImages(QWidget):
    """One image or two side by side, of exactly the same size.

    Signals:
        first_frame: (monotonic ns) all images have been painted and handed to the window system.

    Attributes:
        scene: What both show.
        canvases: Left and right; the right one is hidden where there is one image.
    """

    first_frame = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene = Scene(self)
        self.canvases = tuple(TrialCanvas(self.scene, kind, self) for kind in KINDS)
        self._missing: set[int] = set()
        for place, canvas in enumerate(self.canvases):
            canvas.shown.connect(lambda place=place: self._shown(place), Qt.ConnectionType.QueuedConnection)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.set_count(2)

    @property
    def count(self) -> int:
        """Images shown."""
        return 2 if self.canvases[1].isVisibleTo(self) else 1

    def set_count(self, count: int) -> None:
        """Show one canvas or two."""
        self.canvases[1].setVisible(count == 2)
        names = ("Left image", "Right image") if count == 2 else ("Image", "")
        for canvas, name in zip(self.canvases, names, strict=True):
            canvas.setAccessibleName(name)
        self.arrange()

    def open(self, pictures: list[Picture]) -> None:
        """Show the images of a trial, from the start: whole range of greys, no zoom.

        Raises:
            BundleError: the two images of a pair differ in shape or depth.
        """
        left, right = pictures[0], pictures[-1]
        if left.shape != right.shape or left.dtype != right.dtype:
            raise BundleError("the two images of a trial differ in size", remedy="Ask the study's owner")
        self.set_count(len(pictures))
        bits = 8 if left.dtype.itemsize == 1 else 16
        self.scene.window = None
        self.scene.open(left, lambda: right, grey=linear_greyscale(left.dtype, bits), spacing=UNKNOWN_SPACING)
        self.look_from_start()
        self.await_frame()

    def await_frame(self) -> None:
        """Tell when all images have been painted again."""
        self._missing = set(range(self.count))
        for canvas in self.canvases[: self.count]:
            canvas.await_image()

    def close_images(self) -> None:
        """Show nothing."""
        self._missing = set()
        for canvas in self.canvases:
            canvas.set_guides(())
        self.scene.close()

    def look_from_start(self) -> None:
        """The whole image, at a whole multiple of its pixels where it is smaller than its pane."""
        view, canvas = self.scene.view, self.canvases[0]
        view.fit()
        ratio = canvas.devicePixelRatioF()
        height, width = view.shape
        fits = min(canvas.height() * ratio / height, canvas.width() * ratio / width)
        if fits >= 1:
            view.zoom_to(min(int(fits), LARGEST_MULTIPLE) / ratio)

    def side_of(self, canvas: object) -> str:
        """ "left" or "right", or "" for the only image."""
        return "" if self.count == 1 else ("left", "right")[self.canvases.index(canvas)]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Both stay of one size."""
        super().resizeEvent(event)
        self.arrange()
        if not self.scene.empty:
            self.look_from_start()

    def arrange(self) -> None:
        """Give both images the same room."""
        count = self.count
        width = (self.width() - GAP * (count - 1)) // count
        for place, canvas in enumerate(self.canvases):
            canvas.setGeometry(place * (width + GAP), 0, max(1, width), self.height())

    @Slot(int)
    def _shown(self, place: int) -> None:
        if place in self._missing:
            self._missing.discard(place)
            if not self._missing:
                self.first_frame.emit(time.monotonic_ns())
