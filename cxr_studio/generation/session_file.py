"""Session files (.cxrs): a reference to the radiograph with its hash, the mask, the edits and the history."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxr_studio.errors import ReadError
from cxr_studio.files import file_sha256, replaced
from cxr_studio.generation.history import Step
from cxr_studio.generation.packing import Arrays, Facts, Packer, Unpacker, pack, unpack
from cxr_studio.generation.provenance import role_of
from cxr_studio.generation.session import Session
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph

SUFFIX = ".cxrs"
VERSION = 1
LONGEST_HEADER = 1 << 28
"""Bytes of a header that are believed."""


@dataclass(frozen=True)
class Snapshot:
    """A session at one moment, which another thread may write while the session changes.

    Attributes:
        radiograph: The original.
        done: Steps taken, the last one last.
        undone: Steps that can be taken again.
    """

    radiograph: Radiograph
    done: tuple[Step, ...]
    undone: tuple[Step, ...]


@dataclass(frozen=True)
class Contents:
    """What a session file leads to, as its header says it.

    Attributes:
        steps: Steps taken.
        roles: Of every edit that shows, in order.
    """

    steps: int
    roles: tuple[str, ...]


def snapshot(session: Session) -> Snapshot:
    """Take a session as it is now."""
    return Snapshot(session.radiograph, tuple(session.history.done), tuple(session.history.undone))


def write_snapshot(path: Path, taken: Snapshot) -> None:
    """Write a session file, atomically.

    Raises:
        WriteError: the file cannot be written; the old one stays.
    """
    packer = Packer()
    done = [packer.step(step) for step in taken.done]
    undone = [packer.step(step) for step in taken.undone]
    facts: Facts = {
        "kind": "cxr-studio session",
        "version": VERSION,
        "radiograph": reference(taken.radiograph, path.parent),
        "edits": packer.facts(),
        "done": done,
        "undone": undone,
    }
    content = pack(packer.arrays, facts)
    with replaced(path) as beside:
        beside.write_bytes(content)


def save_session(path: str | Path, session: Session) -> None:
    """Write a session, atomically, and take it for saved.

    Raises:
        WriteError: the file cannot be written; the old one stays.
    """
    write_snapshot(Path(path), snapshot(session))
    session.mark_saved()


def contents_of(path: Path) -> Contents | None:
    """Look into a session file without reading its pixels; None where it cannot be read."""
    try:
        with path.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            header = stream.read(min(length, LONGEST_HEADER))
        facts = json.loads(json.loads(header)["__metadata__"]["facts"])
        last = facts["done"][-1]["after"] if facts["done"] else []
        edits = [facts["edits"][place] for place in last]
        shown = tuple(role_of(edit["provenance"]) for edit in edits if edit["enabled"])
        return Contents(len(facts["done"]), shown)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def resume_session(path: Path, radiograph: Radiograph) -> Session:
    """Open the session of a radiograph that has been read already.

    Raises:
        ReadError: damaged, of a newer version, or of another radiograph.
    """
    try:
        arrays, facts = unpack(path.read_bytes())
        if facts["radiograph"]["sha256"] != radiograph.source.sha256:
            raise ReadError("its radiograph has been changed since", remedy="Put the original file back")
        return restore(arrays, facts, radiograph)
    except OSError as fault:
        raise ReadError(f"the session cannot be read ({fault.strerror})", file=path) from fault
    except (KeyError, TypeError) as fault:
        raise ReadError("the file names no radiograph", file=path, remedy="Use an earlier copy") from fault
    except ReadError as fault:
        raise ReadError(fault.what, file=fault.file or path, remedy=fault.remedy) from fault


def load_session(path: str | Path, radiograph_path: str | Path | None = None) -> Session:
    """Open a session with everything that could be undone and redone.

    Args:
        path: The .cxrs file.
        radiograph_path: Where the radiograph is now, if it was moved.

    Raises:
        ReadError: damaged, of a newer version, or the radiograph is missing or another one.
    """
    path = Path(path)
    try:
        arrays, facts = unpack(path.read_bytes())
        return restore(arrays, facts, find_radiograph(facts, path.parent, radiograph_path))
    except OSError as fault:
        raise ReadError(f"the session cannot be read ({fault.strerror})", file=path) from fault
    except ReadError as fault:
        raise ReadError(fault.what, file=fault.file or path, remedy=fault.remedy) from fault


def reference(radiograph: Radiograph, folder: Path) -> Facts:
    """Say which radiograph a session belongs to: absolute and relative path, hash and shape."""
    path = radiograph.source.path
    whole = None if path is None else path.absolute()
    return {
        "path": None if whole is None else str(whole),
        "beside": None if whole is None else _relative(whole, folder),
        "sha256": radiograph.source.sha256,
        "shape": list(radiograph.shape),
    }


def find_radiograph(facts: Facts, folder: Path, moved_to: str | Path | None = None) -> Radiograph:
    """Read the radiograph that a session or journal names.

    Raises:
        ReadError: it is missing, or its bytes have changed.
    """
    try:
        stated: dict[str, Any] = facts["radiograph"]
        places = [moved_to] if moved_to else [stated["path"], stated["beside"] and folder / stated["beside"]]
        wanted, name = str(stated["sha256"]), Path(str(stated["path"])).name
    except (KeyError, TypeError) as fault:
        raise ReadError("the file names no radiograph", remedy="Use an earlier copy") from fault
    found = [Path(str(place)) for place in places if place and os.path.isfile(str(place))]
    if not found:
        raise ReadError(f"its radiograph {name} is not where it was", remedy="Put it beside the session file")
    for place in found:
        if file_sha256(place) == wanted:
            return read_radiograph(place)
    raise ReadError(f"its radiograph {name} has been changed since", remedy="Put the original file back")


def restore(arrays: Arrays, facts: Facts, radiograph: Radiograph) -> Session:
    """Build the session that the steps of a file lead to.

    Raises:
        ReadError: damaged or of a newer version.
    """
    if facts.get("kind") != "cxr-studio session":
        raise ReadError("the file is no session of CXR Studio", remedy="Choose a .cxrs file")
    if facts.get("version") != VERSION:
        raise ReadError("the session was written by another version of CXR Studio", remedy="Update CXR Studio")
    try:
        session = Session(radiograph)
        unpacker = Unpacker(arrays, facts["edits"], shape=radiograph.shape, dtype=radiograph.stored.dtype)
        done = [unpacker.step(one) for one in facts["done"]]
        undone = [unpacker.step(one) for one in facts["undone"]]
    except (KeyError, TypeError) as fault:
        raise ReadError("the file is damaged", remedy="Use an earlier copy") from fault
    for step in done:
        session.replay(step)
    session.history.undone.extend(undone)
    session.mark_saved()
    return session


def _relative(path: Path, folder: Path) -> str | None:
    try:
        return os.path.relpath(path, folder.absolute())
    except ValueError:
        return None
