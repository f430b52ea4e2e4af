"""The radiographs that a job works on: file, content, patient and split."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cxr_studio.datasets.patients import Patients
from cxr_studio.datasets.splits import splits_of
from cxr_studio.errors import ReadError
from cxr_studio.files import file_sha256

ELEMENT_DATA = re.compile(rb"^\s*ElementDataFile\s*=\s*(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Item:
    """One radiograph.

    Attributes:
        path: The file.
        sha256: Of its content; see ``content_sha256``.
        patient: Whose it is.
        split: "train" or "val".
        alias: What it is called in results, where its own name tells the patient; "" for its own name.
    """

    path: Path
    sha256: str
    patient: str
    split: str
    alias: str = ""

    @property
    def name(self) -> str:
        """What it is called in results."""
        return self.alias or self.path.name


def manifest_of(paths: Iterable[Path], patients: Patients | None = None) -> tuple[Item, ...]:
    """Read every file's hash and patient, and split by patient.

    Args:
        paths: Radiographs, kept in this order.
        patients: A table of patients; without one they are taken from file or name.

    Raises:
        ReadError: a file cannot be read.
    """
    listed, known = list(paths), patients or Patients()
    names = [known.of_file(path) for path in listed]
    splits = splits_of(names)
    return tuple(Item(p, content_sha256(p), name, splits[name]) for p, name in zip(listed, names, strict=True))


def content_sha256(path: Path) -> str:
    """Hex SHA-256 of a file; of a MetaImage header (.mhd) together with the file that holds its pixels.

    Raises:
        ReadError: the file cannot be read.
    """
    try:
        if path.suffix.lower() != ".mhd":
            return file_sha256(path)
        header = path.read_bytes()
        named = ELEMENT_DATA.search(header)
        pixels = path.parent / named[1].decode(errors="replace") if named else path
        own = sha256(header).hexdigest()
        return sha256(f"{own} {file_sha256(pixels)}".encode()).hexdigest() if pixels.is_file() else own
    except OSError as fault:
        raise ReadError(
            f"the file cannot be read ({fault.strerror})", file=path, remedy="Check its permissions"
        ) from fault


def differences(before: Sequence[tuple[str, str]], now: Sequence[tuple[str, str]]) -> str:
    """How two sets of (name, hash) differ, a clause that names one file of each kind; "" where they do not."""
    old, new = dict(before), dict(now)
    changed = sorted(name for name in old.keys() & new.keys() if old[name] != new[name])
    parts = []
    for names, words in (
        (changed, "with another content"),
        (sorted(old.keys() - new.keys()), "missing"),
        (sorted(new.keys() - old.keys()), "new"),
    ):
        if names:
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            parts.append(f"{names[0]}{more} {words}")
    return ", ".join(parts)


def picture_difference(kept: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """How the radiographs of two plans differ, "of other radiographs: …"; "" where they do not.

    Args:
        kept: A plan as JSON values, with ``sources`` as lists that begin with name and hash.
        now: Another.
    """
    before, after = ([tuple(one) if isinstance(one, list) else (one, "") for one in p["sources"]] for p in (kept, now))
    pictures = differences([(one[0], one[1]) for one in before], [(one[0], one[1]) for one in after])
    return f"of other radiographs: {pictures}" if pictures else ""
