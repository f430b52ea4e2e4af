"""The dialog that sends the result to an archive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QComboBox, QWidget

from cxr_studio.exchange.deidentify_radiograph import Deidentification, default_table
from cxr_studio.exchange.deidentify_table import Profile
from cxr_studio.ui.archive.archive_dialog import ArchiveDialog
from cxr_studio.ui.archive.archives import Archives
from cxr_studio.ui.archive.parts import Part, Terms
from cxr_studio.ui.archive.parts_table import PartsTable, parts_form, reader_field
from cxr_studio.ui.archive.sending import SendController
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.workspace import Workspace

WIDTH = 760


class SendDialog(ArchiveDialog):
    """Ticks for the parts, and the button that sends them.

    Args:
        background: Runs the work.
        archives: Where they can go.
        workspace: The open radiograph; followed.
        terms: What is sent beside the session's own work, asked when it is.
        parent: The main window.
    """

    def __init__(
        self,
        background: Background,
        archives: Archives,
        workspace: Workspace,
        *,
        terms: Callable[[], Terms] = Terms,
        parent: QWidget | None = None,
    ) -> None:
        self.parts, self.reader = PartsTable(), reader_field()
        self.patient = _patient_choice()
        super().__init__(
            "Send to archive",
            archives,
            parts_form(self.parts, {"&Reader": self.reader, "&Patient": self.patient}),
            start="Send",
            parent=parent,
        )

        def signed() -> Terms:
            asked = terms()
            observer = replace(asked.wanted.observer, reader=self.reader.text().strip())
            wanted = replace(asked.wanted, observer=observer)
            return replace(asked, wanted=wanted, without_patient=self.patient.currentData())

        self.controller = SendController(workspace, background, self, terms=signed, parent=self)
        self.reader.textEdited.connect(self.controller.forget)
        self.patient.currentIndexChanged.connect(self.controller.look)
        self.started.connect(lambda: self.send())
        self.cancelled.connect(self.controller.cancel)
        self.finished.connect(self.controller.close)
        self.controller.look()
        layout = self.layout()
        self.resize(WIDTH, self.sizeHint().height() if layout is None else layout.totalHeightForWidth(WIDTH))

    def send(self, *, again: bool = False) -> None:
        """Send what is ticked; ``again`` whatever the archive has."""
        archive = self.opened()
        if archive is not None:
            self.controller.send(archive, self.parts.ticked, name=self.chooser.name, again=again)

    def set_parts(self, parts: Sequence[Part]) -> None:
        """Show what can be sent."""
        self.parts.set_parts(parts)

    def set_outcomes(self, outcomes: Mapping[str, str]) -> None:
        """Show what became of it."""
        self.parts.set_outcomes(outcomes)

    def offer_all(self, offered: bool) -> None:
        """Show the button that sends everything once more, or hide it."""
        if offered:
            self.set_extra("Send all again", "Store also what the archive has already", lambda: self.send(again=True))
        else:
            self.hide_extra()


def _patient_choice() -> QComboBox:
    """As in the file, or without the patient; the data of each line is how, or None."""
    table = default_table()
    choice = QComboBox()
    choice.addItem("As in the radiograph", None)
    for words, profile in (
        ("De-identified, dates removed", Profile()),
        ("De-identified, dates shifted", Profile(shift_dates=True)),
        ("De-identified, UIDs retained", Profile(retain_uids=True)),
    ):
        choice.addItem(words, Deidentification(table, profile))
    choice.setToolTip(f"Basic profile of PS3.15; your table of pseudonyms is {table}")
    return choice
