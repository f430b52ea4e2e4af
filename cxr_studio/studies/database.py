"""Opening the database of answers, and putting its faults into plain sentences."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from cxr_studio.errors import StudioError
from cxr_studio.extras import needed
from cxr_studio.studies import tables

WAIT_S = 5.0
"""Seconds for which a locked SQLite file is waited for."""

DRIVER = "postgresql+psycopg"
"""How SQLAlchemy speaks to a server."""

SERVER_WAIT_S = 10
"""Seconds for which a server that does not answer is waited for."""

NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "webdav", "fuse.sshfs", "fuse.davfs", "fuse.rclone")
"""File systems on which SQLite's write-ahead log is not safe: it needs memory that one host shares."""

CLOUD = ("dropbox", "onedrive", "google drive", "googledrive", "icloud", "mobile documents", "box sync", "nextcloud")
"""Parts of folder names that cloud programs copy behind one's back."""

SENTENCES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    ((tables.REFUSAL,), "answers cannot be changed or deleted", "Answer again instead"),
    (("one_answer", "one_audit", "answer.sequence", "audit.sequence", "answer.trial_uid"),
     "this reader is taking the study elsewhere at the same time", "Close the other window"),
    (("locked",), "the answers are locked by another program", "Close it and try again"),
    (("readonly", "read-only"), "the answers cannot be written: the file or folder is read-only", "Choose another"),
    (("disk is full", "No space", "could not extend"), "the disk is full, the answer is not saved", "Free some space"),
    (("unable to open", "disk I/O"), "the file of answers cannot be opened or written", "Choose another folder"),
    (("malformed", "not a database"), "the file of answers is damaged", "Restore it from its copy"),
    (("connection", "could not translate", "server"), "the database server cannot be reached", "Ask for help"),
)  # fmt: skip
"""Words in a driver's message → what is wrong, what to do."""


class LogError(StudioError):
    """An answer could not be kept, or those kept cannot be trusted; the reader must not go on."""


def database_url(database: str | Path) -> sa.URL:
    """URL of a database named as a file or as ``postgresql+psycopg://…``.

    Raises:
        LogError: another kind of database.
    """
    if "://" not in str(database):
        return sa.URL.create("sqlite", database=str(Path(database).absolute()))
    try:
        url = sa.make_url(str(database))
    except SQLAlchemyError as fault:
        raise LogError("the database's address is not understood", remedy="Write postgresql+psycopg://…") from fault
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise LogError("answers are kept in SQLite or PostgreSQL only", remedy="Write postgresql+psycopg://…")
    return url if url.get_backend_name() == "sqlite" else url.set(drivername=DRIVER)


def file_of(url: sa.URL) -> Path | None:
    """The file of an SQLite database."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def open_engine(database: str | Path, *, create: bool = True) -> sa.Engine:
    """Open a database and make its tables.

    Args:
        database: A file, or an address.
        create: Make what is missing; otherwise a file that is not there is a fault.

    Raises:
        LogError: it cannot be opened, written, or is not safe where it lies.
        StudioError: it is on a server, and psycopg is not installed.
    """
    url = database_url(database)
    path = file_of(url)
    if path is not None:
        _check_folder(path, create=create)
    elif url.get_backend_name() == "postgresql":
        needed("psycopg", "postgresql", "answers on a PostgreSQL server")
    engine = sa.create_engine(url, **_connecting(url))
    if path is not None:
        sa.event.listen(engine, "connect", _set_up)
        sa.event.listen(engine, "begin", _begin)
    if create:
        try:
            with writing(engine) as connection:
                lock(connection, "tables")
                if not sa.inspect(connection).has_table(tables.audit.name):
                    tables.metadata.create_all(connection)
        except LogError:
            engine.dispose()
            raise
    return engine


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that is on disk when the block has ended.

    Raises:
        LogError: it is not; nothing of it was kept.
    """
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection
    except SQLAlchemyError as fault:
        raise plain(fault, engine) from fault


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that only reads.

    Raises:
        LogError: it failed.
    """
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as fault:
        raise plain(fault, engine) from fault


def lock(connection: sa.Connection, name: str) -> None:
    """Let one workstation at a time do this on a server; SQLite's write transactions are alone anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"cxr-studio {name}"})


def plain(fault: SQLAlchemyError, engine: sa.Engine) -> LogError:
    """One sentence for a driver's fault."""
    words = str(fault.orig) if isinstance(fault, DBAPIError) else str(fault)
    for marks, what, remedy in SENTENCES:
        if any(mark in words for mark in marks):
            return LogError(what, file=file_of(engine.url), remedy=remedy)
    if isinstance(fault, IntegrityError):
        return LogError("the answers contradict each other", file=file_of(engine.url), remedy="Ask the study's owner")
    first = words.strip().splitlines()[0] if words.strip() else type(fault).__name__
    return LogError(f"the answers cannot be kept ({first})", file=file_of(engine.url), remedy="Ask the study's owner")


def folder_warning(path: Path) -> str:
    """A sentence where a cloud program seems to copy a folder, else ""."""
    parts = [part.lower() for part in path.absolute().parts]
    if any(name in part for name in CLOUD for part in parts):
        return "The folder seems to be synchronised with a cloud, which can damage the answers; use a local folder."
    return ""


def network_kind(folder: Path) -> str:
    """Name of the network file system that a folder lies on, "" for a local one or where it is not known."""
    if str(folder).startswith("\\\\"):
        return "Windows share"
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    best, kind = "", ""
    for line in mounts:
        _, place, found, *_ = line.split(" ")
        place = place.replace("\\040", " ")
        if len(place) > len(best) and folder.is_relative_to(place):
            best, kind = place, found
    return kind if kind in NETWORK else ""


def _check_folder(path: Path, *, create: bool) -> None:
    folder = path.parent.absolute()
    if not create and not path.exists():
        raise LogError("there are no answers yet", file=path, remedy="Let a reader take the study first")
    kind = network_kind(folder)
    if kind:
        remedy = "Use a local folder, or a server with --database postgresql+psycopg://…"
        raise LogError(f"the folder of the answers lies on a network ({kind}), which is not safe", remedy=remedy)
    if not create:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(13, "read-only")
    except OSError as fault:
        what = f"answers cannot be written there ({fault.strerror})"
        raise LogError(what, file=path, remedy="Choose another folder with --database") from fault


def _connecting(url: sa.URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": WAIT_S}}
    return {"connect_args": {"connect_timeout": SERVER_WAIT_S}, "pool_pre_ping": True}


def _set_up(connection: Any, _record: object) -> None:
    """Durability: every commit is on disk; SQLAlchemy begins the transactions."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    if sys.platform == "darwin":
        cursor.execute("PRAGMA fullfsync=ON")
        cursor.execute("PRAGMA checkpoint_fullfsync=ON")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
