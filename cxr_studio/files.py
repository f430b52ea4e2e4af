"""Files are written beside their place and then moved into it, so none is ever half-written."""

from __future__ import annotations

import json
import os
import shutil
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


@contextmanager
def folder_replaced(folder: Path, *, contents: str) -> Iterator[Path]:
    """Yield an empty folder that takes the place of ``folder`` when the block succeeds; on any fault nothing is left.

    A list of what was written goes into the file ``contents``. A folder that is there already is replaced only where
    it is empty, or holds nothing but what such a list names.

    Raises:
        WriteError: the folder holds other files, or cannot be written.
    """
    _refuse_others(folder, contents)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        build = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as fault:
        raise _refused(folder, fault) from fault
    try:
        yield build
        names = sorted(path.relative_to(build).as_posix() for path in build.rglob("*") if path.is_file())
        write_json(build / contents, names)
        build.chmod(0o755)
        _refuse_others(folder, contents)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(build, folder)
    except OSError as fault:
        raise _refused(folder, fault) from fault
    finally:
        shutil.rmtree(build, ignore_errors=True)


def _refuse_others(folder: Path, contents: str) -> None:
    """Refuse a folder with files that no list names."""
    if not folder.exists():
        return
    try:
        listed = set(json.loads((folder / contents).read_text(encoding="utf-8"))) | {contents}
    except (OSError, ValueError, TypeError):
        listed = set()
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    others = [name for name in found if name not in listed]
    if others or not folder.is_dir():
        what = f"the folder holds files of something else ({others[0]})" if others else "it is a file"
        raise WriteError(what, file=folder, remedy="Choose a new or empty folder")


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
