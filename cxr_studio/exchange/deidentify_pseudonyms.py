"""The owner's table of pseudonyms: who is who, kept apart from what is handed out.

Everything in it follows from a secret key: a patient has the same pseudonym and the same shift of dates in every run,
and others under another key. The table leads back to the patients; the key alone does not.
"""

from __future__ import annotations

import csv
import hmac
import os
import re
import secrets
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cxr_studio.errors import ReadError, StudioError, WriteError

COLUMNS = ("patient_id", "pseudonym", "date_shift_days", "key")
WELL_KNOWN = "1.2.840.10008."
"""Root of the UIDs that the standard itself defines: they stay."""

LEAST_SHIFT, SHIFTS = 365, 3650
"""Dates move into the past by a year to eleven, in days."""

PSEUDONYM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
"""What may stand in the table; an owner may write other pseudonyms into it."""


@dataclass(frozen=True)
class Pseudonym:
    """What a patient is called.

    Attributes:
        name: In place of name and identifier.
        days: By which the patient's dates are moved.
    """

    name: str
    days: int


class Pseudonyms:
    """Pseudonyms, dates and UIDs under one key.

    Args:
        key: Secret bytes.
        known: Patients that have one.
        table: File that gets a line for every new patient, None for none.
    """

    def __init__(self, key: bytes, known: Mapping[str, Pseudonym] | None = None, *, table: Path | None = None) -> None:
        self._key, self._known, self.table = key, dict(known or {}), table
        self._issued = {one.name: one for one in self._known.values()}

    @property
    def mark(self) -> str:
        """Eight characters by which files of the same key are recognised."""
        return self.keyed("mark")[:8]

    def of(self, patient: str) -> Pseudonym:
        """The pseudonym of a patient, or of a pseudonym itself; one that is new is in the table before it is used.

        Raises:
            WriteError: the table cannot be written.
        """
        if patient in self._issued:
            return self._issued[patient]
        if patient not in self._known:
            drawn = self._digest("patient", patient)
            name = f"P{b32encode(drawn[:10]).decode()[:12]}"
            days = -(LEAST_SHIFT + int.from_bytes(drawn[16:24]) % SHIFTS)
            if self.table is not None:
                _append(self.table, (patient, name, str(days), self.mark))
            self._known[patient] = self._issued[name] = Pseudonym(name, days)
        return self._known[patient]

    def issued(self, name: str) -> bool:
        """Whether it is a pseudonym of this table."""
        return name in self._issued

    def uid(self, uid: str) -> str:
        """The UID in place of another one, always the same; those of the standard stay."""
        if not uid or uid.startswith(WELL_KNOWN):
            return uid
        return f"2.25.{UUID(bytes=self._digest('uid', uid)[:16], version=4).int}"

    def keyed(self, text: str) -> str:
        """Hex digest that says the same for the same text, and nothing to those without the key."""
        return self._digest("text", text).hex() if text else ""

    def _digest(self, kind: str, text: str) -> bytes:
        return hmac.digest(self._key, f"{kind}\0{text}".encode("utf-8", "surrogateescape"), "sha256")


def key_of(table: Path) -> Path:
    """Where the key of a table lies."""
    return table.with_suffix(".key")


def open_pseudonyms(table: Path) -> Pseudonyms:
    """Open a table with its key, or begin one; only its owner may read the two files.

    Raises:
        ReadError: the table or the key cannot be read, or the key is another table's.
        WriteError: they cannot be written.
    """
    if table.suffix.lower() == ".key":
        raise StudioError("this is the name of a key", file=table, remedy="Name the table, pseudonyms.csv for example")
    path, begun = key_of(table), table.exists()
    if begun and not path.exists():
        what = f"the key of this table ({path.name}) is missing, without which patients cannot be recognised"
        raise ReadError(what, file=table, remedy="Put the key back beside it, or begin a new table")
    if not path.exists():
        _create(path, secrets.token_hex(32) + "\n")
    key = _read_key(path)
    if not begun:
        _create(table, ",".join(COLUMNS) + "\n")
    pseudonyms = Pseudonyms(key)
    return Pseudonyms(key, _read_table(table, pseudonyms.mark), table=table)


def refuse_beside(table: Path, out: Path) -> None:
    """Refuse a table in the folder that is handed out.

    Raises:
        StudioError: it lies there.
    """
    if table.absolute().resolve().is_relative_to(out.absolute().resolve()):
        what = "the table of pseudonyms would lie among the results, and lead back to the patients"
        raise StudioError(what, file=table, remedy="Keep it in another folder")


def _read_key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as fault:
        raise ReadError("the key cannot be read", file=path, remedy="Put your copy of it back") from fault
    if len(key) < 16:
        raise ReadError("the key is too short", file=path, remedy="Put your copy of it back")
    return key


def _read_table(path: Path, mark: str) -> dict[str, Pseudonym]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
    except (OSError, ValueError, csv.Error) as fault:
        raise ReadError("the table of pseudonyms cannot be read", file=path, remedy="Check it") from fault
    if not rows or tuple(rows[0]) != COLUMNS:
        raise ReadError("it is no table of pseudonyms", file=path, remedy="Give another file, or a new name")
    known: dict[str, Pseudonym] = {}
    for number, row in enumerate(rows[1:], 2):
        if not row:
            continue
        if len(row) != len(COLUMNS) or not PSEUDONYM.fullmatch(row[1]) or not re.fullmatch(r"-?\d{1,6}", row[2]):
            raise ReadError(f"line {number} has no patient, pseudonym and shift", file=path, remedy="Correct it")
        if row[3] != mark:
            what = f"line {number} was written with another key than {key_of(path).name}"
            raise ReadError(what, file=path, remedy="Put the table's own key beside it")
        known[row[0]] = Pseudonym(row[1], int(row[2]))
    return known


def _create(path: Path, text: str) -> None:
    """Write a new file that nobody else may read."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as fault:
        raise _unwritten(path, fault) from fault


def _append(path: Path, row: tuple[str, ...]) -> None:
    """Add a line in one piece: another process may add one at the same time, and a full disk leaves no half a line."""
    cells = [f'"{cell.replace(chr(34), chr(34) * 2)}"' if re.search(r'[",\r\n]', cell) else cell for cell in row]
    line = (",".join(cells) + "\n").encode("utf-8", "replace")
    try:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0))
        try:
            size = os.fstat(handle).st_size
            os.lseek(handle, max(0, size - 1), os.SEEK_SET)
            line = line if os.read(handle, 1) in (b"\n", b"") else b"\n" + line
            if os.write(handle, line) != len(line):
                os.ftruncate(handle, size)
                raise OSError("the disk is full")
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as fault:
        raise _unwritten(path, fault) from fault


def _unwritten(path: Path, fault: OSError) -> WriteError:
    what = f"the file could not be written ({fault.strerror or fault})"
    return WriteError(what, file=path, remedy="Choose another folder or free some space")
