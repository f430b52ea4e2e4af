"""Sending the result to an archive: the files are written once, sent, and what failed can be sent again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from PySide6.QtCore import QObject, Slot

from cxr_studio.events import CancelToken, Progress
from cxr_studio.exchange.archive import Archive, Outcome
from cxr_studio.generation.session import Session
from cxr_studio.generation.session_file import snapshot
from cxr_studio.ui.archive.parts import Files, Part, parts_of
from cxr_studio.ui.jobs.job import Job, JobView
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.workspace import Workspace

WRITING = 0.2
"""Share of the progress that the files' writing takes."""

STATES = {"sent": "Sent", "present": "In the archive already", "failed": "Failed", "left": "Not sent"}


class SendView(JobView, Protocol):
    """What the controller shows itself in."""

    def set_parts(self, parts: Sequence[Part]) -> None:
        """Show what can be sent, each with a tick."""

    def set_outcomes(self, outcomes: Mapping[str, str]) -> None:
        """Show what became of parts, by their key."""

    def set_start(self, title: str, *, ready: bool = True) -> None:
        """Name the button that sends, and say whether there is something to send."""


class SendController(QObject):
    """Sends the open radiograph as it is now.

    Args:
        workspace: The open radiograph.
        background: Runs the work.
        view: Shows it.
    """

    def __init__(
        self, workspace: Workspace, background: Background, view: SendView, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._view = view
        self._place = TemporaryDirectory(prefix="cxr-send-", ignore_cleanup_errors=True)
        self._files: Files | None = None
        self._numbers = count(1)
        self.job = Job(background, view, self)
        for signal in (workspace.opened, workspace.closed, workspace.edits_changed, workspace.mask_settled):
            signal.connect(self.look)

    @Slot()
    def look(self) -> None:
        """Show what can be sent of what is open now; files that were written before are of another state."""
        self._files = None
        if self.job.running:
            return
        session = self._workspace.session
        parts = [] if session is None else parts_of(session)
        self._view.set_parts(parts)
        self._view.set_outcomes({})
        self._view.set_start("Send", ready=any(not part.why for part in parts))
        self._view.say(*([] if session is None else remarks(session)))

    def send(self, archive: Archive, keys: Sequence[str]) -> None:
        """Write the parts that are ticked, and store them in the archive."""
        session = self._workspace.session
        if session is None or self.job.running:
            return
        if not keys:
            self._view.say("Tick what is to be sent.")
            return
        if self._files is None:
            folder = Path(self._place.name) / str(next(self._numbers))
            self._files = Files(snapshot(session), folder)
        files = self._files
        self._view.set_outcomes({})

        def work(progress: Progress, token: CancelToken) -> dict[str, Outcome]:
            progress(0.0, "Writing the files")
            written = files.written(keys)
            token.raise_if_cancelled()
            sent = archive.send(
                list(written.values()),
                progress=lambda part, words: progress(WRITING + (1 - WRITING) * part, words),
                cancelled=lambda: token.cancelled,
            )
            return dict(zip(written, sent.outcomes, strict=True))

        self.job.start("Sending to the archive", work, done=self._sent)

    def cancel(self) -> None:
        """Stop after the file that is on its way."""
        self.job.cancel()
        self._view.say("Cancelled. What the archive has got stays there and is not sent twice.")

    def close(self) -> None:
        """Take the files away."""
        self._place.cleanup()

    def _sent(self, outcomes: dict[str, Outcome]) -> None:
        failed = [each for each in outcomes.values() if each.state in ("failed", "left")]
        self._view.set_outcomes({key: outcome_words(each) for key, each in outcomes.items()})
        self._view.set_start("Send again" if failed else "Send")
        self._view.say(_summary(list(outcomes.values()), len(failed)))


def remarks(session: Session) -> list[str]:
    """What its sender should know of a session."""
    said = []
    if session.mask.any():
        said.append("The fill has not been accepted and is not sent. Accept it to include it.")
    if session.radiograph.source.format != "dicom":
        said.append("This radiograph is from a file without a patient: the archive will file it under no name.")
    return said


def outcome_words(outcome: Outcome) -> str:
    """What became of a part, in words."""
    state = STATES[outcome.state]
    return f"{state}: {outcome.words}" if outcome.words and outcome.state == "failed" else state


def _summary(outcomes: Sequence[Outcome], failed: int) -> str:
    there, of = len(outcomes) - failed, len(outcomes)
    if not failed:
        return "The archive has it." if of == 1 else f"The archive has all {of} objects."
    return f"The archive has {there} of {of} objects. Send again tries only those that are missing."
