"""Sixteen shapes to pick from: drawn in the background, by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from cxr_studio.events import CancelToken, Progress
from cxr_studio.masks.boxes import Mask
from cxr_studio.nodules.ct_library import Profile
from cxr_studio.nodules.margin import Margin
from cxr_studio.nodules.placement import Placement
from cxr_studio.ui.nodule.controller import NoduleController
from cxr_studio.ui.shell.background import Background

COUNT = 16
"""Shapes on a page; page ``p`` holds the shape seeds from ``16 p`` on."""

Offer = Callable[[Placement, Sequence[int]], Sequence[Mask]]
"""Look (generator, density, margin) and shape seeds to masks ``bool [h, w]``; called off the GUI thread."""


def offer(look: Placement, seeds: Sequence[int]) -> Sequence[Mask]:
    """Shapes of a nodule generator; see ``offered_shapes``."""
    from cxr_studio.nodules.shape_offer import offered_shapes

    return offered_shapes(look.generator, seeds, profile=look.profile, margin=look.margin)


Asked = tuple[str, Profile | None, Margin | None, int]
"""What a page was asked for with: generator, density, margin, page."""


class ShapesController(QObject):
    """Which shapes are offered, and which the next or selected nodule has.

    Args:
        nodules: Whose look is changed.
        background: Where shapes are drawn.
        source: Draws them.

    Signals:
        drawn: (tuple of seeds, tuple of masks) another page is there.
        picked: (int or None) shape seed of the next or selected nodule.
        warned: (sentence) something failed.
    """

    drawn = Signal(object, object)
    picked = Signal(object)
    warned = Signal(str)

    def __init__(
        self, nodules: NoduleController, background: Background, parent: QObject | None = None, *, source: Offer = offer
    ) -> None:
        super().__init__(parent)
        self._nodules = nodules
        self._background = background
        self._source = source
        self._shown = False
        self._page = 0
        self._last: int | None = None
        self._asked: Asked | None = None
        nodules.changed.connect(self._follow)

    @property
    def seeds(self) -> tuple[int, ...]:
        """Shape seeds of the page."""
        return tuple(range(self._page * COUNT, (self._page + 1) * COUNT))

    def set_shown(self, shown: bool) -> None:
        """Draw only while the strip is on the screen."""
        self._shown = shown
        self._follow()

    def fresh(self) -> None:
        """Offer the next sixteen; the nodule keeps its shape."""
        self._page += 1
        self._want()

    def pick(self, seed: int) -> None:
        """Give the nodule this shape; the shape that it has already is let go, so that its seed chooses again."""
        self._nodules.pick_shape(None if seed == self._nodules.look.shape_seed else seed)

    def step(self, places: int) -> None:
        """Give the nodule a shape so many places further on; the first one of the page where none is picked."""
        now = self._nodules.look.shape_seed
        self._nodules.pick_shape(self.seeds[0] if now is None else max(0, now + places))

    @Slot()
    def _follow(self) -> None:
        """Show the page of the picked shape when another one has been picked, and the kind that the look asks for."""
        seed = self._nodules.look.shape_seed
        if seed != self._last:
            self._page = self._page if seed is None else seed // COUNT
            self._last = seed
            self.picked.emit(seed)
        self._want()

    def _want(self) -> None:
        look = self._nodules.look
        asked = (look.generator, look.profile, look.margin, self._page)
        if not self._shown or asked == self._asked:
            return
        self._asked, seeds = asked, self.seeds

        def work(_progress: Progress, _token: CancelToken) -> tuple[Mask, ...]:
            return tuple(self._source(look, seeds))

        self._background.run(
            "Drawing shapes",
            work,
            done=lambda masks: self._take(asked, seeds, masks),
            failed=lambda fault: self.warned.emit(str(fault)),
        )

    def _take(self, asked: Asked, seeds: tuple[int, ...], masks: tuple[Mask, ...]) -> None:
        if asked == self._asked:
            self.drawn.emit(seeds, masks)
            self.picked.emit(self._nodules.look.shape_seed)
