"""What the tests of quality share."""

from __future__ import annotations

import pytest

from cxr_studio.quality.checking import fills, lungs, nodules, shapes


@pytest.fixture(autouse=True)
def _memory_is_measured_where_it_is_tested(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting a process costs seconds; tests that ask for ``real_memory`` do it."""
    if "real_memory" not in request.fixturenames:
        for room in (fills, lungs, nodules, shapes):
            monkeypatch.setattr(room, "megabytes_of", lambda _prepared, _device: 1.0)


@pytest.fixture
def real_memory() -> None:
    """Asks for the real measurement."""
