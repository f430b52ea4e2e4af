"""Sending the result to an archive: the files are written once, sent, and what failed can be sent again."""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Protocol

from PySide6.QtCore import QObject, Slot

from cxr_studio.errors import StudioError
from cxr_studio.events import CancelToken, Progress
from cxr_studio.exchange.archive import Archive, Outcome
from cxr_studio.generation.session import Session
from cxr_studio.ui.archive.part_files import PartFiles
from cxr_studio.ui.archive.parts import IMAGE, Part, Terms, frozen, parts_of
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
        terms: What is sent beside the session's own work, asked when it is.
    """

    def __init__(
        self,
        workspace: Workspace,
        background: Background,
        view: SendView,
        *,
        terms: Callable[[], Terms] = Terms,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._terms = terms
        self._workspace = workspace
        self._view = view
        self._folder: Path | None = None
        self._files: PartFiles | None = None
        self._looked_at: PartFiles | None = None
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
        parts = [] if session is None else parts_of(session, boxes=len(self._terms().wanted.findings))
        self._view.set_parts(parts)
        self._view.set_outcomes({})
        self._view.set_start("Send", ready=any(not part.why for part in parts))
        self._view.say(*([] if session is None else remarks(session)))

    @Slot()
    def forget(self) -> None:
        """Write the files again the next time: something that they say has changed."""
        self._files = None

    def send(self, archive: Archive, keys: Sequence[str]) -> None:
        """Write the parts that are ticked, and store them in the archive.

        Objects about the inpainted radiograph never go without it, since they would point at nothing.
        """
        session = self._workspace.session
        if session is None or self.job.running:
            return
        if not keys:
            self._view.say("Tick what is to be sent.")
            return
        if self._files is None:
            self._files = PartFiles(frozen(session), self._place() / str(next(self._numbers)), self._terms())
        files = self._files
        if IMAGE not in keys and any(edit.enabled for edit in session.edits):
            keys = (IMAGE, *keys)
        self._view.set_outcomes({})

        def work(progress: Progress, token: CancelToken) -> dict[str, Outcome]:
            written = files.written(keys, lambda part, words: progress(WRITING * part, words), token)
            self._refuse_text(files)
            token.raise_if_cancelled()
            sent = archive.send(
                list(written.values()),
                progress=lambda part, words: progress(WRITING + (1 - WRITING) * part, words),
                cancelled=lambda: token.cancelled,
            )
            return dict(zip(written, sent.outcomes, strict=True))

        def done(outcomes: dict[str, Outcome]) -> None:
            self._sent({key: outcomes.get(key) for key in keys})

        self.job.start("Sending to the archive", work, done=done)

    def cancel(self) -> None:
        """Stop after the file that is on its way."""
        self.job.cancel()
        self._view.say("Cancelled. What the archive has got stays there and is not sent twice.")

    def close(self) -> None:
        """Take the files away."""
        self._files = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _refuse_text(self, files: PartFiles) -> None:
        """Refuse, once, to send a de-identified image in which something looks written.

        Raises:
            StudioError: it does, and nobody has been asked to look at it yet.
        """
        if files.burned_in and self._looked_at is not files:
            self._looked_at = files
            places = "1 place" if files.burned_in == 1 else f"{files.burned_in} places"
            raise StudioError(
                f"the image looks as if something were written in it, in {places}; nothing was sent",
                remedy="Look at it: paint over a name and accept the fill, or press Send again to send it as it is",
            )

    def _place(self) -> Path:
        """A folder of its own, which goes with the dialog, or with the program at the latest."""
        if self._folder is None:
            self._folder = Path(mkdtemp(prefix="cxr-send-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder

    def _sent(self, outcomes: dict[str, Outcome | None]) -> None:
        sent = [each for each in outcomes.values() if each is not None]
        failed = sum(each.state in ("failed", "left") for each in sent)
        self._view.set_outcomes({key: outcome_words(each) for key, each in outcomes.items()})
        self._view.set_start("Send again" if failed else "Send")
        self._view.say(_summary(len(sent), failed))


def remarks(session: Session) -> list[str]:
    """What its sender should know of a session."""
    said = []
    if session.mask.any():
        said.append("The fill has not been accepted and is not sent. Accept it to include it.")
    if session.radiograph.source.format != "dicom":
        said.append("This radiograph is from a file without a patient: the archive will file it under no name.")
    elif not any(edit.enabled for edit in session.edits):
        said.append("Without an accepted edit, objects point at the radiograph itself, which the archive should have.")
    return said


def outcome_words(outcome: Outcome | None) -> str:
    """What became of a part, in words; None where it had nothing to say."""
    if outcome is None:
        return "Nothing to send"
    state = STATES[outcome.state]
    return f"{state}: {outcome.words}" if outcome.words and outcome.state == "failed" else state


def _summary(count: int, failed: int) -> str:
    if not failed:
        return "The archive has it." if count == 1 else f"The archive has all {count} objects."
    return f"The archive has {count - failed} of {count} objects. Send again tries only those that are missing."
