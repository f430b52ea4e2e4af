"""The dialog of the archives' settings: a list, the fields of one, the test, and the cache."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from cxr_studio.ui.archive.archive_form import ArchiveForm
from cxr_studio.ui.archive.archives import Archives
from cxr_studio.ui.archive.cache_form import CacheForm
from cxr_studio.ui.archive.configuring import ConfiguringController
from cxr_studio.ui.archive.draft import Draft
from cxr_studio.ui.jobs.job_dialog import JobDialog
from cxr_studio.ui.shell.background import Background

SIZE = 760, 480


class ArchivesDialog(JobDialog):
    """Changes the configured archives; nothing is kept before Save.

    Args:
        background: Runs the test.
        archives: What is configured.
        parent: The main window.
    """

    def __init__(self, background: Background, archives: Archives, parent: QWidget | None = None) -> None:
        self.names, self.fields, self.cache = QListWidget(), ArchiveForm(), CacheForm(*archives.cache)
        self.names.setAccessibleName("Archives")
        self.names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # long names end in "…"
        self._add, self._remove = _button("Add", "A further archive"), _button("Remove", "Take the selected one away")
        super().__init__("Archives (PACS)", self._stacked(), start="Save", parent=parent)
        self._archives = archives
        self.controller = ConfiguringController(archives, background, self, self)
        self.set_extra("Test connection", "Ask the archive whether it answers", self._test)
        self.names.currentRowChanged.connect(self._choose)
        self._add.clicked.connect(self._another)
        self._remove.clicked.connect(self.controller.remove)
        self.fields.renamed.connect(self._rename)
        self.started.connect(self._save)
        self.cancelled.connect(self.controller.job.cancel)
        self.resize(*SIZE)
        self.controller.start()

    def show_archives(self, names: Sequence[str], chosen: int) -> None:
        """List the archives."""
        self.names.blockSignals(True)
        self.names.clear()
        self.names.addItems(list(names))
        self.names.setCurrentRow(chosen)
        self.names.blockSignals(False)

    def show_draft(self, draft: Draft) -> None:
        """Show an archive in the form."""
        self.fields.show_draft(draft)
        self.say()

    def set_running(self, running: bool) -> None:
        """Show that the test runs, or that it does not."""
        super().set_running(running)
        self._stop.setText("Cancel")
        if not running:
            self._stop.setToolTip("Close without saving (Esc)")

    def _choose(self, place: int) -> None:
        self.controller.change(self.fields.draft)
        self.controller.choose(place)

    def _another(self) -> None:
        self.controller.change(self.fields.draft)
        self.controller.add()
        self.fields.name.setFocus()
        self.fields.name.selectAll()

    def _rename(self, name: str) -> None:
        item = self.names.currentItem()
        if item is not None:
            item.setText(name)

    def _test(self) -> None:
        self.controller.change(self.fields.draft)
        self.controller.test()

    def _save(self) -> None:
        self.controller.change(self.fields.draft)
        self._archives.cache = self.cache.folder, self.cache.limit
        if self.controller.save():
            self.accept()

    def _stacked(self) -> QWidget:
        whole, left = QWidget(), QVBoxLayout()
        buttons = QHBoxLayout()
        buttons.addWidget(self._add)
        buttons.addWidget(self._remove)
        left.addWidget(self.names, 1)
        left.addLayout(buttons)
        right = QVBoxLayout()
        right.addWidget(self.fields)
        right.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(left, 2)
        row.addLayout(right, 5)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addLayout(row, 1)
        column.addWidget(self.cache)
        return whole


def _button(title: str, tip: str) -> QPushButton:
    button = QPushButton(title)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button
