"""Which archive, and a button to its settings."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from cxr_studio.ui.archive.archives import Archives


class ArchiveChooser(QWidget):
    """Shows the configured archives; the one that was used last is chosen.

    Signals:
        configure: The archives' settings are asked for.

    Args:
        archives: What there is; followed.
    """

    configure = Signal()

    def __init__(self, archives: Archives, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._archives = archives
        self._combo = QComboBox()
        self._combo.setAccessibleName("Archive")
        settings = QPushButton("Settings…")
        settings.setToolTip("Add, change and test archives")
        settings.setAutoDefault(False)
        label = QLabel("Arc&hive")
        label.setBuddy(self._combo)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self._combo, 1)
        row.addWidget(settings)
        settings.clicked.connect(self.configure)
        archives.changed.connect(self._fill)
        self._combo.currentTextChanged.connect(self._use)
        self._fill()

    @property
    def name(self) -> str:
        """Name of the chosen archive, "" where none is configured."""
        return str(self._combo.currentData() or "")

    def _fill(self) -> None:
        chosen = self._archives.last
        self._combo.blockSignals(True)
        self._combo.clear()
        for each in self._archives.all:
            self._combo.addItem(f"{each.name} – {each.settings}", each.name)
        self._combo.setCurrentIndex(max(0, self._combo.findData(chosen)))
        self._combo.blockSignals(False)

    def _use(self) -> None:
        self._archives.use(self.name)
