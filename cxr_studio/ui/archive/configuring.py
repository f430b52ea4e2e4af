"""Changing the configured archives: drafts, their test, and saving all that are right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from cxr_studio.errors import ArchiveError, StudioError
from cxr_studio.events import CancelToken, Progress
from cxr_studio.exchange.archive import Answered
from cxr_studio.exchange.named import Named
from cxr_studio.ui.archive.archives import Archives
from cxr_studio.ui.archive.draft import NEW, Draft, draft_of
from cxr_studio.ui.jobs.job import Job, JobView
from cxr_studio.ui.shell.background import Background


class ConfiguringView(JobView, Protocol):
    """What the controller shows itself in."""

    def show_archives(self, names: Sequence[str], chosen: int) -> None:
        """List the archives; ``chosen`` is the place of the one in the form."""

    def show_draft(self, draft: Draft) -> None:
        """Show an archive in the form."""


class ConfiguringController(QObject):
    """Keeps a draft of every archive until they are saved.

    Signals:
        saved: They are written.

    Args:
        archives: What is configured.
        background: Runs the test.
        view: Shows it.
    """

    saved = Signal()

    def __init__(
        self, archives: Archives, background: Background, view: ConfiguringView, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._archives = archives
        self._view = view
        self.drafts = [draft_of(each) for each in archives.all] or [Draft()]
        names = [each.name for each in self.drafts]
        self.place = names.index(archives.last) if archives.last in names else 0
        self.job = Job(background, view, self)

    def start(self) -> None:
        """Show what is configured."""
        self._show()
        self._view.say(*self._archives.faults)

    def change(self, draft: Draft) -> None:
        """Take what the form shows."""
        self.drafts[self.place] = draft

    def choose(self, place: int) -> None:
        """Show another archive in the form."""
        if 0 <= place < len(self.drafts) and place != self.place:
            self.place = place
            self._show()

    def add(self) -> None:
        """Begin a further archive."""
        names = {each.name for each in self.drafts}
        free = next(name for number in range(1, len(names) + 2) if (name := _numbered(number)) not in names)
        self.drafts.append(Draft(free))
        self.place = len(self.drafts) - 1
        self._show()

    def remove(self) -> None:
        """Take the archive in the form away."""
        del self.drafts[self.place]
        self.drafts = self.drafts or [Draft()]
        self.place = min(self.place, len(self.drafts) - 1)
        self._show()

    def test(self) -> None:
        """Ask the archive in the form whether it answers."""
        draft = self.drafts[self.place]
        try:
            archive = self._archives.tried(draft.named(), draft.secret)
        except StudioError as fault:
            self._view.say(str(fault))
            return
        if archive is None or self.job.running:
            return

        def work(progress: Progress, token: CancelToken) -> Answered:
            progress(0.0, f"Asking {draft.named().settings}")
            return archive.echo(cancelled=lambda: token.cancelled)

        def done(answered: Answered) -> None:
            self._view.say(f"{answered.words} ({_time(answered.seconds)})")

        self.job.start("Testing the archive", work, done=done)

    def save(self) -> bool:
        """Keep all, secrets where they belong; False where one is wrong: it is shown, with what is wrong."""
        try:
            named = [self._checked(place) for place, draft in enumerate(self.drafts) if draft.begun]
            for archive in named:
                self._archives.vault.take(archive, self._secret(archive.name))
        except StudioError as fault:
            self._view.say(str(fault))
            return False
        if sentence := self._archives.replace(named):
            self._view.say(sentence)
            return False
        self.saved.emit()
        return True

    def _checked(self, place: int) -> Named:
        """The archive of a draft.

        Raises:
            ArchiveError: it is wrong, or has another's name; the form shows it.
        """
        draft, before = self.drafts[place], [each.name.strip() for each in self.drafts[:place]]
        try:
            if draft.name.strip() in before:
                raise ArchiveError(f"two archives are called {draft.name.strip()}", remedy="Give one another name")
            return draft.named()
        except ArchiveError:
            self.place = place
            self._show()
            raise

    def _secret(self, name: str) -> str:
        return next(each.secret for each in self.drafts if each.name.strip() == name)

    def _show(self) -> None:
        self._view.show_archives([each.name for each in self.drafts], self.place)
        self._view.show_draft(self.drafts[self.place])


def _numbered(number: int) -> str:
    return NEW if number == 1 else f"{NEW} {number}"


def _time(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
