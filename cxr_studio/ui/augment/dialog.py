"""The dialog of batch augmentation: form at the left, preview at the right."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cxr_studio.settings import Settings
from cxr_studio.ui.augment.controller import AugmentController
from cxr_studio.ui.augment.form import AugmentForm
from cxr_studio.ui.augment.preview import Example, Preview
from cxr_studio.ui.augment.remembering import remembered, show_remembered
from cxr_studio.ui.jobs.job_dialog import JobDialog
from cxr_studio.ui.shell.background import Background


class AugmentDialog(JobDialog):
    """Form, preview and job.

    Args:
        background: Runs the work.
        source: Folder to begin with.
        settings: Say where generators run, and what the form showed when a set was made last.
        parent: The main window.

    Attributes:
        fields: The form.
        preview: The preview.
        controller: What it does.
    """

    def __init__(
        self, background: Background, source: Path | None, settings: Settings, parent: QWidget | None = None
    ) -> None:
        self.fields, self.preview = AugmentForm(source, settings.device), Preview()
        show_remembered(self.fields, settings.augment)
        self._settings = settings
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.fields, 3)
        row.addWidget(self.preview, 2)
        super().__init__("Augment a folder", both, start="Make the set", parent=parent)
        self.controller = AugmentController(background, self, self)
        self.started.connect(self._begin)
        self.cancelled.connect(self.controller.cancel)
        self.preview.another.clicked.connect(self._preview)
        self.fields.out.changed.connect(self._look)
        self.resize(980, 620)
        self._look(self.fields.out.folder)

    def show_example(self, example: Example, words: str) -> None:
        """Show an image of the set."""
        self.preview.view.show_example(example)
        self.preview.words.setText(words)
        self.preview.another.setText("Another preview")

    def open_page(self, page: Path) -> None:
        """Show a report in the browser."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))

    def _begin(self) -> None:
        if self.fields.is_understood():
            self._settings.augment = remembered(self.fields)
            self.controller.start(self.fields.chosen)

    def _preview(self) -> None:
        if self.fields.is_understood():
            self.controller.preview(self.fields.chosen)

    def _look(self, out: str) -> None:
        values = self.controller.looked(out)
        if values is not None:
            self.fields.set_plan(values)
