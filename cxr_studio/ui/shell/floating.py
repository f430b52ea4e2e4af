"""A bar that lies over a part of the window, so that what is below it stays where it is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

WIDEST = 760
"""Logical pixels; a sentence is read best in a line that is not longer."""
ASIDE = 8
"""Logical pixels between the bar and the sides."""


class Floating(QObject):
    """Keeps a bar over its host while either changes its size.

    Args:
        bar: What lies over the host; hidden and shown by itself.
        host: A widget whose layout does not know the bar.
        edge: The top or the bottom.
        inset: Logical pixels from that edge.
    """

    def __init__(self, bar: QWidget, host: QWidget, edge: Qt.Edge, *, inset: int = ASIDE) -> None:
        super().__init__(host)
        self._bar, self._host, self._edge, self._inset = bar, host, edge, inset
        bar.setParent(host)
        bar.hide()
        bar.installEventFilter(self)
        host.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow."""
        kind = event.type()
        if watched is self._bar and kind == QEvent.Type.Show:
            self._bar.raise_()
        if kind in (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._place()
        return False

    def _place(self) -> None:
        width = min(self._host.width() - 2 * ASIDE, WIDEST)
        layout = self._bar.layout()
        tall = layout.heightForWidth(width) if layout is not None and layout.hasHeightForWidth() else 0
        height = max(tall, self._bar.minimumSizeHint().height())
        top = self._inset if self._edge == Qt.Edge.TopEdge else self._host.height() - height - self._inset
        wanted = (self._host.width() - width) // 2, top, width, height
        if self._bar.geometry().getRect() != wanted:
            self._bar.setGeometry(*wanted)
