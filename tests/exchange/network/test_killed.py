"""A server that dies in the middle: nothing half, nothing twice, and the rest can be had afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxr_studio.errors import ArchiveError
from cxr_studio.exchange.archive import Query
from tests.exchange.network.conftest import WAYS, never, opened, quietly
from tests.exchange.network.drawn_dicom import body, series_of
from tests.exchange.network.orthanc import Orthanc


def killing(orthanc: Orthanc, at: float, *, restart: bool = False):
    """A progress that kills the server once, when a share is done."""
    dead = False

    def told(done: float, words: str) -> None:
        nonlocal dead
        if done >= at and not dead:
            dead = True
            orthanc.kill()
            if restart:
                orthanc.start()

    return told


@pytest.mark.parametrize("way", WAYS)
def test_killed_while_images_arrive(orthanc: Orthanc, way: str, tmp_path: Path) -> None:
    orthanc.fill(series_of(20, tmp_path / "own"))
    archive = opened(orthanc, way)
    (found,) = archive.find(Query())
    try:
        with pytest.raises(ArchiveError, match="of 20 images have arrived, then the archive sent no more"):
            archive.get(found, tmp_path / "back", progress=killing(orthanc, 0.4), cancelled=never)
    finally:
        orthanc.start()
    here = list((tmp_path / "back").iterdir())
    assert 8 <= len(here) < 20
    assert all(path.suffix == ".dcm" and body(path) == body(tmp_path / "own" / path.name) for path in here)
    times = {path: path.stat().st_mtime_ns for path in here}
    assert len(archive.get(found, tmp_path / "back", progress=quietly, cancelled=never)) == 20
    assert times == {path: path.stat().st_mtime_ns for path in here}


@pytest.mark.parametrize("way", WAYS)
def test_a_server_that_comes_back_in_time_is_not_noticed(orthanc: Orthanc, way: str, tmp_path: Path) -> None:
    orthanc.fill(series_of(20, tmp_path / "own"))
    archive = opened(orthanc, way)
    (found,) = archive.find(Query())
    back = archive.get(found, tmp_path / "back", progress=killing(orthanc, 0.4, restart=True), cancelled=never)
    assert len(back) == len(list((tmp_path / "back").iterdir())) == 20


@pytest.mark.parametrize("way", ["dicom", "web"])
def test_killed_while_files_are_sent(orthanc: Orthanc, way: str, tmp_path: Path) -> None:
    paths = series_of(20, tmp_path / "own")
    archive = opened(orthanc, way)
    try:
        sent = archive.send(paths, progress=killing(orthanc, 0.5), cancelled=never)
    finally:
        orthanc.start()
    assert sent.count("sent") == 10
    assert orthanc.count() >= 10
    assert len(sent.unsent) == 10
    assert sent.count("left") == 10
    assert "(the port is closed)" in sent.reason
    again = archive.send(sent.unsent, progress=quietly, cancelled=never)
    assert (again.unsent, orthanc.count()) == ((), 20)
