"""What judges say of cells: an append-only log of JSON lines, on disk before the next cell is shown."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from cxr_studio.errors import ReadError, WriteError
from cxr_studio.quality.comparison.panel import Panel
from cxr_studio.resources import state_folder

TAGS = ("good", "blurred", "seam", "artefact", "anatomy wrong")
"""Tags of the keys 1 to 5; own words are allowed beside them."""

LOG_NAME = "verdicts.jsonl"


@dataclass(frozen=True)
class Verdict:
    """One judgement of one cell.

    Attributes:
        time: When, UTC, ISO 8601.
        judge: Who.
        case: Name of the case.
        column_key: Key of the column.
        blind: True where the columns were shuffled and unnamed.
        tags: Of ``TAGS``, or own words; none takes an earlier verdict back.
        note: Free words.
    """

    time: str
    judge: str
    case: str
    column_key: str
    blind: bool = False
    tags: tuple[str, ...] = ()
    note: str = ""


def utc_now() -> str:
    """The time of a verdict given now."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def verdict_folder(panel: Panel) -> Path:
    """Where the verdicts on a panel are kept unless another folder is asked for."""
    return state_folder() / "qa" / panel.key[:16]


class VerdictLog:
    """Verdicts of one panel.

    A line is on disk when ``add`` returns. A line torn by a crash is passed over and stays alone on its line.

    Args:
        folder: Made at the first verdict; the log is ``verdicts.jsonl`` in it.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOG_NAME

    def add(self, verdict: Verdict) -> None:
        """Append a verdict and flush it to disk.

        Raises:
            WriteError: it is not on disk.
        """
        line = json.dumps(asdict(verdict), ensure_ascii=False).encode() + b"\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new = not self.path.exists()
            file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                _write_all(file, (b"" if _ends_whole(file) else b"\n") + line)
                os.fsync(file)
            finally:
                os.close(file)
            if new:
                _flush_folder(self.path.parent)
        except OSError as fault:
            raise WriteError(
                f"the verdict could not be written ({fault.strerror or fault})",
                file=self.path,
                remedy="Free some space, then give it again",
            ) from fault

    def all(self) -> tuple[Verdict, ...]:
        """Every whole verdict in the order given.

        Raises:
            ReadError: the log is there but cannot be read.
        """
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return ()
        except OSError as fault:
            raise ReadError(f"the verdicts cannot be read ({fault.strerror})", file=self.path) from fault
        return tuple(verdict for verdict in map(_verdict, lines) if verdict is not None)

    def latest(self, judge: str | None = None) -> dict[tuple[str, str], Verdict]:
        """The newest verdict on every ``(case, column key)``, of one judge or anyone; those taken back are left out."""
        newest = {(v.case, v.column_key): v for v in self.all() if judge is None or v.judge == judge}
        return {place: verdict for place, verdict in newest.items() if verdict.tags or verdict.note}


def counts(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """How often each tag was given, the usual tags first."""
    given = [tag for verdict in verdicts for tag in verdict.tags]
    return {tag: given.count(tag) for tag in dict.fromkeys((*TAGS, *given))}


def _verdict(line: bytes) -> Verdict | None:
    try:
        values = json.loads(line)
        values["tags"] = tuple(str(tag) for tag in values["tags"])
        verdict = Verdict(**values)
    except (ValueError, TypeError, KeyError):
        return None
    return verdict


def _write_all(file: int, content: bytes) -> None:
    while content:
        content = content[os.write(file, content) :]


def _ends_whole(file: int) -> bool:
    end = os.lseek(file, 0, os.SEEK_END)
    if end == 0:
        return True
    os.lseek(file, end - 1, os.SEEK_SET)
    return os.read(file, 1) == b"\n"


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
