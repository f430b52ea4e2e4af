"""Images that were retrieved, in a folder with a limit, so that everything else reads files."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cxr_studio.events import Progress
from cxr_studio.exchange.archive import Archive, Found
from cxr_studio.exchange.retrieving import file_name
from cxr_studio.resources import cache_folder

GIGABYTE = 10**9

FRESH_SECONDS = 3600.0


@dataclass(frozen=True)
class Cache:
    """A folder of series; those that were asked for longest ago are deleted first.

    Attributes:
        folder: ``STUDY-UID/SERIES-UID/SOP-INSTANCE-UID.dcm`` below it.
        limit: Size in bytes above which series are deleted.
    """

    folder: Path
    limit: int

    def get(self, archive: Archive, found: Found, *, progress: Progress, cancelled: Callable[[], bool]) -> list[Path]:
        """Retrieve a series, or what is missing of it, and then make room; see ``Archive.get``.

        Raises:
            ArchiveError: not all arrived; what did arrive stays.
            Cancelled: between two files; what arrived stays.
        """
        place = self.folder / file_name(found.study_uid) / file_name(found.series_uid)
        try:
            return archive.get(found, place, progress=progress, cancelled=cancelled)
        finally:
            with suppress(OSError):
                os.utime(place)
            self.make_room(keep=place)

    def make_room(self, *, keep: Path | None = None) -> int:
        """Delete series, oldest first, until the rest is within the limit; returns the bytes deleted.

        A series beside whose images something else lies, edits for instance, is never deleted, nor is ``keep``, nor
        what was asked for within the last hour, which may be open.
        """
        series = sorted(self._series(), key=_asked_for)
        fresh = time.time() - FRESH_SECONDS
        sizes = {each: _size(each) for each in series}
        excess, deleted = sum(sizes.values()) - self.limit, 0
        for each in series:
            if deleted >= excess:
                break
            if each == keep or _asked_for(each) > fresh or _holds_more(each):
                continue
            shutil.rmtree(each, ignore_errors=True)
            with suppress(OSError):
                each.parent.rmdir()  # the study's, if it was the last
            deleted += sizes[each]
        return deleted

    @property
    def size(self) -> int:
        """Bytes of everything in it."""
        return sum(_size(each) for each in self._series())

    def _series(self) -> Iterable[Path]:
        if not self.folder.is_dir():
            return []
        return [each for study in self.folder.iterdir() if study.is_dir() for each in study.iterdir() if each.is_dir()]


def open_cache(folder: str, gigabytes: float) -> Cache:
    """The cache of the settings; "" is the program's own folder."""
    return Cache(Path(folder) if folder else cache_folder() / "archive", int(gigabytes * GIGABYTE))


def _asked_for(series: Path) -> float:
    with suppress(OSError):
        return series.stat().st_mtime
    return 0.0


def _size(series: Path) -> int:
    size = 0
    for each in series.rglob("*"):
        with suppress(OSError):
            size += each.stat().st_size
    return size


def _holds_more(series: Path) -> bool:
    return any(each.suffix != ".dcm" or each.is_dir() for each in series.iterdir())
