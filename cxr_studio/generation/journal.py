"""The journal of an open session: every step on disk at once, so that a kill or a crash loses none.

A journal is a file of framed records (length, CRC-32, content). The first names the radiograph and the session file;
every later one is a step, or says that one was undone or redone. A step names the edits that it kept and holds only
those that are new. A torn last record is ignored. Once the work is in its session file a record says so; a journal
without later steps holds nothing that could be lost.
"""

from __future__ import annotations

import os
import struct
import time
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

from cxr_studio.errors import ReadError, StudioError
from cxr_studio.generation.history import Step
from cxr_studio.generation.packing import Facts, Packer, Unpacker, pack, unpack
from cxr_studio.generation.session import Move, Session
from cxr_studio.generation.session_file import find_radiograph, reference
from cxr_studio.resources import state_folder

FRAME = struct.Struct("<QI")
LONGEST = 1 << 31
"""Largest record in bytes that is believed."""
KEPT = "kept"
"""Move of a record that says how many steps are in the session file."""


@dataclass(frozen=True)
class Recovery:
    """Work that was not closed properly.

    Attributes:
        path: The journal.
        radiograph: Path of the radiograph as it was.
        session: The session file that it was saved in, or None.
        steps: Steps in it that are in no session file.
        changed: When the last one was written, seconds since the epoch.
    """

    path: Path
    radiograph: str
    session: str | None
    steps: int
    changed: float


class Journal:
    """Writes down every step of a session.

    Args:
        session: Its steps so far are written first; later ones as they happen.
        session_path: The session file that it was opened from or saved in, if any.

    Raises:
        WriteError: the state folder cannot be written.

    Attributes:
        path: Of the file.
        moves: Steps, undos and redos in it.
    """

    def __init__(self, session: Session, session_path: Path | None = None) -> None:
        folder = journal_folder()
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{os.getpid()}-{time.time_ns()}.journal"
        self._stream = self.path.open("xb")
        header: Facts = {
            "radiograph": reference(session.radiograph, folder),
            "session": None if session_path is None else str(session_path.absolute()),
            "pid": os.getpid(),
            "started": _started(os.getpid()),
        }
        self.moves = 0
        self._write(pack({}, header))
        for step in session.history.done:
            self._note("do", step)
        self._sync()
        if not session.dirty:
            self.kept(self.moves)
        session.on_move = self.note

    def note(self, move: Move, step: Step) -> None:
        """Write one step down; it is on disk when this returns."""
        self._note(move, step)
        self._sync()

    def kept(self, moves: int) -> None:
        """Write down that the first ``moves`` steps are in the session file."""
        self._write(pack({}, {"move": KEPT, "moves": moves}))
        self._sync()

    def _note(self, move: Move, step: Step) -> None:
        self.moves += 1
        packer = Packer()
        facts: Facts = {"move": move}
        if move == "do":
            new = tuple(edit for edit in step.after if not any(edit is old for old in step.before))
            kept = [None if edit in new else edit.number for edit in step.after]
            facts |= {"kept": kept, "step": packer.step(replace(step, before=(), after=new)), "edits": packer.facts()}
        self._write(pack(packer.arrays, facts))

    def close(self) -> None:
        """The work is saved or given up: remove the journal; may be called twice."""
        self._stream.close()
        self.path.unlink(missing_ok=True)

    def _write(self, content: bytes) -> None:
        self._stream.write(FRAME.pack(len(content), zlib.crc32(content)) + content)

    def _sync(self) -> None:
        self._stream.flush()
        os.fsync(self._stream.fileno())


def journal_folder() -> Path:
    """Where journals are kept."""
    return state_folder() / "journals"


def recoverable() -> list[Recovery]:
    """Return the journals whose program has gone and that hold a step which is in no session file, newest first."""
    found = []
    for path in sorted(journal_folder().glob("*.journal")):
        try:
            header, *records = (unpack(content)[1] for content in _records(path))
            kept = max((int(one["moves"]) for one in records if one["move"] == KEPT), default=0)
            steps = sum(one["move"] != KEPT for one in records) - kept
            if not _running(header) and steps > 0:
                changed = path.stat().st_mtime
                name = str(header["radiograph"]["path"])
                found.append(Recovery(path, name, header.get("session"), steps, changed))
        except (ReadError, ValueError, KeyError, TypeError, OSError):
            continue
    return sorted(found, key=lambda recovery: -recovery.changed)


def recover(recovery: Recovery) -> Session:
    """Build the session as it was after its last complete record; it counts as unsaved.

    Raises:
        ReadError: the radiograph is missing or changed, or the journal is damaged in its midst.
    """
    contents = _records(recovery.path)
    try:
        _, header = unpack(contents[0])
        session = Session(find_radiograph(header, recovery.path.parent))
        for content in contents[1:]:
            _replay(session, content)
    except (IndexError, KeyError, TypeError, StopIteration) as fault:
        raise ReadError("the journal is damaged", file=recovery.path) from fault
    return session


def discard(recovery: Recovery) -> None:
    """Give up recoverable work."""
    recovery.path.unlink(missing_ok=True)


def _replay(session: Session, content: bytes) -> None:
    arrays, facts = unpack(content)
    if facts["move"] == KEPT:
        return
    if facts["move"] == "undo":
        session.undo()
    elif facts["move"] == "redo":
        session.redo()
    else:
        radiograph = session.radiograph
        unpacker = Unpacker(arrays, facts["edits"], shape=radiograph.shape, dtype=radiograph.stored.dtype)
        step = unpacker.step(facts["step"])
        old, new = {edit.number: edit for edit in session.edits}, iter(step.after)
        after = tuple(next(new) if number is None else old[number] for number in facts["kept"])
        same = len(after) == len(session.edits) and all(a is b for a, b in zip(after, session.edits, strict=True))
        session.replay(replace(step, before=session.edits, after=session.edits if same else after))


def _records(path: Path) -> list[bytes]:
    """Complete records of a journal; stops at the first torn or damaged one."""
    content = path.read_bytes()
    found, place = [], 0
    while place + FRAME.size <= len(content):
        length, checksum = FRAME.unpack_from(content, place)
        start = place + FRAME.size
        record = content[start : start + length] if length < LONGEST else b""
        if len(record) != length or zlib.crc32(record) != checksum:
            break
        found.append(record)
        place = start + length
    return found


def _running(header: Facts) -> bool:
    """True while the program that writes a journal lives (its process number may have been given to another)."""
    pid = int(header["pid"])
    return _started(pid) == header["started"] and _started(pid) != ""


def _started(pid: int) -> str:
    """When a process started, as the system says it; "" when there is none of that number."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        return "" if fields[0] == "Z" else fields[19]
    except (OSError, IndexError):
        pass
    try:
        os.kill(pid, 0)
    except (OSError, StudioError):
        return ""
    return "alive"
