"""Checking a bundle, its schedules and its answers against their hashes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cxr_studio.errors import StudioError
from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.key import Key
from cxr_studio.studies.log import AnswerLog
from cxr_studio.studies.rows import AnswerRow


@dataclass(frozen=True)
class Finding:
    """One check: what was looked at, and what is wrong ("" where nothing is)."""

    what: str
    fault: str = ""


def verify_bundle(bundle: Bundle, key: Key | None = None) -> Iterator[Finding]:
    """Check the images of an opened bundle, and that a key belongs to it."""
    faults = [fault for name in bundle.images if (fault := _image_fault(bundle, name))]
    yield Finding(f"{len(bundle.images)} images", "; ".join(faults))
    yield Finding(f"{len(bundle.schedules)} schedules and the rules")
    if key is not None:
        fits = key.bundle_sha256 == bundle.sha256 and key.protocol.sha256 == bundle.protocol_sha256
        yield Finding("key and protocol", "" if fits else "the key belongs to another bundle")


def verify_answers(bundle: Bundle, log: AnswerLog) -> Iterator[Finding]:
    """Check what a database holds of the study."""
    yield Finding("study and schedules in the database", "; ".join(log.written_faults()))
    for reader in log.places():
        rows = log.answers(reader)
        faults = [*log.faults(reader), *_row_faults(bundle, rows)]
        yield Finding(f"reader {reader}: {len(rows)} answers", "; ".join(faults))


def verify_copy(folder: Path, bundle: Bundle, log: AnswerLog) -> Iterator[Finding]:
    """Check the second copies in a folder: their lines are the log's rows."""
    for reader in log.places():
        path = folder / f"{bundle.study_id[:16]}-{reader}.jsonl"
        if not path.exists():
            yield Finding(f"second copy of reader {reader}", "missing")
            continue
        kept = [json.loads(line)["row_hash"] for line in path.read_text(encoding="utf-8").splitlines()]
        same = kept == [row.row_hash for row in log.answers(reader)]
        yield Finding(f"second copy of reader {reader}", "" if same else "it differs from the log")


def _image_fault(bundle: Bundle, name: str) -> str:
    try:
        bundle.check_image(name)
    except StudioError as fault:
        return f"{name}: {fault.what}"
    return ""


def _row_faults(bundle: Bundle, rows: list[AnswerRow]) -> list[str]:
    """Answers that name other images than the study's, or count twice."""
    found = []
    counting: set[str] = set()
    gone = {row.supersedes for row in rows}
    for row in rows:
        hashes = [bundle.images.get(name) for name in json.loads(row.images)]
        if hashes != json.loads(row.image_sha256):
            found.append(f"answer {row.sequence} was given to other images")
        if row.sequence not in gone and row.phase != "warm-up":
            if row.trial_uid in counting:
                found.append(f"trial {row.trial_uid} has two answers that count")
            counting.add(row.trial_uid)
    return found
