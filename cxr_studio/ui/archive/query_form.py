"""What is looked for in an archive: name, ID, date, modality."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QComboBox, QDateEdit, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from cxr_studio.exchange.archive import Query
from cxr_studio.ui.archive.names import dicom_name

BETWEEN = -1
DAYS = (
    ("Any date", 0),
    ("Today", 1),
    ("Last 7 days", 7),
    ("Last 30 days", 30),
    ("Last year", 365),
    ("Between…", BETWEEN),
)
"""Choices of the study date: title, days including today; 0 = any."""

MODALITIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Radiographs (DX, CR)", ("DX", "CR")),
    ("DX", ("DX",)),
    ("CR", ("CR",)),
    ("OT (captured)", ("OT",)),
    ("Any", ()),
)


ROOM = 44
"""Logical pixels of a field around its text: margins and the button that clears it."""

MOST = 200
"""Series that a search shows at most; an archive is asked for the series of each study by itself."""


class QueryForm(QWidget):
    """A row of fields, and the button that searches.

    Attributes:
        search: The button; Enter in any field presses it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.patient_id, self.accession = QLineEdit(), QLineEdit(), QLineEdit()
        for line, hint in (
            (self.name, "Doe, Jane or Do*"),
            (self.patient_id, "Exact, or with *"),
            (self.accession, "Exact"),
        ):
            line.setPlaceholderText(hint)
            line.setClearButtonEnabled(True)
            line.setMinimumWidth(line.fontMetrics().horizontalAdvance(hint) + ROOM)
        self.days, self.modality = QComboBox(), QComboBox()
        for title, count in DAYS:
            self.days.addItem(title, count)
        for title, codes in MODALITIES:
            self.modality.addItem(title, codes)
        today = QDate.currentDate()
        self.since, self.until = (
            _date_field(today.addMonths(-1), "First study date"),
            _date_field(today, "Last study date"),
        )
        self.search = QPushButton("Search")
        self.search.setToolTip("Ask the archive (Enter)")
        self._lay_out()
        self.days.currentIndexChanged.connect(lambda _index: self._reveal())
        self._reveal()

    @property
    def query(self) -> Query:
        """What is shown."""
        since, until = self._dates()
        return Query(
            name=dicom_name(self.name.text()),
            patient_id=self.patient_id.text().strip(),
            since=since,
            until=until,
            modalities=tuple(self.modality.currentData()),
            accession=self.accession.text().strip(),
            most=MOST,
        )

    def _dates(self) -> tuple[date | None, date | None]:
        count = int(self.days.currentData())
        if count == BETWEEN:
            first, last = sorted((_date(self.since), _date(self.until)))
            return first, last
        today = date.today()
        return (today - timedelta(days=count - 1), today) if count else (None, None)

    def _reveal(self) -> None:
        self._range.setVisible(self.days.currentData() == BETWEEN)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        self._range = QWidget()
        dates = QHBoxLayout(self._range)
        dates.setContentsMargins(0, 0, 0, 0)
        for widget in (self.since, QLabel("to"), self.until):
            dates.addWidget(widget)
        when = QHBoxLayout()
        when.addWidget(self.days)
        when.addWidget(self._range)
        columns: tuple[tuple[str, QWidget, int], ...] = (
            ("&Name", self.name, 3),
            ("Patient &ID", self.patient_id, 2),
            ("A&ccession number", self.accession, 2),
            ("Study &date", self.days, 0),
            ("&Modality", self.modality, 0),
        )
        for place, (title, field, stretch) in enumerate(columns):
            label = QLabel(title)
            label.setBuddy(field)
            grid.addWidget(label, 0, place)
            if field is self.days:
                grid.addLayout(when, 1, place)
            else:
                grid.addWidget(field, 1, place)
            grid.setColumnStretch(place, stretch)
        grid.addWidget(self.search, 1, len(columns))


def _date_field(day: QDate, name: str) -> QDateEdit:
    field = QDateEdit(day)
    field.setDisplayFormat("yyyy-MM-dd")
    field.setCalendarPopup(True)
    field.setAccessibleName(name)
    field.setAlignment(Qt.AlignmentFlag.AlignLeft)
    return field


def _date(field: QDateEdit) -> date:
    now = field.date()
    return date(now.year(), now.month(), now.day())
