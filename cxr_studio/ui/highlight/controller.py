"""What is abnormal in the open radiograph: searched on request, looked at, walked through, made into a mask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cxr_studio.errors import StudioError
from cxr_studio.quality.highlighting.map import AbnormalityMap, HotSpot, Kind, hot_spots
from cxr_studio.quality.highlighting.options import default_threshold
from cxr_studio.ui.highlight.look import OPACITY_STEP, STEPS, Found, HighlightLook, same_spot
from cxr_studio.ui.highlight.search import HighlightSearch, Order, Source, search
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.workspace import Workspace

SETTLE_MS = 60
"""Hot spots are searched again when the threshold has rested for so long; the colours follow at once."""


class HighlightController(QObject):
    """Owns the search, the newest map, and the way it is looked at.

    Args:
        workspace: Whose radiograph.
        background: Where the search runs.
        source: Makes the maps.
        defaults: Threshold of a kind until the user moves it.

    Signals:
        changed: The map, its spots, the way of looking or the search has changed.
        ended: The search is over: complete, cancelled or failed.
        look_at: (y, x) a hot spot to bring to the middle, image pixels.
        warned: (sentence) something failed.

    Attributes:
        generator: Registry name of what fills the holes.
        device: Where it runs.
        look: How the map is looked at.
        spots: Hot spots of the shown map at its threshold, hottest first.
        selected: Rank of the chosen one, or None.
    """

    changed = Signal()
    ended = Signal()
    look_at = Signal(float, float)
    warned = Signal(str)

    def __init__(
        self,
        workspace: Workspace,
        background: Background,
        *,
        source: Source = search,
        defaults: Callable[[Kind], float] = default_threshold,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._defaults = defaults
        self._found: Found | None = None
        self._before: Found | None = None
        self._asked: Callable[[AbnormalityMap], Found] | None = None
        self.generator = ""
        self.device = "auto"
        self.look = HighlightLook()
        self.spots: tuple[HotSpot, ...] = ()
        self.selected: int | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._list)
        self._search = HighlightSearch(background, source=source, parent=self)
        self._search.found.connect(self._take)
        self._search.ended.connect(self._end)
        self._search.failed.connect(self._fail)
        workspace.opened.connect(self._reset)
        workspace.closed.connect(self._reset)
        workspace.edits_changed.connect(self.changed)

    @property
    def running(self) -> bool:
        """True while a search goes on."""
        return self._search.running

    @property
    def found(self) -> AbnormalityMap | None:
        """The newest map, perhaps a coarse one."""
        return None if self._found is None else self._found.map

    @property
    def made(self) -> Found | None:
        """The newest map with what it was made of."""
        return self._found

    @property
    def inpainted(self) -> bool:
        """Whether the map is of the inpainted image."""
        return self._found is not None and self._found.inpainted

    @property
    def outdated(self) -> bool:
        """Whether the map is of an inpainted image whose edits have changed since."""
        session, found = self._workspace.session, self._found
        return session is not None and found is not None and found.inpainted and found.edits is not session.edits

    @property
    def kind(self) -> Kind:
        """The kind of map that is shown."""
        return "absolute" if self._found is None else self.look.kind(self._found.map)

    @property
    def threshold(self) -> float:
        """Of the shown kind, in its unit."""
        value = self.look.thresholds.get(self.kind)
        return self._defaults(self.kind) if value is None else value

    def run(self, *, inpainted: bool = False) -> None:
        """Search the original pixels, or those of the inpainted image with its accepted edits."""
        session = self._workspace.session
        if session is None:
            return
        self._search.cancel()
        radiograph = session.radiograph
        if inpainted:
            stored = session.composite.copy()
            stored.setflags(write=False)
            radiograph = replace(radiograph, stored=stored)
        self._before = self._found
        self._asked = partial(Found, inpainted=inpainted, edits=session.edits, radiograph=radiograph)
        self._search.start(Order(radiograph, self.generator, self.device))
        self.changed.emit()

    def cancel(self) -> None:
        """Stop the search; what was shown before it comes back."""
        self._search.cancel()

    def clear(self) -> None:
        """Remove the map."""
        self._reset()

    def close(self) -> None:
        """Stop waiting; the background stops the search."""
        self._settle.stop()
        self._search.cancel()

    def set_generator(self, name: str) -> None:
        """Fill the holes with another generator from the next search on."""
        self.generator = name
        self.changed.emit()

    def set_look(self, look: HighlightLook) -> None:
        """Look at the map in another way; the hot spots follow when that rests."""
        if look != self.look:
            listed = self.kind, self.threshold
            self.look = look
            if listed != (self.kind, self.threshold):
                self._settle.start()
            self.changed.emit()

    def set_kind(self, kind: Kind) -> None:
        """Show another kind of map."""
        self.set_look(replace(self.look, wish=kind))
        self._list()

    def next_kind(self) -> None:
        """Show the next kind of map that there is."""
        if self._found is not None:
            self.set_kind(self.look.next_kind(self._found.map))

    def set_threshold(self, value: float) -> None:
        """Colour and list from this value on."""
        self.set_look(self.look.with_threshold(self.kind, value))

    def step_threshold(self, steps: int) -> None:
        """Move the threshold by a key."""
        self.set_threshold(self.threshold + steps * STEPS[self.kind])

    def step_opacity(self, steps: int) -> None:
        """Change the opacity by a key."""
        self.set_look(self.look.with_opacity(self.look.opacity + steps * OPACITY_STEP))

    def set_shown(self, shown: bool) -> None:
        """Show the map over the panes, or not."""
        self.set_look(replace(self.look, shown=shown))

    def select(self, rank: int | None) -> None:
        """Choose a hot spot and bring it to the middle."""
        spot = next((each for each in self.spots if each.rank == rank), None)
        self.selected = None if spot is None else spot.rank
        self.changed.emit()
        if spot is not None:
            y0, x0, y1, x1 = spot.box
            self.look_at.emit((y0 + y1 - 1) / 2, (x0 + x1 - 1) / 2)

    def step(self, places: int) -> None:
        """Choose the next (1) or the previous (-1) hot spot, around the end."""
        if self._settle.isActive():
            self._list()
        if self.spots:
            start = (0 if places < 0 else -1) if self.selected is None else self.selected - 1
            self.select(self.spots[(start + places) % len(self.spots)].rank)

    def make_mask(self) -> None:
        """Add the chosen hot spot (the hottest where none is) to the painted mask, as one step that can be undone."""
        from cxr_studio.quality.highlighting.spot_mask import spot_mask

        session, found = self._workspace.session, self.found
        if self._settle.isActive():
            self._list()
        if session is None or found is None or not self.spots:
            return
        spot = self.spots[(self.selected or 1) - 1]
        region = spot_mask(found.layer(self.kind), found.looked_at, spot, threshold=self.threshold)
        self._workspace.replace_mask(session.mask | region, f"Mask from hot spot {spot.rank}")

    @Slot(object)
    def _take(self, found: AbnormalityMap) -> None:
        if self._asked is not None:
            self._show(self._asked(found))

    @Slot()
    def _end(self) -> None:
        """A search that is over without a complete map leaves what was there before it."""
        before, self._before = self._before, None
        if self._found is not None and not self._found.map.complete:
            self._show(before)
        else:
            self.changed.emit()
        self.ended.emit()

    @Slot(object)
    def _fail(self, fault: Exception) -> None:
        if not isinstance(fault, StudioError):
            raise fault
        self.warned.emit(str(fault))

    @Slot()
    def _reset(self) -> None:
        self._found = self._before = None
        self._search.cancel()
        self._show(None)

    def _show(self, found: Found | None) -> None:
        self._found = found
        self._list()

    @Slot()
    def _list(self) -> None:
        """Search the hot spots of the shown map at its threshold; the chosen one stays where it can."""
        self._settle.stop()
        session, found = self._workspace.session, self.found
        if session is None or found is None:
            self.spots, self.selected = (), None
        else:
            chosen = next((each for each in self.spots if each.rank == self.selected), None)
            spacing = session.radiograph.spacing
            self.spots = hot_spots(found.layer(self.kind), found.looked_at, threshold=self.threshold, spacing=spacing)
            self.selected = same_spot(chosen, self.spots)
        self.changed.emit()
