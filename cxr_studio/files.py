"""Files are written beside their place and then moved into it, so none is ever half-written."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from cxr_studio.errors import WriteError


@contextmanager
def replaced(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path in the same folder that replaces ``path`` when the block succeeds.

    The temporary name keeps the suffix, so that writers which look at it choose the same format. The
    folder is made if it is missing. The content is flushed to disk before the move; on any fault the old
    file stays.

    Raises:
        WriteError: the folder cannot be made or written, or the disk is full.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
    except OSError as fault:
        raise _refused(path, fault) from fault
    beside = Path(name)
    try:
        yield beside
        _flush(beside)
        beside.chmod(0o644)
        os.replace(beside, path)
    except OSError as fault:
        raise _refused(path, fault) from fault
    finally:
        beside.unlink(missing_ok=True)


def write_json(path: str | Path, content: object) -> None:
    """Write plain values as indented JSON, atomically.

    Raises:
        WriteError: the file cannot be written.
    """
    with replaced(path) as beside:
        beside.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def file_sha256(path: str | Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    digest = sha256()
    with Path(path).open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _refused(path: Path, fault: OSError) -> WriteError:
    return WriteError(
        f"the file could not be written ({fault.strerror or fault})",
        file=path,
        remedy="Choose another folder or free some space",
    )
