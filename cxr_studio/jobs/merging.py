"""Parts of a batch become the whole that one run would have made."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cxr_studio.errors import StudioError, WriteError
from cxr_studio.events import Progress, silent
from cxr_studio.files import replaced
from cxr_studio.jobs.batch import NAME, home_of, other_options
from cxr_studio.jobs.claiming import plan_values
from cxr_studio.jobs.parts import PART, Written, written_in


@dataclass(frozen=True)
class Merged:
    """What was joined.

    Attributes:
        command: That made the parts.
        words: Of the first part's command line.
        count: Items that are whole.
        faults: Why others could not be made.
    """

    command: str
    words: tuple[str, ...]
    count: int
    faults: tuple[str, ...]


def merge(folders: Sequence[Path], out: Path, *, progress: Progress = silent) -> Merged:
    """Join parts; their files are linked where the disk can, else copied, and the parts stay as they are.

    Args:
        folders: Of all parts, in any order.
        out: Gets the whole. A merge that was stopped is resumed.
        progress: Called after every part.

    Raises:
        StudioError: a part is missing, is there twice, is not finished, or is of another job; or ``out`` is no place.
        WriteError: it cannot be written.
    """
    parts = {folder: written_in(folder) for folder in folders}
    _refuse_others(parts)
    _refuse_gaps(parts)
    _refuse_unfinished(parts)
    first = folders[0]
    _claim(out, first, set(folders))
    for done, (folder, part) in enumerate(parts.items(), 1):
        for name in _names(folder, part):
            _bring(folder / name, out / name)
        progress(done / len(parts), f"{part.part}")
    faults = tuple(fault for part in parts.values() for fault in part.faults.values())
    count = sum((out / mark).exists() for part in parts.values() for mark in part.marks)
    return Merged(parts[first].command, parts[first].words, count, faults)


def _refuse_others(parts: dict[Path, Written]) -> None:
    """See that all are parts of one job, cut into as many parts."""
    (first, own), *others = parts.items()
    plan = plan_values(first)
    for folder, part in others:
        if part.command != own.command:
            raise StudioError(f"it is a part of cxr-studio {part.command}, and others of {own.command}", file=folder)
        kept = plan_values(folder)
        if kept != plan:
            what = f"the part has {other_options(kept, plan)} than {first.name}"
            raise StudioError(what, file=folder, remedy="Make it again with the options of the others")
        if part.of != own.of:
            what = f"it is one of {part.of} parts, and {first.name} one of {own.of}"
            raise StudioError(what, file=folder, remedy="Give parts of one job")


def _refuse_gaps(parts: dict[Path, Written]) -> None:
    """See that every part is there, once."""
    found: dict[int, Path] = {}
    for folder, part in parts.items():
        if part.number in found:
            what = f"it is {part.part}, and so is {found[part.number].name}"
            raise StudioError(what, file=folder, remedy="Give every part once")
        found[part.number] = folder
    of = next(iter(parts.values())).of
    missing = [number for number in range(1, of + 1) if number not in found]
    if missing:
        listed = ", ".join(map(str, missing[:5])) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
        what = f"part {listed} of {of} is missing" if len(missing) == 1 else f"parts {listed} of {of} are missing"
        raise StudioError(what, remedy="Give the folders of all parts")


def _refuse_unfinished(parts: dict[Path, Written]) -> None:
    """See that every item is whole, or could not be made."""
    for folder, part in parts.items():
        left = [mark for mark in part.marks if mark not in part.faults and not (folder / mark).exists()]
        if left:
            what = f"{part.part} is not finished, {len(left)} of {len(part.marks)} items are missing"
            raise StudioError(what, file=folder, remedy="Run its command again; it resumes")


def _claim(out: Path, first: Path, parts: set[Path]) -> None:
    """Take the folder for the whole, or see that the same merge has begun there."""
    if out.resolve() in {part.resolve() for part in parts}:
        raise WriteError("a part's folder cannot take the whole", file=out, remedy="Choose another folder")
    home = home_of(out)
    begun = (home / NAME).exists()
    if (home / PART).exists() or (begun and plan_values(out) != plan_values(first)):
        raise WriteError("the folder holds another job", file=out, remedy="Choose another folder")
    if out.exists() and not begun and (out.is_file() or any(out.iterdir())):
        raise WriteError("the folder holds other files", file=out, remedy="Choose a new or empty folder")
    source = home_of(first) / NAME
    _bring(source, out / source.relative_to(first))


def _names(folder: Path, part: Written) -> Iterator[str]:
    """Files of a part; each item's mark after its other files."""
    marks, own = set(part.marks), {home_of(folder) / NAME, home_of(folder) / PART}
    found = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and path not in own)
    kept = [path.as_posix() for path in found if not any(word.startswith(".") for word in path.parts)]
    yield from (name for name in kept if name not in marks)
    yield from (name for name in kept if name in marks)


def _bring(source: Path, target: Path) -> None:
    """Give a file a second name where the disk can, else copy it; never half of it."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(source, target)
    except OSError:
        with replaced(target) as beside:
            shutil.copyfile(source, beside)
