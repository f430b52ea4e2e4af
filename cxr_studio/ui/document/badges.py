"""What a small picture says of the work on its radiograph: edited, and how many nodules."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap

from cxr_studio.generation.session_file import contents_of
from cxr_studio.networks.card import Role
from cxr_studio.ui.theme import tokens

HEIGHT = 0.27
"""Of the badge, share of the picture's longest side."""


@dataclass(frozen=True)
class Badge:
    """Work on a radiograph.

    Attributes:
        edited: It has edits or a painted mask.
        edits: That show, nodules included.
        nodules: That show.
    """

    edited: bool = False
    edits: int = 0
    nodules: int = 0

    @property
    def words(self) -> str:
        """In words, "" for a radiograph without work."""
        if not self.edited:
            return ""
        others = self.edits - self.nodules
        parts = [_counted(self.nodules, "nodule"), _counted(others, "other edit" if self.nodules else "edit")]
        return ", ".join(part for part in parts if part) or "edited"


def badge_of(session_file: Path | None) -> Badge:
    """The badge of a radiograph whose work is kept in this file."""
    found = None if session_file is None else contents_of(session_file)
    if found is None or not found.steps:
        return Badge()
    return Badge(True, len(found.roles), found.roles.count(Role.INSERT.value))


def with_badge(picture: QPixmap, badge: Badge) -> QPixmap:
    """A small picture with its badge in the lower right: a ring with the count of nodules, and a dot for edits."""
    if not badge.words:
        return picture
    marked, now = QPixmap(picture), tokens.current()
    side = HEIGHT * max(marked.width(), marked.height())
    text = str(badge.nodules) if badge.nodules else ""
    width = side * (1.0 + 0.62 * len(text) + (0.25 if text else 0.0))
    place = QRectF(marked.width() - width - 2, marked.height() - side - 2, width, side)
    painter = QPainter(marked)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(now.panel))
    painter.drawRoundedRect(place, side / 2, side / 2)
    ring = QRectF(place.x() + 0.27 * side, place.y() + 0.27 * side, 0.46 * side, 0.46 * side)
    painter.setPen(QColor(now.accent))
    painter.setBrush(QColor(now.accent) if badge.edits > badge.nodules or not text else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(ring)
    if text:
        font = QFont(painter.font())
        font.setPixelSize(round(0.72 * side))
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(place.adjusted(0.8 * side, 0, -0.2 * side, 0), Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return marked


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}" if number else ""
