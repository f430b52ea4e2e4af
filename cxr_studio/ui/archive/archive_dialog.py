"""What the dialogs of an archive share: which archive it is, and the way to its settings."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cxr_studio.errors import StudioError
from cxr_studio.exchange.archive import Archive
from cxr_studio.ui.archive.archives import Archives
from cxr_studio.ui.archive.chooser import ArchiveChooser
from cxr_studio.ui.jobs.job_dialog import JobDialog

NO_ARCHIVE = "No archive is configured. Settings… adds one."


class ArchiveDialog(JobDialog):
    """A job with one of the configured archives.

    Signals:
        configure: The archives' settings are asked for.

    Args:
        title: Of the window.
        archives: What there is.
        form: What is wanted of the archive.
        start: Words of the button that starts it.
        parent: The main window.
    """

    configure = Signal()

    def __init__(
        self, title: str, archives: Archives, form: QWidget, *, start: str, parent: QWidget | None = None
    ) -> None:
        self._archives, self.chooser = archives, ArchiveChooser(archives)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.chooser)
        column.addWidget(form, 1)
        super().__init__(title, whole, start=start, parent=parent)
        self.chooser.configure.connect(self.configure)

    def opened(self) -> Archive | None:
        """The chosen archive, whose secret may be asked for; None where there is none, which is said."""
        if not self.chooser.name:
            self.say(NO_ARCHIVE)
            return None
        try:
            return self._archives.open(self.chooser.name)
        except StudioError as fault:
            self.say(str(fault))
            return None
