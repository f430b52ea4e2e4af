"""Searching and retrieving: rows, what is said of nothing, of too many and of every failure, and what is opened."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from cxr_studio.errors import ArchiveError
from cxr_studio.exchange.archive import Query
from cxr_studio.ui.archive.searching import SearchController, row_of

PATIENCE = 60_000


class View:
    def __init__(self):
        self.rows, self.said, self.progress, self.ready = None, [], [], False

    def set_running(self, running):
        pass

    def set_progress(self, fraction, words):
        self.progress.append((fraction, words))

    def say(self, *sentences):
        self.said.append("\n".join(sentences))

    def set_rows(self, rows):
        self.rows = rows

    def set_start(self, title, *, ready=True):
        self.ready = ready


@pytest.fixture
def bench(qtbot, background, tmp_path):
    def retrieve(archive, found, progress, token):
        folder = tmp_path / found.series_uid
        return archive.get(found, folder, progress=progress, cancelled=lambda: token.cancelled)

    view = View()
    controller = SearchController(background, view, retrieve)

    def search(archive, query=None):
        controller.search(archive, query or Query())
        qtbot.waitUntil(lambda: not controller.job.running, timeout=PATIENCE)

    def open_them(*places):
        controller.open(places)
        qtbot.waitUntil(lambda: not controller.job.running, timeout=PATIENCE)

    return SimpleNamespace(controller=controller, view=view, search=search, open=open_them)


def test_a_search_shows_a_row_a_series(bench, archive):
    view, search = bench.view, bench.search
    search(archive, Query(name="Do*"))
    assert archive.queries == [Query(name="Do*")]
    assert view.rows[0] == ("Doe, Jane", "P1", "2026-03-01", "DX", "Chest PA", 2)
    assert view.rows[1][5] == "", "the archive does not count its images"
    assert view.said[-1].startswith("2 series.")
    assert view.ready


def test_nothing_found_is_said(bench, archive):
    view, search = bench.view, bench.search
    archive.found.clear()
    search(archive)
    assert view.said[-1] == "No series matches. Try fewer letters of the name, another date, or any modality."
    assert not view.ready


def test_too_many_are_said(bench, archive):
    view, search = bench.view, bench.search
    search(archive, Query(most=2))
    assert view.said[-1] == "Only the newest 2 series are shown. Narrow the search by name, ID or date."


def test_a_failed_search_is_the_archives_own_sentence(bench, archive):
    view, search = bench.view, bench.search
    archive.fault = ArchiveError("nothing answers at PACS at pacs:104", remedy="Check the port")
    search(archive)
    assert view.said[-1] == "Nothing answers at PACS at pacs:104. Check the port."
    assert view.rows == []


def test_what_is_chosen_is_retrieved_and_opened(bench, archive, series, heard):
    controller, view, search, open_them = bench.controller, bench.view, bench.search, bench.open
    archive.found[:] = [series(1), series(2), series(3)]
    opened = heard()
    controller.retrieved.connect(opened)
    search(archive)
    open_them(2, 0)
    assert [path.name for path in opened[0]] == ["1.2.3.1.1.dcm", "1.2.3.1.2.dcm", "1.2.1.1.1.dcm", "1.2.1.1.2.dcm"]
    assert view.progress[-1] == (1.0, "Retrieved 2 of 2 images of series 2 of 2")
    assert (0.25, "Retrieved 1 of 2 images of series 1 of 2") in view.progress


def test_a_failed_retrieval_opens_nothing_and_can_be_tried_again(bench, archive, heard):
    controller, view, search, open_them = bench.controller, bench.view, bench.search, bench.open
    opened = heard()
    controller.retrieved.connect(opened)
    search(archive)
    archive.fault = ArchiveError("1 of 2 images have arrived", remedy="Retrieve the series again")
    open_them(0)
    assert view.said[-1] == "1 of 2 images have arrived. Retrieve the series again."
    assert not opened
    archive.fault = None
    open_them(0)
    assert len(opened[0]) == 2


def test_a_series_without_a_radiograph_is_not_retrieved(bench, archive, series, heard):
    controller, view, search, open_them = bench.controller, bench.view, bench.search, bench.open
    archive.found[:] = [series(1, modality="SR")]
    opened = heard()
    controller.retrieved.connect(opened)
    search(archive)
    open_them(0)
    assert view.said[-1] == "A series of SR holds a report and no radiograph. Select another."
    assert not opened


def test_nothing_selected_is_said(bench, archive):
    view, search, open_them = bench.view, bench.search, bench.open
    search(archive)
    open_them()
    assert view.said[-1] == "Select a series first."


def test_cancelled_nothing_is_opened(bench, qtbot, background, archive, heard):
    controller, view, search = bench.controller, bench.view, bench.search
    opened = heard()
    controller.retrieved.connect(opened)
    search(archive)
    controller.open([0])
    controller.cancel()
    assert view.said[-1].startswith("Cancelled.")
    qtbot.waitUntil(lambda: not background.busy, timeout=PATIENCE)
    assert not opened


def test_descriptions_are_not_said_twice(series):
    assert row_of(series(study="Chest", series="Chest"))[4] == "Chest"
    assert row_of(series(study="Chest", series="PA"))[4] == "Chest · PA"
