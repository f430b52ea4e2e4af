"""One Orthanc for all tests of a worker, emptied before each; and patience that a test can wait for."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxr_studio.exchange.archive import Archive
from cxr_studio.exchange.opening import open_archive
from cxr_studio.exchange.persistence import Patience
from tests.exchange.network.orthanc import MISSING, PASSWORD, Orthanc

SHORT = Patience(connection=2, association=3, answer=10, network=10, pauses=(0.05, 0.1))

WAYS = ("dicom", "move", "web")
"""C-GET; C-MOVE to our receiver; DICOMweb."""


@pytest.fixture(scope="session")
def started() -> Iterator[Orthanc]:
    if MISSING:
        pytest.skip(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="cxr-orthanc-"))
    server = Orthanc(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def orthanc(started: Orthanc) -> Orthanc:
    started.empty()
    return started


def opened(orthanc: Orthanc, way: str, patience: Patience = SHORT) -> Archive:
    if way == "web":
        return open_archive(orthanc.web(), PASSWORD, patience=patience)
    return open_archive(orthanc.dicom(retrieval="get" if way == "dicom" else "move"), patience=patience)


@pytest.fixture(params=WAYS)
def archive(orthanc: Orthanc, request: pytest.FixtureRequest) -> Archive:
    return opened(orthanc, request.param)


def quietly(fraction: float, words: str) -> None:
    assert 0 <= fraction <= 1
    assert words


def never() -> bool:
    return False
