"""The three linked panes in a layout of one, two or three: hide any, detach any to another monitor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cxr_studio.ui.canvas.layouts import Layout, PaneRows, layout_of, rows_of
from cxr_studio.ui.canvas.pane import TITLES, Pane
from cxr_studio.ui.canvas.rendering import Kind
from cxr_studio.ui.canvas.scene import Scene
from cxr_studio.ui.tools.guides import Guide


class PaneGrid(QWidget):
    """Original, inpainted and difference.

    Signals:
        pressed, moved, released, doubled, wheeled, left: Of any pane; see Canvas.
        arrangement_changed: Another layout was chosen, or a pane was hidden, detached or brought back.
    """

    pressed = Signal(object, object)
    moved = Signal(object)
    released = Signal(object)
    doubled = Signal(object, object)
    wheeled = Signal(float, object)
    left = Signal()
    arrangement_changed = Signal()

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene = scene
        self.panes: dict[Kind, Pane] = {kind: Pane(scene, kind, self) for kind in TITLES}
        self._layout = self._former = Layout.THREE
        self._alone: Kind = "inpainted"
        self._hidden: set[Kind] = set()
        self._detached: set[Kind] = set()
        self._waiting: set[Kind] = set()
        self._rows = PaneRows()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._rows)
        for kind, pane in self.panes.items():
            self._connect(kind, pane)
        self._arrange()

    def set_guides(self, guides: Sequence[Guide]) -> None:
        """Draw a tool's outlines in every pane."""
        for pane in self.panes.values():
            pane.canvas.set_guides(guides)

    def set_space_held(self, held: bool) -> None:
        """Space is held: the left button pans."""
        for pane in self.panes.values():
            pane.canvas.space_held = held

    def shown_rows(self) -> list[list[Kind]]:
        """Panes on the screen, row by row; those in windows of their own are left out."""
        rows = rows_of(self._layout, self._alone)
        found = [[kind for kind in row if not self.panes[kind].isHidden()] for row in rows]
        return [row for row in ([k for k in row if k not in self._detached] for row in found) if row]

    def take_keyboard(self) -> None:
        """Give the keyboard to a pane that is on the screen, the inpainted one first."""
        for kind in ("inpainted", "original", "difference"):
            if self.panes[kind].canvas.isVisible():
                self.panes[kind].canvas.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def set_busy(self, who: str, words: str, kind: Kind = "inpainted") -> None:
        """Say in a pane what a feature computes for it; "" when it is done."""
        self.panes[kind].busy.set_words(who, words)

    def set_cursor(self, shape: Qt.CursorShape) -> None:
        """Show this pointer over the images."""
        for pane in self.panes.values():
            pane.canvas.setCursor(shape)

    @property
    def maximised(self) -> Kind | None:
        """The pane that fills the window, if one does."""
        return self._alone if self._layout is Layout.ONE else None

    @property
    def layout_now(self) -> Layout:
        """The layout in force."""
        return self._layout

    def set_layout(self, layout: Layout) -> None:
        """Take another layout, with all its panes; one pane asked for again is the next pane."""
        if layout is Layout.ONE and self._layout is Layout.ONE:
            kinds = tuple(TITLES)
            self._alone = kinds[(kinds.index(self._alone) + 1) % len(kinds)]
        self._take_layout(layout)
        self._hidden.clear()
        self._waiting -= {kind for row in rows_of(layout, self._alone) for kind in row}
        self._arrange()

    def is_hidden(self, kind: Kind) -> bool:
        """True when the user has hidden a pane."""
        return kind in self._hidden

    def is_detached(self, kind: Kind) -> bool:
        """True when a pane has a window of its own."""
        return kind in self._detached

    def is_waiting(self, kind: Kind) -> bool:
        """True while a pane is folded away because it has nothing to show."""
        return kind in self._waiting

    def set_waiting(self, kind: Kind, waiting: bool) -> None:
        """Fold a pane away until it has something to show; what the user arranges is not touched."""
        if waiting != (kind in self._waiting):
            self._waiting = self._waiting | {kind} if waiting else self._waiting - {kind}
            self._arrange()

    def toggle_maximised(self, kind: Kind) -> None:
        """Let a pane fill the window, or show all again."""
        self._hidden.discard(kind)
        self._waiting.discard(kind)
        if self._layout is Layout.ONE and self._alone == kind:
            self._layout = self._former
        else:
            self._alone = kind
            self._take_layout(Layout.ONE)
        self._arrange()

    def set_hidden(self, kind: Kind, hidden: bool) -> None:
        """Hide or show a pane; the last one stays."""
        if hidden and len(self._hidden | {kind}) == len(self.panes):
            return
        self._hidden = self._hidden | {kind} if hidden else self._hidden - {kind}
        if self._layout is Layout.ONE:
            self._layout = self._former
        self._arrange()

    def toggle_detached(self, kind: Kind) -> None:
        """Give a pane a window of its own, or bring it back to its place."""
        pane = self.panes[kind]
        if kind in self._detached:
            self._detached.discard(kind)
            pane.setWindowFlags(Qt.WindowType.Widget)
        else:
            self._detached.add(kind)
            size = pane.size()
            pane.setParent(self, Qt.WindowType.Window)
            pane.setWindowTitle(f"{TITLES[kind]} – CXR Studio")
            pane.resize(size)
        self._arrange()

    def dock_all(self) -> None:
        """Bring every detached pane back."""
        for kind in tuple(self._detached):
            self.toggle_detached(kind)

    def arrangement(self) -> dict[str, Any]:
        """The arrangement as plain values, for the settings."""
        return {
            "layout": self._layout.value,
            "former": self._former.value,
            "alone": self._alone,
            "hidden": sorted(self._hidden),
        }

    def arrange(self, arrangement: dict[str, Any]) -> None:
        """Restore an arrangement; what does not fit is left out."""
        hidden = {kind for kind in TITLES if kind in arrangement.get("hidden", ())}
        self._hidden = hidden if len(hidden) < len(TITLES) else set()
        self._alone = next((kind for kind in TITLES if kind == arrangement.get("alone")), "inpainted")
        self._layout = layout_of(arrangement.get("layout"))
        self._former = layout_of(arrangement.get("former"))
        self._arrange()

    def _take_layout(self, layout: Layout) -> None:
        if self._layout is not Layout.ONE:
            self._former = self._layout
        self._layout = layout

    def _arrange(self) -> None:
        rows = rows_of(self._layout, self._alone)
        away = self._hidden | self._waiting if self._layout is not Layout.ONE else set()
        placed = [[self.panes[kind] for kind in row if kind not in self._detached | away] for row in rows]
        shown = [pane for row in placed for pane in row]
        self._rows.place(placed)
        for kind, pane in self.panes.items():
            if kind in self._detached:
                pane.setVisible(kind not in self._hidden)
            elif pane not in shown:
                pane.hide()
        self.arrangement_changed.emit()

    def _connect(self, kind: Kind, pane: Pane) -> None:
        canvas = pane.canvas
        for name in ("pressed", "moved", "released", "doubled", "wheeled", "left"):
            getattr(canvas, name).connect(getattr(self, name))
        pane.maximise_wanted.connect(lambda: self.toggle_maximised(kind))
        pane.detach_wanted.connect(lambda: self.toggle_detached(kind))
        pane.hide_wanted.connect(lambda: self.set_hidden(kind, True))
