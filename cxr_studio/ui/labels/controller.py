"""Exporting masks and labels of the nodules that were placed by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cxr_studio.augmentation.collecting import Collected, Wanted
from cxr_studio.events import CancelToken, Progress
from cxr_studio.generation.session import Session
from cxr_studio.ui.document.kept import KeptSessions
from cxr_studio.ui.jobs.job import Job, JobView
from cxr_studio.ui.jobs.job_dialog import few
from cxr_studio.ui.shell.background import Background


@dataclass(frozen=True)
class Project:
    """What can be exported.

    Attributes:
        paths: Radiographs of the folder.
        open: The one on the table, or None.
        keep: Writes what is not on disk yet; False when that failed.
        sessions: Where work is kept.
    """

    paths: Sequence[Path]
    open: Path | None
    keep: Callable[[], bool]
    sessions: KeptSessions


class LabelsController(QObject):
    """Collects the work of a project into a folder.

    Signals:
        exported: (folder) it is written.

    Args:
        project: What there is.
        background: Runs the job.
        view: Shows it.
    """

    exported = Signal(object)

    def __init__(self, project: Project, background: Background, view: JobView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._view = view
        self.job = Job(background, view, self)

    def export(self, wanted: Wanted, folder: str, *, whole: bool) -> None:
        """Write what is wanted; the sentence tells what came of it."""
        if not folder:
            self._view.say("Choose a folder first.")
            return
        if not (wanted.labels or wanted.fills):
            self._view.say("Choose at least one kind of labels, or the masks.")
            return
        if not self._project.keep():
            self._view.say("Your last edits could not be written. Make room on the disk and try again.")
            return
        paths, out = self._chosen(wanted, whole=whole), Path(folder).expanduser()

        def work(progress: Progress, token: CancelToken) -> Collected:
            from cxr_studio.augmentation.collecting import Works, collect

            return collect(Works(paths, self._load), out, wanted=wanted, progress=progress, cancel=token)

        def done(found: Collected) -> None:
            self._view.say(*_outcome(found, out))
            self.exported.emit(out)

        self.job.start("Exporting labels", work, done=done)

    def _chosen(self, wanted: Wanted, *, whole: bool) -> list[Path]:
        """The radiographs that may have something to export."""
        if not whole:
            return [] if self._project.open is None else [self._project.open]
        paths, sessions = self._project.paths, self._project.sessions
        return [path for path in paths if wanted.negatives or sessions.find(path) is not None]

    def _load(self, path: Path) -> Session:
        return self._project.sessions.resume(path).session


def _outcome(found: Collected, out: Path) -> list[str]:
    radiographs = f"{found.radiographs} radiograph{'' if found.radiographs == 1 else 's'}"
    nodules = f"{found.nodules} nodule{'' if found.nodules == 1 else 's'}"
    return [f"{radiographs} with {nodules} written to {out}.", *few(found.notes)]
