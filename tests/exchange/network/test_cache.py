"""A folder of retrieved series with a limit."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from cxr_studio.errors import ArchiveError, Cancelled
from cxr_studio.events import Progress
from cxr_studio.exchange.archive import Answered, Found, Query, Sent
from cxr_studio.exchange.cache import Cache, open_cache
from cxr_studio.exchange.persistence import ConnectionLost, persist, rest
from cxr_studio.exchange.retrieving import Arrivals
from tests.exchange.network.conftest import never, quietly

IMAGE = 1000


class Shelf:
    """An archive with two images of a thousand bytes in any series."""

    def echo(self, *, cancelled: Callable[[], bool] = never) -> Answered:
        raise NotImplementedError

    def find(self, query: Query, *, cancelled: Callable[[], bool] = never) -> list[Found]:
        raise NotImplementedError

    def get(self, found: Found, folder: Path, *, progress: Progress, cancelled: Callable[[], bool]) -> list[Path]:
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / "1.dcm", folder / "2.dcm"]
        for path in paths:
            path.write_bytes(bytes(IMAGE))
        return paths

    def send(
        self, paths: Sequence[Path], *, progress: Progress, cancelled: Callable[[], bool], again: bool = False
    ) -> Sent:
        raise NotImplementedError


def filled(folder: Path, *, limit: int) -> Cache:
    """A cache with the series 1.1, 1.2 and 2.3, asked for in this order."""
    cache = Cache(folder, 10**9)
    for age, uids in enumerate((("1", "1.1"), ("1", "1.2"), ("2", "2.3"))):
        cache.get(Shelf(), Found(*uids), progress=quietly, cancelled=never)
        os.utime(folder / uids[0] / uids[1], (age, age))
    return Cache(folder, limit)


def held(cache: Cache) -> list[str]:
    return sorted(each.name for each in cache.folder.glob("*/*"))


def test_what_was_asked_for_longest_ago_goes_first(tmp_path: Path) -> None:
    cache = filled(tmp_path / "cache", limit=5 * IMAGE)
    assert cache.size == 6 * IMAGE
    assert cache.make_room() == 2 * IMAGE
    assert held(cache) == ["1.2", "2.3"]
    cache.get(Shelf(), Found("1", "1.2"), progress=quietly, cancelled=never)
    cache.get(Shelf(), Found("3", "3.1"), progress=quietly, cancelled=never)
    assert held(cache) == ["1.2", "3.1"]
    assert not (tmp_path / "cache" / "2").exists()


def test_edits_beside_an_image_keep_its_series_and_the_newest_stays_however_large(tmp_path: Path) -> None:
    cache = filled(tmp_path / "cache", limit=1)
    (tmp_path / "cache/1/1.1/1.cxrs").write_text("edits")
    cache.get(Shelf(), Found("3", "3.1"), progress=quietly, cancelled=never)
    cache.get(Shelf(), Found("3", "3.2"), progress=quietly, cancelled=never)
    assert held(cache) == ["1.1", "3.1", "3.2"]


def test_identifiers_never_lead_out_of_the_cache(tmp_path: Path) -> None:
    for wrong in ("../..", "..", "1..2", "/etc", "1" * 65, ""):
        with pytest.raises(ArchiveError, match="which is no identifier"):
            Cache(tmp_path, 1).get(Shelf(), Found("1.2", wrong), progress=quietly, cancelled=never)
        with pytest.raises(ArchiveError, match="which is no identifier"):
            Arrivals(tmp_path, [wrong], quietly, never)
    assert list(tmp_path.iterdir()) == []


def test_its_place_is_the_program_s_own_unless_another_is_set(tmp_path: Path) -> None:
    assert open_cache("", 2).folder == Path(os.environ["CXR_STUDIO_CACHE"]) / "archive"
    assert open_cache(str(tmp_path), 0.5) == Cache(tmp_path, 500_000_000)
    assert open_cache(str(tmp_path / "none"), 1).size == 0


def test_attempts_that_bring_something_start_the_pauses_over() -> None:
    left, asked = [6], []

    def attempt() -> None:
        asked.append(left[0])
        if len(asked) % 2:
            left[0] -= 1
        raise ConnectionLost("gone")

    with pytest.raises(ConnectionLost):
        persist(attempt, left=lambda: left[0], pauses=(), cancelled=never)
    assert asked == [6, 5]
    left[0] = 2
    asked.clear()
    persist(attempt, left=lambda: left[0], pauses=(0, 0), cancelled=never)
    assert asked == [2, 1, 1]


def test_a_pause_is_cancelled() -> None:
    with pytest.raises(Cancelled):
        rest(60, lambda: True)
