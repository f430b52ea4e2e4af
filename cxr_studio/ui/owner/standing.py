"""How far a study is, blind to the truth; and its report, which needs the key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from cxr_studio.errors import StudioError
from cxr_studio.events import CancelToken, Progress
from cxr_studio.ui.jobs.job import Job, JobView
from cxr_studio.ui.shell.background import Background

if TYPE_CHECKING:
    from cxr_studio.studies.integrity import Standing

COLUMNS = ("Reader", "Answered", "Sessions", "Median time", "Last answer", "To look at")
BUNDLE, KEY_FILE, REPORT = "bundle", "key.json", "report"
FAST_MS = 100
"""Median below which milliseconds are shown."""


class StandingView(JobView, Protocol):
    """What the controller shows itself in."""

    def set_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show a row a reader, as COLUMNS."""

    def set_start(self, title: str, *, ready: bool = True) -> None:
        """Name the button that makes the report, and say whether it can be made."""


class StandingController(QObject):
    """Looks into a study; nothing that is shown tells how often answers are right.

    Signals:
        reported: (page) the report is written.

    Args:
        background: Reads and writes.
        view: Shows it.
    """

    reported = Signal(object)

    def __init__(self, background: Background, view: StandingView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._view = view
        self.job = Job(background, view, self)

    def look(self, folder: str) -> None:
        """Read how far the readers are; ``folder`` is that of the study, or its bundle."""
        if not folder or self.job.running:
            return
        bundle, key = places(Path(folder).expanduser())

        def work(_progress: Progress, _token: CancelToken) -> tuple[list[Standing], int]:
            return _standings(bundle)

        def done(found: tuple[list[Standing], int]) -> None:
            rows, planned = found
            self._view.set_rows([row_of(one) for one in rows])
            answered = any(one.answered for one in rows)
            self._view.set_start("Make the report", ready=answered and key.is_file())
            words = [f"{len(rows)} of {planned} planned readers have begun."]
            if not key.is_file():
                words.append(f"The report needs the key: put {KEY_FILE} beside the bundle.")
            elif answered and not all(one.finished for one in rows):
                words.append("A report made now shows the truth of unfinished readings: wait for all readers.")
            self._view.say(*words)

        self._background.run("Reading the answers", work, done=done, failed=self._refused, quiet=True)

    def report(self, folder: str) -> None:
        """Write the report beside the key."""
        if not folder:
            return
        bundle_folder, key_path = places(Path(folder).expanduser())

        def work(progress: Progress, _token: CancelToken) -> tuple[Path, list[str]]:
            from cxr_studio.studies.bundle import open_bundle
            from cxr_studio.studies.key import open_key
            from cxr_studio.studies.reporting import study_outcome
            from cxr_studio.studies.statistics.report import summary, write_report
            from cxr_studio.studies.statistics.study_results import results_of

            progress(0.1, "Joining answers and key")
            bundle = open_bundle(bundle_folder)
            outcome = study_outcome(bundle, open_key(key_path, study_id=bundle.study_id), key_path=key_path)
            progress(0.3, "Computing intervals and tests")
            written = write_report(outcome, key_path.parent / REPORT)
            return written.html, summary(outcome, results_of(outcome))

        def done(found: tuple[Path, list[str]]) -> None:
            page, sentences = found
            self._view.say(*sentences, f"Report: {page}")
            self.reported.emit(page)

        self.job.start("Writing the report", work, done=done)

    def _refused(self, fault: Exception) -> None:
        if not isinstance(fault, StudioError):
            raise fault
        self._view.set_rows([])
        self._view.set_start("Make the report", ready=False)
        self._view.say(str(fault))


def places(folder: Path) -> tuple[Path, Path]:
    """Bundle and key of a study's folder, or of the folder around a bundle."""
    if folder.name == BUNDLE and not (folder / BUNDLE).is_dir():
        return folder, folder.parent / KEY_FILE
    return (folder / BUNDLE if (folder / BUNDLE).is_dir() else folder), folder / KEY_FILE


def row_of(one: Standing) -> tuple[str, ...]:
    """A reader's row."""
    extras = [f"{one.interrupted} interrupted"] * bool(one.interrupted) + [f"{one.missed} missed"] * bool(one.missed)
    return (
        one.reader if one.origin == "person" else f"{one.reader} ({one.origin})",
        f"{one.answered} of {one.total}" + (" ✓" if one.finished else ""),
        str(one.sessions),
        _median(one.median_ms),
        one.last[:16].replace("T", " "),
        "; ".join((*one.flags, *extras)),
    )


def _median(milliseconds: float | None) -> str:
    if milliseconds is None:
        return ""
    return f"{milliseconds:.0f} ms" if milliseconds < FAST_MS else f"{milliseconds / 1000:.1f} s"


def _standings(folder: Path) -> tuple[list[Standing], int]:
    from cxr_studio.studies.bundle import open_bundle
    from cxr_studio.studies.integrity import standings
    from cxr_studio.studies.log import DATABASE, AnswerLog

    bundle = open_bundle(folder)
    if not (folder / DATABASE).exists():
        return [], len(bundle.schedules)
    log = AnswerLog(bundle, create=False)
    try:
        return standings(bundle, log), len(bundle.schedules)
    finally:
        log.close()
