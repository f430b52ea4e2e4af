"""The dialog that searches an archive and opens what is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cxr_studio.ui.archive.archive_dialog import ArchiveDialog
from cxr_studio.ui.archive.archives import Archives
from cxr_studio.ui.archive.query_form import QueryForm
from cxr_studio.ui.archive.rows_table import RowsTable
from cxr_studio.ui.archive.searching import COLUMNS, STRETCHED, Retrieve, SearchController
from cxr_studio.ui.shell.background import Background

SIZE = 980, 560


class SearchDialog(ArchiveDialog):
    """Fields, a table of series, and a button that opens the selected ones.

    Signals:
        retrieved: (list of Path) files to open; the dialog closes.

    Args:
        background: Runs the work.
        archives: What can be searched.
        retrieve: Fetches a series.
        parent: The main window.
    """

    retrieved = Signal(object)

    def __init__(
        self, background: Background, archives: Archives, retrieve: Retrieve, parent: QWidget | None = None
    ) -> None:
        self.fields = QueryForm()
        self.table = RowsTable(COLUMNS, stretched=STRETCHED, name="Series of the archive")
        self.table.setMinimumHeight(160)
        self._before: QWidget | None = None
        super().__init__("Open from archive", archives, self._stacked(), start="Open", parent=parent)
        self.controller = SearchController(background, self, retrieve, self)
        self.fields.search.clicked.connect(self.search)
        self.table.chosen.connect(lambda place: self.controller.open([place]))
        self.started.connect(lambda: self.controller.open(self.table.selected))
        self.cancelled.connect(self.controller.cancel)
        self.controller.retrieved.connect(self._leave)
        self.set_start("Open", ready=False)
        self.enter_presses(self.fields.search)
        self.resize(*SIZE)
        self.fields.name.setFocus()
        self.say("A search without a condition shows the newest series.")

    def search(self) -> None:
        """Ask the chosen archive for what the fields say."""
        archive = self.opened()
        if archive is not None:
            self.controller.search(archive, self.fields.query)

    def set_rows(self, rows: Sequence[Sequence[str | int]]) -> None:
        """Show series, the keyboard on the first of them."""
        self.table.set_rows(rows)
        if rows:
            self.table.setFocus()

    def set_running(self, running: bool) -> None:
        """Show that it runs, or that it does not; the keyboard goes back to where it was."""
        before = self.focusWidget() if running else self._before
        super().set_running(running)
        self._before = before if running else None
        if not running and before is not None:
            before.setFocus()

    def _leave(self, paths: object) -> None:
        self.retrieved.emit(paths)
        self.accept()

    def _stacked(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.fields)
        column.addWidget(self.table, 1)
        return whole
