"""Searching an archive and retrieving from it; what arrives is opened like any other file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from cxr_studio.events import CancelToken, Progress
from cxr_studio.exchange.archive import Archive, Found, Query
from cxr_studio.ui.archive.names import shown_name
from cxr_studio.ui.jobs.job import Job, JobView
from cxr_studio.ui.shell.background import Background

COLUMNS = ("Patient", "ID", "Date", "Modality", "Description", "Images")
STRETCHED = COLUMNS.index("Description")

NO_PICTURES = {"SR": "a report", "KO": "a list of images", "PR": "display settings", "SEG": "a segmentation"}
"""Modalities of objects that are about radiographs and hold none."""

Retrieve = Callable[[Archive, Found, Progress, CancelToken], list[Path]]
"""Fetches a series into the cache; returns its files."""


class SearchView(JobView, Protocol):
    """What the controller shows itself in."""

    def set_rows(self, rows: Sequence[Sequence[str | int]]) -> None:
        """Show a row a series, as COLUMNS; "" where the archive does not say."""

    def set_start(self, title: str, *, ready: bool = True) -> None:
        """Name the button that opens, and say whether there is something to open."""


class SearchController(QObject):
    """Finds series in an archive and brings them here.

    Signals:
        retrieved: (list of Path) the files of the chosen series are in the cache.

    Args:
        background: Runs the work.
        view: Shows it.
        retrieve: Fetches a series.
    """

    retrieved = Signal(object)

    def __init__(
        self, background: Background, view: SearchView, retrieve: Retrieve, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._retrieve = retrieve
        self._archive: Archive | None = None
        self.found: list[Found] = []
        self.job = Job(background, view, self)

    def search(self, archive: Archive, query: Query) -> None:
        """Ask the archive, and show what it has."""
        if self.job.running:
            return
        self._archive = archive
        self._show([])

        def work(progress: Progress, token: CancelToken) -> list[Found]:
            progress(0.0, "Searching")
            return archive.find(query, cancelled=lambda: token.cancelled)

        def done(found: list[Found]) -> None:
            self._show(found)
            self._view.say(_counted(found, query))

        self.job.start("Searching the archive", work, done=done)

    def open(self, places: Sequence[int]) -> None:
        """Retrieve the series at these places of ``found``, one after the other, from the archive that named them."""
        archive = self._archive
        chosen = [self.found[place] for place in places if 0 <= place < len(self.found)]
        without = [each for each in chosen if each.modality in NO_PICTURES]
        if archive is None or not chosen:
            self._view.say("Select a series first.")
            return
        if without:
            what = NO_PICTURES[without[0].modality]
            self._view.say(f"A series of {without[0].modality} holds {what} and no radiograph. Select another.")
            return

        def work(progress: Progress, token: CancelToken) -> list[Path]:
            paths: list[Path] = []
            for number, each in enumerate(chosen):
                paths += self._retrieve(archive, each, _share(progress, number, len(chosen)), token)
            return paths

        def done(paths: list[Path]) -> None:
            if paths:
                self.retrieved.emit(paths)
            else:
                self._view.say("The archive names no images in this series. Select another.")

        self.job.start("Retrieving from the archive", work, done=done)

    def cancel(self) -> None:
        """Stop; what has arrived stays in the cache."""
        self.job.cancel()
        self._view.say("Cancelled. Images that have arrived are kept and not retrieved again.")

    def _show(self, found: list[Found]) -> None:
        self.found = found
        self._view.set_rows([row_of(each) for each in found])
        self._view.set_start("Open", ready=bool(found))


def row_of(found: Found) -> tuple[str | int, ...]:
    """A series' row."""
    texts = dict.fromkeys(text for text in (found.study, found.series) if text)
    return (
        shown_name(found.name),
        found.patient_id,
        "" if found.study_date is None else found.study_date.isoformat(),
        found.modality,
        " · ".join(texts),
        "" if found.images is None else found.images,
    )


def _counted(found: list[Found], query: Query) -> str:
    if not found:
        return "No series matches. Try fewer letters of the name, another date, or any modality."
    if len(found) >= query.most:
        return f"Only the newest {len(found)} series are shown. Narrow the search by name, ID or date."
    return (
        f"{len(found)} series. Double-click one to open it." if len(found) > 1 else "1 series. Press Enter to open it."
    )


def _share(progress: Progress, number: int, count: int) -> Progress:
    """The progress of one of several series."""

    def report(part: float, words: str) -> None:
        several = f" of series {number + 1} of {count}" if count > 1 else ""
        progress((number + part) / count, f"{words}{several}")

    return report
