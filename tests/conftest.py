"""What every test shares: no display, state in a temporary folder, and no noise."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if "PYTEST_XDIST_WORKER" in os.environ:  # the workers share the cores: threads of their own would only get in the way
    os.environ.setdefault("OMP_NUM_THREADS", "1")

import gc
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

SHARED = Path(__file__).parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("shared") and not SHARED.exists():
            item.add_marker(pytest.mark.skip(reason="../shared is not beside the checkout"))


@pytest.fixture(autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, journals and models of the person who runs the tests stay untouched."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("CXR_STUDIO_STATE", str(folder))
    monkeypatch.setenv("CXR_STUDIO_MODELS", str(folder / "models"))
    monkeypatch.setenv("CXR_STUDIO_CACHE", str(folder / "cache"))


@pytest.fixture(autouse=True)
def no_noise(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Refuse threads that outlive a test, and log lines of ours from WARNING up."""
    before = set(threading.enumerate())
    yield
    left = [t for t in set(threading.enumerate()) - before if t.is_alive() and not t.name.startswith(QUIET_THREADS)]
    for thread in left:
        thread.join(2)
    assert not [t.name for t in left if t.is_alive()], "a thread was left running"
    ours = [r for r in caplog.get_records("call") if r.name.startswith("cxr_studio") and r.levelno >= logging.WARNING]
    assert not ours, f"logged: {[r.getMessage() for r in ours]}"


QUIET_THREADS = ("Dummy", "pydevd", "asyncio", "ThreadPoolExecutor", "QtThread", "IO loop")


@pytest.fixture(autouse=True)
def no_widgets_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Refuse top-level widgets that a test leaves behind."""
    yield
    if "qtbot" not in request.fixturenames:
        return
    from PySide6.QtWidgets import QApplication

    gc.collect()
    shown = [type(w).__name__ for w in QApplication.topLevelWidgets() if w.isVisible()]
    assert not shown, f"widgets left open: {shown}"


@pytest.fixture
def phantom() -> np.ndarray:
    """A plausible chest phantom, uint16 [320, 288]: two dark lungs, ribs, a spine, grain."""
    return draw_phantom(320, 288)


def draw_phantom(height: int, width: int) -> np.ndarray:
    rng = np.random.default_rng(7)
    y, x = np.mgrid[:height, :width]
    v, u = y / height, x / width
    image = 30_000 + 8_000 * np.exp(-(((u - 0.5) / 0.07) ** 2))
    for centre in (0.31, 0.69):
        lung = ((u - centre) / 0.15) ** 2 + ((v - 0.45) / 0.32) ** 2
        image -= 14_000 / (1 + np.exp(8 * (lung - 1)))
        image += 2_500 * (np.sin(40 * (v - 0.35 * (u - centre) ** 2)) > 0.6) * (lung < 1)
    return np.clip(image + rng.normal(0, 250, image.shape), 0, 65_535).astype(np.uint16)
