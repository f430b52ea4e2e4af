"""One tree of errors, each with what was wrong, in which file, and what to do about it."""

from __future__ import annotations

import re
from pathlib import Path

WORD = re.compile(r"[^\W\d_](?:['’-]|[^\W\d_])*[,;:]?(?=\s|$)")
"""A first word that takes a capital letter. An address, a file or a key (``http://…``, ``a.png``) stays as it is."""


class StudioError(Exception):
    """Something a user can understand and act on.

    Attributes:
        what: What is wrong, a clause without a final full stop ("the file is truncated").
        file: The file it is about, or None.
        remedy: What to do, an imperative sentence without a final full stop, or "".
    """

    def __init__(self, what: str, *, file: str | Path | None = None, remedy: str = "") -> None:
        self.what = what
        self.file = None if file is None else Path(file)
        self.remedy = remedy
        super().__init__(what, file, remedy)

    def __reduce__(self) -> tuple[object, ...]:
        """Faults of other processes arrive as they are."""
        return _again, (type(self), self.what, self.file, self.remedy)

    def __str__(self) -> str:
        """One plain sentence: ``name.dcm: the file is truncated. Copy it again.``"""
        head = f"{self.file.name}: {self.what}" if self.file is not None else self.what
        head = head[:1].upper() + head[1:] if self.file is None and WORD.match(head) else head
        return f"{head}. {self.remedy}." if self.remedy else f"{head}."


def _again(kind: type[StudioError], what: str, file: Path | None, remedy: str) -> StudioError:
    fault = kind.__new__(kind)
    StudioError.__init__(fault, what, file=file, remedy=remedy)
    return fault


def reason_of(fault: BaseException) -> str:
    """The first line of what another library says, or the fault's kind where it says nothing; no full stop."""
    lines = str(fault).strip().splitlines()
    return lines[0].rstrip(". ")[:300] if lines else type(fault).__name__


class ReadError(StudioError):
    """A file could not be read as a radiograph, a mask or a session."""


class WriteError(StudioError):
    """A file could not be written; nothing half-written is left behind."""


class SpacingUnknown(StudioError):
    """A size in millimetres was asked for where the radiograph has no believable spacing."""


class CheckpointError(StudioError):
    """A checkpoint or its card is missing, malformed, or does not fit the network it names."""


class GeneratorError(StudioError):
    """A generator could not answer a request."""


class StatisticsError(StudioError):
    """Answers do not allow the analysis that was asked for (too few readers, a case without truth)."""


class RecipeError(StudioError):
    """A training recipe is invalid; the text lists every fault at once."""


class ArchiveError(StudioError):
    """An image archive (PACS) could not be reached, refused what was asked, or answered something else."""


class SecretRefused(ArchiveError):
    """An image archive does not accept the password or the token."""


class Cancelled(StudioError):
    """The user cancelled a job; nothing was changed."""

    def __init__(self, what: str = "cancelled") -> None:
        super().__init__(what)
