"""The dialog that sends the result to an archive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from cxr_studio.exchange.deidentify_radiograph import Deidentification, default_table
from cxr_studio.exchange.deidentify_table import Profile
from cxr_studio.ui.archive.archive_dialog import ArchiveDialog
from cxr_studio.ui.archive.archives import Archives
from cxr_studio.ui.archive.parts import Part, Terms
from cxr_studio.ui.archive.sending import SendController
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.workspace import Workspace

WIDTH = 760


class PartsTable(QWidget):
    """A row a part: a tick, what is in it, and what became of it.

    Attributes:
        ticks: By the part's key.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(18)
        self._grid.setColumnStretch(1, 4)
        self._grid.setColumnStretch(2, 3)
        self.ticks: dict[str, QCheckBox] = {}
        self._outcomes: dict[str, QLabel] = {}
        self._unticked: set[str] = set()

    def set_parts(self, parts: Sequence[Part]) -> None:
        """Show other parts; what was not ticked stays so."""
        self._unticked = (self._unticked - self.ticks.keys()) | {
            key for key, tick in self.ticks.items() if tick.isEnabled() and not tick.isChecked()
        }
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()  # it stays until the event loop deletes it
                widget.deleteLater()
        self.ticks.clear()
        self._outcomes.clear()
        for row, part in enumerate(parts):
            self._add(row, part)

    def set_outcomes(self, outcomes: Mapping[str, str]) -> None:
        """Say what became of parts; nothing of those that are not named."""
        for key, label in self._outcomes.items():
            label.setText(outcomes.get(key, ""))

    @property
    def outcomes(self) -> dict[str, str]:
        """What is said of each part."""
        return {key: label.text() for key, label in self._outcomes.items()}

    @property
    def ticked(self) -> list[str]:
        """Keys of what is wanted."""
        return [key for key, tick in self.ticks.items() if tick.isChecked()]

    def _add(self, row: int, part: Part) -> None:
        tick, about, outcome = QCheckBox(part.title), QLabel(part.why or part.about), QLabel()
        tick.setChecked(not part.why and part.key not in self._unticked)
        tick.setEnabled(not part.why)
        tick.setToolTip(part.why or part.about)
        about.setProperty("quiet", True)
        for label in (about, outcome):
            label.setWordWrap(True)
        outcome.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        outcome.setAccessibleName(f"{part.title}: outcome")
        for column, widget in enumerate((tick, about, outcome)):
            self._grid.addWidget(widget, row, column)
        self.ticks[part.key], self._outcomes[part.key] = tick, outcome


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
        self.parts, self.reader = PartsTable(), QLineEdit()
        self.reader.setPlaceholderText("Your name, where objects are to say who accepted and measured")
        self.patient = _patient_choice()
        super().__init__("Send to archive", archives, self._stacked(), start="Send", parent=parent)

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

    def _stacked(self) -> QWidget:
        whole, form = QWidget(), QFormLayout()
        form.setHorizontalSpacing(18)
        form.addRow("&Reader", self.reader)
        form.addRow("&Patient", self.patient)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(self.parts)
        column.addLayout(form)
        column.addStretch(1)
        return whole

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
