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

from cxr_studio.errors import Cancelled, StudioError
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
UNSENT = ("failed", "left")


class SendView(JobView, Protocol):
    """What the controller shows itself in."""

    def set_parts(self, parts: Sequence[Part]) -> None:
        """Show what can be sent, each with a tick."""

    def set_outcomes(self, outcomes: Mapping[str, str]) -> None:
        """Show what became of parts, by their key."""

    def set_start(self, title: str, *, ready: bool = True) -> None:
        """Name the button that sends, and say whether there is something to send."""

    def offer_all(self, offered: bool) -> None:
        """Offer to send everything once more, whatever the archive has."""


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
        self._stop = CancelToken()
        self._outcomes: dict[str, Outcome] = {}
        self._archive = ""
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
        self._forget_outcomes()
        self._view.set_start("Send", ready=any(not part.why for part in parts))
        self._view.say(*([] if session is None else remarks(session)))

    @Slot()
    def forget(self) -> None:
        """Write the files again the next time: something that they say has changed."""
        self._files = None

    def send(self, archive: Archive, keys: Sequence[str], *, name: str = "", again: bool = False) -> None:
        """Write the parts that are ticked, and store them in the archive.

        Objects about the inpainted radiograph never go without it, since they would point at nothing. Where the last
        time not all of them arrived, only those that are missing are sent.

        Args:
            archive: Where to.
            keys: Of the parts.
            name: Of the archive; what arrived in another one counts for nothing.
            again: Send all of them, whatever the archive has.
        """
        session = self._workspace.session
        if session is None or self.job.running:
            return
        if not keys:
            self._view.say("Tick what is to be sent.")
            return
        if self._files is None:
            self._files = PartFiles(frozen(session), self._place() / str(next(self._numbers)), self._terms())
        files, stop = self._files, CancelToken()
        if IMAGE not in keys and any(edit.enabled for edit in session.edits):
            keys = (IMAGE, *keys)
        if again or name != self._archive:
            self._forget_outcomes()
        self._archive, self._stop = name, stop
        wanted = self._missing(keys)

        def work(progress: Progress, token: CancelToken) -> tuple[dict[str, Outcome], str]:
            either = CancelToken(stop, token)
            try:
                written = files.written(wanted, lambda part, words: progress(WRITING * part, words), either)
            except Cancelled:
                return {key: Outcome(Path(), "left") for key in wanted}, ""
            self._refuse_text(files)
            sent = archive.send(
                list(written.values()),
                progress=lambda part, words: progress(WRITING + (1 - WRITING) * part, words),
                cancelled=lambda: either.cancelled,
                again=again,
            )
            return dict(zip(written, sent.outcomes, strict=True)), sent.reason

        def done(came: tuple[dict[str, Outcome], str]) -> None:
            self._outcomes.update(came[0])
            self._show(keys, came[1])

        self.job.start("Sending to the archive", work, done=done)

    def cancel(self) -> None:
        """Stop within a second, and show what became of each part; a second time, wait for nothing."""
        if not self._stop.cancelled:
            self._stop.cancel()
            self._view.say("Stopping…")
            return
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

    def _missing(self, keys: Sequence[str]) -> list[str]:
        """Of these parts those that did not arrive; all of them where all did, since the archive may know better."""
        missing = [key for key in keys if key not in self._outcomes or self._outcomes[key].state in UNSENT]
        return missing or list(keys)

    def _forget_outcomes(self) -> None:
        self._outcomes = {}
        self._view.set_outcomes({})
        self._view.offer_all(False)

    def _show(self, keys: Sequence[str], reason: str) -> None:
        """Say what became of these parts; a part without an outcome had nothing to say."""
        sent = [self._outcomes[key] for key in keys if key in self._outcomes]
        unsent = sum(each.state in UNSENT for each in sent)
        self._view.set_outcomes({key: outcome_words(self._outcomes.get(key)) for key in keys})
        self._view.set_start("Send missing" if unsent else "Send")
        self._view.offer_all(bool(sent) and unsent < len(sent))
        before = "Cancelled." if self._stop.cancelled and unsent else reason
        self._view.say(*filter(None, [before, _summary(len(sent), unsent)]))


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
    return f"{state}: {outcome.words}" if outcome.words and outcome.state in UNSENT else state


def _summary(count: int, unsent: int) -> str:
    if not unsent:
        return "The archive has it." if count == 1 else f"The archive has all {count} objects."
    return f"The archive has {count - unsent} of {count} objects. Send missing tries only the others."
