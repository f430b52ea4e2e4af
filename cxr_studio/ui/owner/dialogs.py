"""The dialogs of a study's owner: making one, and seeing how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cxr_studio.ui.jobs.job_dialog import JobDialog
from cxr_studio.ui.owner.form import StudyForm
from cxr_studio.ui.owner.making import StudyMaking
from cxr_studio.ui.owner.standing import BUNDLE, COLUMNS, StandingController
from cxr_studio.ui.program.folder_field import FolderField
from cxr_studio.ui.shell.background import Background


class MakingDialog(JobDialog):
    """Makes a study.

    Args:
        background: Runs the job.
        fields: The form.
        device: Where generators run.
        sit: Opens a bundle for a reader.
        parent: The main window.
    """

    def __init__(
        self,
        background: Background,
        fields: StudyForm,
        *,
        device: str,
        sit: Callable[[Path], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Make a reader study", fields, start="Make the study", parent=parent)
        self.fields = fields
        self.controller = StudyMaking(background, self, device, self)
        self.started.connect(
            lambda: self.controller.start(fields.outline, source=fields.source.folder, out=fields.out.folder)
        )
        self.cancelled.connect(self.controller.cancel)
        self.controller.made.connect(
            lambda folder: self.set_extra("Sit it now", "Read the study as a reader", lambda: sit(folder / BUNDLE))
        )
        self.resize(660, self.sizeHint().height())


class StandingDialog(JobDialog):
    """Shows how far a study is, and makes its report.

    Args:
        background: Reads and writes.
        folder: Of the study, "" for none.
        parent: The main window.
    """

    def __init__(self, background: Background, folder: str = "", parent: QWidget | None = None) -> None:
        self.folder = FolderField(folder, title="Choose the folder of a study")
        self.table = QTableWidget(0, len(COLUMNS))
        self.table.setHorizontalHeaderLabels(COLUMNS)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.setAccessibleName("Readers of the study")
        refresh = QPushButton("Refresh")
        refresh.setToolTip("Read the answers again")
        refresh.setAutoDefault(False)
        super().__init__(
            "A study's progress and report",
            _stacked(self.folder, refresh, self.table),
            start="Make the report",
            parent=parent,
        )
        self.set_start("Make the report", ready=False)
        self.controller = StandingController(background, self, self)
        self.folder.changed.connect(self.controller.look)
        refresh.clicked.connect(lambda: self.controller.look(self.folder.folder))
        self.started.connect(lambda: self.controller.report(self.folder.folder))
        self.cancelled.connect(self.controller.job.cancel)
        self.controller.reported.connect(self._offer)
        self.resize(760, 420)
        self.controller.look(folder)

    def set_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show a row a reader."""
        self.table.setRowCount(len(rows))
        for k, row in enumerate(rows):
            for column, text in enumerate(row):
                self.table.setItem(k, column, QTableWidgetItem(text))

    def _offer(self, page: Path) -> None:
        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))

        self.set_extra("Open the report", str(page), show)


def _stacked(folder: FolderField, refresh: QPushButton, table: QTableWidget) -> QWidget:
    whole, row = QWidget(), QHBoxLayout()
    row.addWidget(folder, 1)
    row.addWidget(refresh)
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.addLayout(row)
    column.addWidget(table, 1)
    return whole
