"""What the tests of quality share."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from cxr_studio.quality.checking import fills, lungs, nodules, shapes
from cxr_studio.resources import resource


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two healthy radiographs at a quarter of their size."""
    folder = tmp_path_factory.mktemp("images")
    for name in ("healthy-1.png", "healthy-2.png"):
        with Image.open(resource("samples", name)) as image:
            image.convert("L").resize((256, 256)).save(folder / name)
    return folder


@pytest.fixture(autouse=True)
def _memory_is_measured_where_it_is_tested(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting a process costs seconds; tests that ask for ``real_memory`` do it."""
    if "real_memory" not in request.fixturenames:
        for room in (fills, lungs, nodules, shapes):
            monkeypatch.setattr(room, "megabytes_of", lambda _prepared, _device: 1.0)


@pytest.fixture
def real_memory() -> None:
    """Asks for the real measurement."""
