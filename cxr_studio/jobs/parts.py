"""Parts of a batch, each in a folder of its own: what an array job makes, and what ``merge`` joins."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cxr_studio.errors import ReadError, StudioError
from cxr_studio.files import replaced
from cxr_studio.jobs.batch import NAME, Batch, home_of

PART = "part.json"
"""What a part's folder says of it."""

MOST = 100_000
"""Parts of a batch at most."""


@dataclass(frozen=True)
class Part:
    """One of several parts.

    Attributes:
        number: Which, from 1.
        of: How many there are.
        words: Of the command line that made it; ``merge`` finishes the whole by them.
    """

    number: int
    of: int
    words: tuple[str, ...] = ()

    def share(self, items: Sequence[int]) -> Sequence[int]:
        """Its items: neighbours, so that the items of a group mostly stay together; shares differ by one at most."""
        return items[len(items) * (self.number - 1) // self.of : len(items) * self.number // self.of]

    def __str__(self) -> str:
        """``part 2 of 4``."""
        return f"part {self.number} of {self.of}"


@dataclass(frozen=True)
class Written:
    """What a part's folder says.

    Attributes:
        command: That made it.
        number: Which part, from 1.
        of: How many there are.
        marks: Of its items: files that are written last.
        words: See ``Part``.
        faults: Why an item could not be made, by its mark; known when all others are whole.
    """

    command: str
    number: int
    of: int
    marks: tuple[str, ...]
    words: tuple[str, ...] = ()
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def part(self) -> Part:
        """Which part."""
        return Part(self.number, self.of, self.words)


def read_part(text: str) -> Part:
    """Read ``2/4``.

    Raises:
        StudioError: it is no part.
    """
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of) <= MOST):
        raise StudioError(f"{text!r} is no part of a job", remedy="Give the second of four parts as --part 2/4")
    return Part(int(number), int(of))


def refuse_other_part(batch: Batch, part: Part | None) -> None:
    """See that a folder holds no other part than this one.

    Raises:
        StudioError: it holds another part, or a whole batch where a part is asked for, or the reverse.
    """
    folder = batch.folder
    kept = written_in(folder) if (batch.home / PART).exists() else None
    if part is None and kept is not None:
        remedy = f"Choose another folder, or give --part {kept.number}/{kept.of}"
        raise StudioError(f"the folder holds {kept.part} of a job", file=folder, remedy=remedy)
    if part is not None and kept is None and (batch.home / NAME).exists():
        raise StudioError("the folder holds a whole job", file=folder, remedy="Choose another for each part")
    if part is not None and kept is not None and (kept.number, kept.of) != (part.number, part.of):
        remedy = "Choose another folder for each part"
        raise StudioError(f"the folder holds {kept.part} of a job", file=folder, remedy=remedy)


def open_part(batch: Batch, part: Part, items: Sequence[int]) -> None:
    """Say in the folder which part it holds, before any item of it is made.

    Raises:
        WriteError: it cannot be written.
    """
    _write(batch.home, _stated(batch, part, items))


def close_part(batch: Batch, part: Part, items: Sequence[int], faults: Mapping[int, str]) -> None:
    """Keep why items of a part could not be made, once all others are whole."""
    if faults:
        _write(batch.home, _stated(batch, part, items, {batch.mark(k): fault for k, fault in faults.items()}))


def written_in(folder: Path) -> Written:
    """What a folder says of the part that it holds.

    Raises:
        ReadError: it holds none, or the file is damaged.
    """
    path = home_of(folder) / PART
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return Written(**{**values, "marks": tuple(values["marks"]), "words": tuple(values["words"])})
    except FileNotFoundError as fault:
        what = "the folder holds no part of a job"
        raise ReadError(what, file=folder, remedy="Give folders that were written with --part") from fault
    except (OSError, ValueError, TypeError, KeyError) as fault:
        raise ReadError("the list of the part is damaged", file=path, remedy="Make the part again") from fault


def _stated(batch: Batch, part: Part, items: Sequence[int], faults: Mapping[str, str] | None = None) -> Written:
    marks = tuple(batch.mark(index) for index in items)
    return Written(batch.command, part.number, part.of, marks, part.words, dict(faults or {}))


def _write(home: Path, part: Written) -> None:
    with replaced(home / PART) as beside:
        beside.write_text(json.dumps(asdict(part), indent=1) + "\n", encoding="utf-8")
