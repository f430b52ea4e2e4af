"""A quick batch for tests of the runners; other processes import it."""

from __future__ import annotations

import errno
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar

from cxr_studio.errors import ReadError
from cxr_studio.files import replaced
from cxr_studio.jobs.batch import Batch


@dataclass(frozen=True)
class Squares(Batch):
    """Writes the squares of numbers, and beside the folder who made which."""

    folder: Path
    numbers: int = 20
    seed: int = 1
    bad: tuple[int, ...] = ()
    full_from: int = 10**9
    dies_at: int = -1
    pause: float = 0.0

    command: ClassVar[str] = "augment"
    noun: ClassVar[str] = "square"
    kind: ClassVar[str] = "table of squares"
    folders: ClassVar[tuple[str, ...]] = ("squares",)

    @property
    def count(self) -> int:
        return self.numbers

    def plan_text(self) -> str:
        stated = asdict(self)
        for name in ("folder", "full_from", "dies_at", "pause"):
            del stated[name]
        return json.dumps(stated)

    def make(self, index: int) -> None:
        time.sleep(self.pause)
        if index in self.bad:
            raise ReadError("this number is bad", file=f"{index}.txt")
        if index == self.dies_at:
            os._exit(1)
        with replaced(self.folder / self.mark(index)) as beside:
            if index >= self.full_from:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            beside.write_text(f"{self.seed * index**2}\n")
        with self.log.open("a") as stream:
            stream.write(f"{index} {os.getpid()}\n")

    def mark(self, index: int) -> str:
        return f"squares/{index:03d}.txt"

    def group(self, index: int) -> int:
        return index % 4

    @property
    def log(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.log")

    def made_by(self) -> dict[int, list[int]]:
        """Processes by what they made."""
        found: dict[int, list[int]] = {}
        for line in self.log.read_text().splitlines():
            index, process = map(int, line.split())
            found.setdefault(process, []).append(index)
        return found

    def made(self) -> list[int]:
        return sorted(index for indices in self.made_by().values() for index in indices)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
