"""The key: the truth of a study, for its owner alone. One file; without it a bundle tells nothing."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cxr_studio.errors import StudioError
from cxr_studio.files import replaced
from cxr_studio.studies.canonical import digest
from cxr_studio.studies.protocol import Protocol
from cxr_studio.studies.sides import Side

FORMAT = "cxr-studio-key"
VERSION = 1
REAL = "real"
"""Condition of an unchanged radiograph that is shown alone."""


class KeyFault(StudioError):
    """A key is missing, damaged, or belongs to another study."""


@dataclass(frozen=True)
class KeyCase:
    """The truth of one case.

    Attributes:
        case: Identifier.
        condition: Title of the condition, or "real".
        generator: Registry name of what changed it, or "real".
        source: File name of the radiograph.
        source_sha256: Its hash.
        patient: Whose radiograph it is.
        pathology: Its labels.
        original: Image of the original, "" where it is not shown.
        altered: Image of the changed one, "" where there is none.
        shape: Height and width of the images, pixels.
        boxes: Where the change is in them, ``y0, x0, y1, x1``, half-open.
        mask: The change's mask in ``boxes``' hull, see ``packed``; "" where a box says it all.
        facts: Sizes, seeds, hashes of masks and checkpoints, provenance.
        practice: Belongs to practice.
        catch: Has a change that cannot be missed.
    """

    case: str
    condition: str
    generator: str
    source: str
    source_sha256: str
    patient: str
    pathology: tuple[str, ...]
    original: str
    altered: str
    shape: tuple[int, int]
    boxes: tuple[tuple[int, int, int, int], ...] = ()
    mask: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    practice: bool = False
    catch: bool = False

    def marked(self, x: float, y: float) -> bool:
        """Whether a mark lies on the change."""
        return self.change_at(x, y) > 0

    def change_at(self, x: float, y: float) -> int:
        """Number of the change under a point, from 1 in the order of ``boxes``; 0 for none."""
        for number, ((y0, x0, y1, x1), bits) in enumerate(zip(self.boxes, self._masks(), strict=True), 1):
            if y0 <= y < y1 and x0 <= x < x1:
                place = (int(y) - y0) * (x1 - x0) + int(x) - x0
                if not bits or bits[place // 8] >> (7 - place % 8) & 1:
                    return number
        return 0

    def _masks(self) -> list[bytes]:
        parts = self.mask.split(";") if self.mask else [""] * len(self.boxes)
        return [b64decode(part) for part in parts]


@dataclass(frozen=True)
class KeyTrial:
    """The truth of one trial: which case, and on which side the right answer is (2afc)."""

    uid: str
    reader: int
    phase: str
    case: str
    target: Side | None = None
    repeat_of: str = ""


@dataclass(frozen=True)
class Key:
    """An opened key.

    Attributes:
        study_id: Of the study.
        protocol: The frozen protocol.
        secret: Hex; with the protocol's seed it gives every schedule and name.
        bundle_sha256: Hash of the bundle that belongs to it.
        cases: By identifier.
        trials: By uid.
        version: Of the program that made it.
        made: When, ISO 8601 in UTC.
        skipped: Radiographs that could not be used, a sentence each.
    """

    study_id: str
    protocol: Protocol
    secret: str
    bundle_sha256: str
    cases: Mapping[str, KeyCase]
    trials: Mapping[str, KeyTrial]
    version: str = ""
    made: str = ""
    skipped: tuple[str, ...] = ()

    def right_answer(self, trial: KeyTrial) -> str:
        """The right choice: a side, or "real" or "fake"."""
        if trial.target is not None:
            return trial.target
        return "real" if self.cases[trial.case].condition == REAL else "fake"


def packed(bits: bytes) -> str:
    """Packed bits of a mask as text."""
    return b64encode(bits).decode()


def write_key(path: Path, key: Key) -> None:
    """Write a key that only its owner may read.

    Raises:
        WriteError: it cannot be written.
    """
    values = asdict(key) | {
        "format": FORMAT,
        "format_version": VERSION,
        "protocol": key.protocol.model_dump(mode="json"),
        "cases": [asdict(case) for case in key.cases.values()],
        "trials": [asdict(trial) for trial in key.trials.values()],
    }
    values = json.loads(json.dumps(values))
    with replaced(path) as beside:
        beside.write_text(json.dumps({**values, "sha256": digest(values)}, indent=1) + "\n", encoding="utf-8")
    path.chmod(0o600)


def open_key(path: str | Path, *, study_id: str = "") -> Key:
    """Open a key.

    Args:
        path: The file.
        study_id: Of the bundle that it must belong to; "" for any.

    Raises:
        KeyFault: it is missing, damaged, changed, or of another study.
    """
    path = Path(path)
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise KeyFault("the key cannot be read", file=path, remedy="Give the key.json of this study") from fault
    try:
        key = _opened(values, path)
    except (KeyError, TypeError, ValueError, ValidationError) as fault:
        raise KeyFault("the file is no key of a study", file=path, remedy="Give the study's key.json") from fault
    if study_id and key.study_id != study_id:
        raise KeyFault("the key belongs to another study", file=path, remedy="Give the key of this bundle")
    return key


def _opened(values: dict[str, Any], path: Path) -> Key:
    stated = values.pop("sha256")
    if values["format"] != FORMAT or values["format_version"] != VERSION:
        raise ValueError("another format")
    if digest(values) != stated:
        raise KeyFault("the key has been changed since it was made", file=path, remedy="Use your other copy")
    cases = [read_case(entry) for entry in values["cases"]]
    trials = [KeyTrial(**entry) for entry in values["trials"]]
    return Key(
        values["study_id"],
        Protocol.model_validate(values["protocol"]),
        values["secret"],
        values["bundle_sha256"],
        {case.case: case for case in cases},
        {trial.uid: trial for trial in trials},
        values["version"],
        values["made"],
        tuple(values["skipped"]),
    )


def read_case(entry: dict[str, Any]) -> KeyCase:
    """A case from its JSON values."""
    lists = {
        "pathology": tuple(entry["pathology"]),
        "shape": tuple(entry["shape"]),
        "boxes": tuple(tuple(box) for box in entry["boxes"]),
    }
    return KeyCase(**{**entry, **lists})
