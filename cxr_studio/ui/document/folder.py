"""The radiographs beside the open one, in the order people expect."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from cxr_studio.datasets import listing


def natural_key(path: Path) -> tuple[tuple[int, int, str], ...]:
    """Sort key that puts ``scan10`` after ``scan9``, without regard to case."""
    parts = re.split(r"(\d+)", path.name.lower())
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part)


def radiographs_in(folder: Path) -> list[Path]:
    """Return the radiographs of a folder in the order of the numbers in their names; [] if it is unreadable."""
    try:
        return sorted(listing.radiographs_in(folder), key=natural_key)
    except OSError:
        return []


def radiographs_of(paths: Iterable[Path]) -> list[Path]:
    """Return files as they are and folders as the radiographs in them."""
    found: list[Path] = []
    for path in paths:
        found += radiographs_in(path) if path.is_dir() else [path]
    return found


class FileRing:
    """The list that next and previous walk along.

    Attributes:
        paths: The files.
        index: Place of the open one, -1 when it is not in the list.
    """

    def __init__(self) -> None:
        self.paths: list[Path] = []
        self.index = -1

    def set_paths(self, paths: Iterable[Path], current: Path | None = None) -> None:
        """Take another list."""
        self.paths = list(paths)
        self.place(current)

    def place(self, current: Path | None) -> None:
        """Stand on this file; -1 when it is not in the list."""
        self.index = self.paths.index(current) if current in self.paths else -1

    def beside(self, step: int) -> Path | None:
        """Return the file ``step`` places on, or None at the ends and in an empty list."""
        if not self.paths:
            return None
        place = self.index + step if self.index >= 0 else 0
        return self.paths[place] if 0 <= place < len(self.paths) else None
