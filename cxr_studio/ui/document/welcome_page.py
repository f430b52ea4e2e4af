"""What an empty window shows: open, recent files, the bundled samples, and that files can be dropped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

SHOWN = 6
"""Recent files that are offered."""


class WelcomePage(QWidget):
    """A quiet start.

    Signals:
        open_wanted: The open dialog is asked for.
        sample_wanted: The bundled sample is asked for.
        file_wanted: (Path) this file is asked for.
    """

    open_wanted = Signal()
    sample_wanted = Signal()
    file_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title = QLabel("CXR Studio")
        title.setProperty("title", True)
        words = QLabel(
            "Open a chest radiograph, paint over an area, and watch it being filled.\nDrop files or folders here."
        )
        words.setProperty("quiet", True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        start = QPushButton("Open…")
        start.setProperty("primary", True)
        start.setToolTip("Open a radiograph or a session (Ctrl+O)")
        start.clicked.connect(self.open_wanted)
        sample = QPushButton("Open the bundled sample")
        sample.setToolTip("A chest radiograph with large masses")
        sample.clicked.connect(self.sample_wanted)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(start)
        row.addWidget(sample)
        row.addStretch(1)
        self._recent = QVBoxLayout()
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(words)
        column.addSpacing(12)
        column.addLayout(row)
        column.addSpacing(12)
        column.addLayout(self._recent)
        column.addStretch(3)

    def set_recent(self, paths: Sequence[Path]) -> None:
        """Offer these files, those that still exist."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for path in [p for p in paths if p.exists()][:SHOWN]:
            button = QPushButton(path.name)
            button.setFlat(True)
            button.setToolTip(str(path))
            button.clicked.connect(lambda _checked=False, p=path: self.file_wanted.emit(p))
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
