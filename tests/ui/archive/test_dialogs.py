"""The dialogs themselves: searched and opened by keyboard alone, ticks, dates, and what is said without an archive."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt

from cxr_studio.errors import ArchiveError
from cxr_studio.exchange.archive import DicomSettings, Query
from cxr_studio.exchange.named import Named, encoded
from cxr_studio.settings import Settings, load_settings
from cxr_studio.ui.archive.archives import Archives
from cxr_studio.ui.archive.archives_dialog import ArchivesDialog
from cxr_studio.ui.archive.names import dicom_name, shown_name
from cxr_studio.ui.archive.parts import Part
from cxr_studio.ui.archive.parts_table import PartsTable
from cxr_studio.ui.archive.query_form import QueryForm
from cxr_studio.ui.archive.rows_table import RowsTable
from cxr_studio.ui.archive.search_dialog import SearchDialog
from cxr_studio.ui.archive.send_dialog import SendDialog
from cxr_studio.ui.archive.vault import Vault

PATIENCE = 60_000
ENTER = Qt.Key.Key_Return


class NoKeyring:
    def kept(self, name):
        raise ArchiveError("the system's keyring cannot be used")

    keep = forget = kept


def made_archives(archive, *named):
    settings = Settings(archives=encoded(named))
    vault = Vault(lambda *_asked: None, NoKeyring())
    return Archives(settings, vault, opened=lambda now, secret: archive)


@pytest.fixture
def archives(qapp, archive):
    return made_archives(archive, Named("Ward", DicomSettings("pacs", "ORTHANC")))


@pytest.fixture
def search(qtbot, background, archives, tmp_path):
    def retrieve(archive, found, progress, token):
        return archive.get(found, tmp_path, progress=progress, cancelled=lambda: token.cancelled)

    dialog = SearchDialog(background, archives, retrieve)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # qtbot does it
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def test_by_keyboard_alone_a_series_is_found_and_opened(qtbot, search, archive, heard):
    opened = heard()
    search.retrieved.connect(opened)
    assert search.focusWidget() is search.fields.name
    qtbot.keyClicks(search.fields.name, "Doe, Ja")
    qtbot.keyClick(search.fields.name, ENTER)
    qtbot.waitUntil(lambda: not search.controller.job.running, timeout=PATIENCE)
    assert archive.queries[-1].name == "Doe^Ja"
    assert search.focusWidget() is search.table
    qtbot.keyClick(search.table, ENTER)
    qtbot.waitUntil(lambda: bool(opened), timeout=PATIENCE)
    assert [path.name for path in opened[0]] == ["1.2.1.1.1.dcm", "1.2.1.1.2.dcm"]
    assert len(archive.queries) == 1, "Enter in the table must not search again"


def test_after_a_failed_search_the_keyboard_is_where_it_was(qtbot, search, archive):
    archive.fault = ArchiveError("nothing answers at ORTHANC at pacs:104", remedy="Check the port")
    qtbot.keyClicks(search.fields.patient_id, "P1")
    search.fields.patient_id.setFocus()
    qtbot.keyClick(search.fields.patient_id, ENTER)
    qtbot.waitUntil(lambda: not search.controller.job.running, timeout=PATIENCE)
    assert search.words == "Nothing answers at ORTHANC at pacs:104. Check the port."
    assert search.focusWidget() is search.fields.patient_id


def test_escape_stops_the_search_and_then_leaves(qtbot, search, archive):
    search.search()
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert search.isVisible()
    assert search.words.startswith("Cancelled.")
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert not search.isVisible()


def test_escape_reaches_an_archive_that_says_nothing(qtbot, search, archive, background):
    archive.silent_after = 0
    search.search()
    qtbot.waitUntil(archive.silent.is_set, timeout=PATIENCE)
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not background.busy, timeout=PATIENCE)
    assert search.words.startswith("Cancelled.")


def test_escape_stops_the_test_of_a_connection(qtbot, background, archives, archive):
    archive.silent_after = 0
    dialog = ArchivesDialog(background, archives)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    dialog._extra.click()
    qtbot.waitUntil(archive.silent.is_set, timeout=PATIENCE)
    assert not dialog._extra.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not background.busy, timeout=PATIENCE)
    assert dialog.words == "Cancelled."
    assert dialog._extra.isEnabled()


def test_without_an_archive_that_is_said(qtbot, background, archive):
    dialog = SearchDialog(background, made_archives(archive), lambda *_: [])
    qtbot.addWidget(dialog)
    dialog.search()
    assert dialog.words == "No archive is configured. Settings… adds one."


def test_dates_and_modalities_of_the_form(qtbot):
    form = QueryForm()
    qtbot.addWidget(form)
    assert form.query == Query(modalities=("DX", "CR"), most=form.query.most)
    form.days.setCurrentIndex(form.days.findText("Last 7 days"))
    form.modality.setCurrentIndex(form.modality.findText("Any"))
    assert (form.query.since, form.query.until) == (date.today() - timedelta(days=6), date.today())
    assert form.query.modalities == ()
    form.days.setCurrentIndex(form.days.findText("Between…"))
    form.since.setDate(form.until.date().addDays(3))
    assert (form.query.since, form.query.until) == (date.today(), date.today() + timedelta(days=3))


def test_names_as_people_write_them():
    assert dicom_name("Doe, Jane") == "Doe^Jane"
    assert dicom_name("Do*") == "Do*"
    assert shown_name("Doe^Jane^Anna^Dr") == "Doe, Jane"
    assert shown_name("Yamada^Tarou=山田^太郎") == "Yamada, Tarou"


def test_a_sorted_table_still_knows_its_rows(qtbot, heard):
    table = RowsTable(("Name", "Images"), stretched=0, name="Rows")
    qtbot.addWidget(table)
    table.set_rows([("b", 2), ("a", 10), ("c", 1)])
    table.sortItems(1, Qt.SortOrder.DescendingOrder)
    assert [table.item(row, 0).text() for row in range(3)] == ["a", "b", "c"]
    chosen = heard()
    table.chosen.connect(chosen)
    table.cellDoubleClicked.emit(0, 1)
    table.setCurrentCell(2, 0)
    qtbot.keyClick(table, ENTER)
    assert chosen == [1, 2]


def test_ticks_stay_when_the_parts_are_looked_at_again(qtbot):
    table = PartsTable()
    qtbot.addWidget(table)
    parts = [Part("image", "Image", "one"), Part("seg", "Segmentation", "two"), Part("sr", "Report", "", "No nodule")]
    table.set_parts(parts)
    assert table.ticked == ["image", "seg"]
    table.ticks["seg"].setChecked(False)
    table.set_parts(parts)
    assert table.ticked == ["image"]
    table.set_outcomes({"image": "Sent"})
    assert table.outcomes == {"image": "Sent", "seg": "", "sr": ""}


def test_the_send_dialog_sends_to_the_chosen_archive(qtbot, background, archives, workspace):
    dialog = SendDialog(background, archives, workspace)
    qtbot.addWidget(dialog)
    assert list(dialog.parts.ticks) == ["image", "seg", "gsps", "ko", "sr"]
    assert not dialog.parts.ticks["image"].isEnabled()
    dialog.send()
    assert dialog.words == "Tick what is to be sent."


def test_the_settings_are_typed_tested_and_saved(qtbot, background, archive):
    archives = made_archives(archive)
    dialog = ArchivesDialog(background, archives)
    qtbot.addWidget(dialog)
    dialog.fields.name.clear()
    qtbot.keyClicks(dialog.fields.name, "Ward")
    assert dialog.names.currentItem().text() == "Ward"
    qtbot.keyClicks(dialog.fields.host, "pacs")
    qtbot.keyClicks(dialog.fields.called, "ORTHANC")
    dialog._extra.click()
    qtbot.waitUntil(lambda: not dialog.controller.job.running, timeout=PATIENCE)
    assert dialog.words == "ORTHANC at pacs:104 accepts CXRSTUDIO. (34 ms)"
    dialog._start.click()
    assert archives.all == [Named("Ward", DicomSettings("pacs", "ORTHANC"))]
    assert load_settings()[0].archives == encoded(archives.all)


def test_the_form_shows_what_the_protocol_needs(qtbot, background, archives):
    dialog = ArchivesDialog(background, archives)
    with qtbot.waitExposed(dialog):
        dialog.show()
    form = dialog.fields
    assert form.called.isVisible()
    assert not form.url.isVisible()
    assert not form.ca_file.isVisible()
    form.tls.click()
    assert all(field.isVisible() for field in (form.ca_file, form.certificate, form.key))
    assert form.draft.tls
    form.protocol.setCurrentIndex(1)
    assert form.url.isVisible()
    assert not form.called.isVisible()
    assert form.ca_file.isVisible()
    assert not form.certificate.isVisible()
    assert not form.secret.isVisible()
    form.authentication.setCurrentIndex(form.authentication.findData("bearer"))
    assert form.secret.isVisible()
    assert not form.user.isVisible()
    dialog.close()
