"""Where the work on a radiograph is kept: beside it, in the folder chosen for that, else in the state folder."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path

from cxr_studio.errors import ReadError, WriteError
from cxr_studio.generation.session import Session
from cxr_studio.generation.session_file import SUFFIX, Snapshot, resume_session, write_snapshot
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource, state_folder


@dataclass(frozen=True)
class Resumed:
    """A radiograph with the work that was kept of it.

    Attributes:
        session: The session.
        kept: Its file, or None where nothing was kept yet.
        notes: Sentences for the user.
    """

    session: Session
    kept: Path | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """Where a session was written.

    Attributes:
        path: The file.
        note: A sentence for the user, "" for none.
    """

    path: Path
    note: str = ""


class KeptSessions:
    """Finds, reads and writes the session of a radiograph. Threads may share it.

    Args:
        folder: Gives the folder that the user chose for sessions, "" for beside the radiographs.
        passing: Whether a radiograph lies where files do not stay, a cache, and nothing is put beside it.
    """

    def __init__(
        self, folder: Callable[[], str] = lambda: "", *, passing: Callable[[Path], bool] = lambda _path: False
    ) -> None:
        self._folder = folder
        self._passing = passing
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._newest: dict[Path, int] = {}
        self._stamps: dict[Path, int] = {}

    def place(self, radiograph: Path) -> Path:
        """Where a session is written that has no file yet."""
        chosen = self._folder()
        if radiograph.is_relative_to(resource("samples")):
            return self.fallback(radiograph)
        if chosen:
            return _within(Path(chosen), radiograph)
        return (
            self.fallback(radiograph) if self._passing(radiograph) else radiograph.with_name(radiograph.name + SUFFIX)
        )

    def fallback(self, radiograph: Path) -> Path:
        """Where it goes when that folder cannot be written."""
        return _within(state_folder() / "sessions", radiograph)

    def find(self, radiograph: Path) -> Path | None:
        """The newest session that was kept of a radiograph, or None."""
        beside = radiograph.with_name(radiograph.name + SUFFIX)
        places = {self.place(radiograph), beside, self.fallback(radiograph)}
        found = [path for path in places if path.is_file()]
        return max(found, key=lambda path: path.stat().st_mtime_ns, default=None)

    def resume(self, radiograph: Path) -> Resumed:
        """Read a radiograph with its work; work that does not fit it is put aside, never overwritten.

        Raises:
            ReadError: the radiograph cannot be read.
        """
        image, kept = read_radiograph(radiograph), self.find(radiograph)
        for path in (kept or self.place(radiograph), self.fallback(radiograph)):
            self._stamps[path] = _stamp(path)
        if kept is None:
            return Resumed(Session(image), None, tuple(image.notes))
        try:
            return Resumed(resume_session(kept, image), kept, tuple(image.notes))
        except ReadError as fault:
            why = f"The edits of {radiograph.name} could not be opened ({fault.what})"
            return Resumed(Session(image), None, (*image.notes, f"{why}. {_put_aside(kept)}"))

    def number(self) -> int:
        """The number of a snapshot, rising: an older one never overwrites a newer one."""
        return next(self._numbers)

    def write(self, taken: Snapshot, number: int, path: Path) -> Written:
        """Write a snapshot; it goes into the state folder when ``path`` cannot be written.

        What another program has written there meanwhile is put aside, never overwritten.

        Raises:
            WriteError: the state folder cannot be written either.
        """
        with self._lock:
            if self._newest.get(path, 0) > number:
                return Written(path)
            note = self._make_way(path)
            try:
                write_snapshot(path, taken)
            except WriteError:
                source = taken.radiograph.source.path
                if source is None or path == self.fallback(source):
                    raise
                path = self.fallback(source)
                write_snapshot(path, taken)
            self._newest[path] = number
            self._stamps[path] = _stamp(path)
            return Written(path, note)

    def _make_way(self, path: Path) -> str:
        """Put a file aside that is another than the one that was read or written here last; says so."""
        known, now = self._stamps.get(path), _stamp(path)
        if known is None or now in (0, known):
            return ""
        return f"Another window has edited {path.name.removesuffix(SUFFIX)} too. Its edits: {_put_aside(path)}"


def _stamp(path: Path) -> int:
    """When a file was written, 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _within(folder: Path, radiograph: Path) -> Path:
    """A place in a folder that holds sessions of many folders."""
    above = radiograph.absolute().parent
    digest = sha256(str(above).encode()).hexdigest()[:10]
    return folder / f"{above.name or 'root'}-{digest}" / f"{radiograph.name}{SUFFIX}"


def _put_aside(path: Path) -> str:
    """Give a session another name; says where it is."""
    names = (path.with_name(f"{path.name.removesuffix(SUFFIX)}.{number}{SUFFIX}") for number in count(1))
    free = next(name for name in names if not name.exists())
    try:
        path.replace(free)
    except OSError:
        return f"They stay in {path.name}."
    return f"They are kept aside as {free.name}."
