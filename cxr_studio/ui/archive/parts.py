"""What of the open radiograph can be sent, and the files of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from cxr_studio.generation.export import export
from cxr_studio.generation.session import Session
from cxr_studio.generation.session_file import SUFFIX, Snapshot, resume_session, write_snapshot

IMAGE = "image"
NO_EDIT = "No edit is accepted"


@dataclass(frozen=True)
class Part:
    """An object that can be sent.

    Attributes:
        key: Its kind.
        title: Its name for people.
        about: What is in it.
        why: Why it cannot be sent now, "" where it can.
    """

    key: str
    title: str
    about: str
    why: str = ""


def parts_of(session: Session) -> list[Part]:
    """What a session has to send."""
    edits = [edit for edit in session.edits if edit.enabled]
    count = f"{len(edits)} edit" + "s" * (len(edits) != 1)
    return [Part(IMAGE, "Inpainted radiograph", f"Derived image, Synthetic Data YES, {count}", "" if edits else NO_EDIT)]


class Files:
    """The files of one state of a session, each written once: what was sent before is known by the archive again.

    Args:
        taken: The state.
        folder: Where they go.
    """

    def __init__(self, taken: Snapshot, folder: Path) -> None:
        self._taken, self._folder = taken, folder
        self._written: dict[str, Path] = {}
        self._session: Session | None = None

    def written(self, keys: Collection[str]) -> dict[str, Path]:
        """The files of these parts; written where they are missing.

        Raises:
            WriteError: one could not be written.
        """
        if IMAGE not in self._written and IMAGE in keys:
            path = self._folder / "inpainted.dcm"
            export(self._frozen(), path)
            self._written[IMAGE] = path
        return {key: self._written[key] for key in keys if key in self._written}

    def _frozen(self) -> Session:
        """The state as a session of its own, which nobody changes meanwhile."""
        if self._session is None:
            path = self._folder / f"taken{SUFFIX}"
            write_snapshot(path, self._taken)
            self._session = resume_session(path, self._taken.radiograph)
        return self._session
