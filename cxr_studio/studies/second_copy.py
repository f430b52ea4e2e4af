"""A second copy of a reader's answers: a JSONL file elsewhere, flushed to disk line by line."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from cxr_studio.studies.canonical import canonical_json
from cxr_studio.studies.database import LogError
from cxr_studio.studies.rows import AnswerRow, values_of


class SecondCopy:
    """The copy of one reader's answers.

    Args:
        folder: Where it lies; made if missing.
        study_id: Takes part in the file's name.
        reader: Likewise.
        rows: The answers in the log; missing ones are added (a kill between log and copy).

    Raises:
        LogError: it cannot be written, or holds answers that the log has not.
    """

    def __init__(self, folder: Path, study_id: str, *, reader: str, rows: Sequence[AnswerRow]) -> None:
        self.path = folder / f"{study_id[:16]}-{reader}.jsonl"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            kept = self._kept()
        except OSError as fault:
            raise self._refused(fault) from fault
        hashes = [row.row_hash for row in rows]
        if kept != hashes[: len(kept)]:
            what = "the second copy has answers that the log lacks"
            raise LogError(what, file=self.path, remedy="Stop and ask the study's owner")
        for row in rows[len(kept) :]:
            self.append(row)

    def append(self, row: AnswerRow) -> None:
        """Add an answer; it is on disk when this returns.

        Raises:
            LogError: it is not.
        """
        line = (canonical_json(values_of(row)) + "\n").encode()
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            before = os.fstat(descriptor).st_size
            try:
                if os.write(descriptor, line) != len(line):
                    raise OSError(28, "the disk is full")
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, before)
                raise
            finally:
                os.close(descriptor)
        except OSError as fault:
            raise self._refused(fault) from fault

    def _kept(self) -> list[str]:
        """Hashes of the whole lines; a torn last one (from a kill) is cut off."""
        if not self.path.exists():
            return []
        content = self.path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            os.truncate(self.path, len(whole))
        try:
            return [str(json.loads(line)["row_hash"]) for line in whole.splitlines()]
        except (ValueError, KeyError, TypeError) as fault:
            what = "the second copy of the answers is damaged"
            raise LogError(what, file=self.path, remedy="Move it away and ask the study's owner") from fault

    def _refused(self, fault: OSError) -> LogError:
        what = f"the second copy of the answers cannot be written ({fault.strerror or fault})"
        return LogError(what, file=self.path, remedy="Free some space or choose another folder")
