"""What a batch is: numbered items, how one is made, where it stands, and when it is done. Runners know nothing else."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from cxr_studio.errors import StudioError, WriteError

NAME = "plan.json"
"""The file of a batch's plan, in its folder."""

HIDDEN = ".job"
"""Folder of the plan where the batch's folder has files of any name."""


class Batch(ABC):
    """A job in a folder, which whoever has the folder can continue.

    Subclasses are frozen dataclasses that can be pickled: other processes and machines get them once. Everything
    random follows from the plan and an item's number, so that it does not matter who makes it, and when.

    Attributes:
        command: The command that makes such batches; ``merge`` finishes them by it.
        noun: What an item is.
        kind: What the batch is, after "another".
        folders: Below the folder, in which items write.
        hidden: Whether the plan stands in a hidden folder, because items may be of any name.
        folder: Where it stands.
    """

    command: ClassVar[str]
    noun: ClassVar[str] = "image"
    kind: ClassVar[str]
    folders: ClassVar[tuple[str, ...]] = ()
    hidden: ClassVar[bool] = False
    folder: Path

    @property
    @abstractmethod
    def count(self) -> int:
        """Items; they are numbered from 0."""

    @abstractmethod
    def plan_text(self) -> str:
        """Everything that decides the results, as JSON; the same batch gives the same text."""

    @abstractmethod
    def make(self, index: int) -> None:
        """Make an item and write its files, last of all its mark.

        Raises:
            StudioError: it cannot be made.
        """

    @abstractmethod
    def mark(self, index: int) -> str:
        """Name within the folder of the file that is written last: where it is, the item is done."""

    @property
    def home(self) -> Path:
        """Folder of the plan."""
        return self.folder / HIDDEN if self.hidden else self.folder

    def done(self, index: int) -> bool:
        """Whether an item is done."""
        return (self.folder / self.mark(index)).exists()

    def owns(self, stem: str) -> bool:  # noqa: ARG002
        """Whether a file of this name, without its ending, is of this batch; asked of half-written ones alone."""
        return True

    def group(self, index: int) -> Hashable:
        """Items of one group are made one after the other by one process, which so reads their radiograph once."""
        return index

    def difference(self, kept: dict[str, Any], now: dict[str, Any]) -> str:
        """How another plan differs, a clause after "the folder holds another …"."""
        return f"with {other_options(kept, now)}"


def home_of(folder: Path) -> Path:
    """Folder of the plan of whichever batch a folder holds."""
    return folder / HIDDEN if (folder / HIDDEN).is_dir() else folder


def other_options(kept: dict[str, Any], now: dict[str, Any]) -> str:
    """Names of what two plans state differently: "other options (count, seed)"."""
    names = sorted(name for name in {*kept, *now} if kept.get(name) != now.get(name))
    return f"other options ({', '.join(names)})"


class ItemLost(StudioError):
    """An item was not made for a reason that is not its own; another run may make it."""


@dataclass(frozen=True)
class Made:
    """What became of an item.

    Attributes:
        index: Its number.
        fault: Why it could not be made, None where it is whole.
        stops: Whether no other item can be made either, because nothing can be written.
    """

    index: int
    fault: StudioError | None = None
    stops: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Attributes:
        made: Items made now.
        faults: Why an item could not be made, by its number.
        lost: Those of them for whose faults the item is not to blame; see ``ItemLost``.
    """

    made: int
    faults: dict[int, str] = field(default_factory=dict)
    lost: tuple[int, ...] = ()


def made(batch: Batch, index: int) -> Made:
    """Make an item, unless another process has made it meanwhile."""
    try:
        if not batch.done(index):
            batch.make(index)
    except StudioError as fault:
        return Made(index, fault, isinstance(fault, WriteError) and isinstance(fault.__cause__, OSError))
    return Made(index)
