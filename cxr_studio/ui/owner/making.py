"""Making a study from the window; cancelled, it resumes where it stood."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cxr_studio.errors import StudioError
from cxr_studio.events import CancelToken, Progress
from cxr_studio.studies.outline import Outline, protocol_of
from cxr_studio.ui.jobs.job import Job, JobView
from cxr_studio.ui.jobs.job_dialog import few
from cxr_studio.ui.shell.background import Background


class StudyMaking(QObject):
    """Makes one study.

    Signals:
        made: (folder) the study is there, with ``bundle`` and ``key.json``.

    Args:
        background: Runs the job.
        view: Shows it.
        device: Where generators run.
    """

    made = Signal(object)

    def __init__(self, background: Background, view: JobView, device: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._device = device
        self.job = Job(background, view, self)

    def start(self, outline: Outline, *, source: str, out: str) -> None:
        """Make it, or what is missing of it."""
        for folder, words in ((source, "radiographs"), (out, "the study")):
            if not folder:
                self._view.say(f"Choose the folder of {words} first.")
                return
        try:
            protocol = protocol_of(outline)
        except StudioError as fault:
            self._view.say(str(fault))
            return
        images, place = Path(source).expanduser(), Path(out).expanduser()

        def work(progress: Progress, token: CancelToken) -> list[str]:
            from cxr_studio.datasets.patients import known_patients
            from cxr_studio.studies.making import Maker
            from cxr_studio.studies.remarks import remarks

            def report(part: float, words: str) -> None:
                token.raise_if_cancelled()
                progress(0.95 * part, words)

            made = Maker(protocol, images, out=place, device=self._device).make(report, patients=known_patients(images))
            progress(0.95, "Checking what the files could give away")
            return [*remarks(made, place), *few([f"Left out: {fault}" for fault in made.skipped])]

        def done(sentences: list[str]) -> None:
            self._view.say(*sentences)
            self.made.emit(place)

        self.job.start("Making a study", work, done=done)

    def cancel(self) -> None:
        """Stop it after the image that is being made; the same choices resume it."""
        self.job.cancel()
        self._view.say("Stopped. Start it again with the same choices to resume.")
