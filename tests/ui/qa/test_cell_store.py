"""The store's two threads: what is seen comes first, and nothing is forgotten over it."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from cxr_studio.quality.comparison.cell import Cell, CellScores
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.ui.qa.cell_store import CellStore


class SlowDisk:
    """Has every cell of the first column on its slow disk, and makes the others; keeps the order in which it did."""

    def __init__(self, panel) -> None:
        self.panel = panel
        self.made: list[tuple[str, str]] = []
        self.go = threading.Event()

    def loaded(self, case):
        return type("Loaded", (), {"original": np.zeros((4, 4), np.float32)})()

    def cached(self, case, column):
        time.sleep(0.1)
        return self._cell() if column.key == "kept" else None

    def figures(self, case, column):
        return (CellScores(), None) if column.key == "kept" else None

    def make(self, case, column, *, cancel):
        self.go.wait(5)
        self.made.append((case.name, column.key))
        return self._cell()

    def column_scores(self, column, *, journal):
        return None

    def _cell(self) -> Cell:
        return Cell(np.zeros((4, 4), np.float32), CellScores())


@pytest.fixture
def store(qtbot, panel):
    made = CellStore(SlowDisk(panel))
    yield made
    made.close()
    made.deleteLater()


KEPT, NEW, OTHER = (Column(key, key, None) for key in ("kept", "new", "other"))


def test_measuring_goes_on_after_something_was_looked_at(qtbot, store, panel) -> None:
    store.maker.go.set()
    store.start()
    store.measure([(case, NEW) for case in panel.cases])
    store.want([(panel.cases[0], KEPT)])
    qtbot.waitUntil(lambda: store.left() == 0, timeout=3000)
    qtbot.waitUntil(lambda: len(store.maker.made) == 3, timeout=3000)


def test_the_newest_view_comes_first_and_the_older_one_is_dropped(qtbot, store, panel) -> None:
    store.start()
    first, second, third = panel.cases
    store.want([(case, NEW) for case in (first, second)])
    qtbot.waitUntil(lambda: store._missing >= {(first.name, "new"), (second.name, "new")})
    store.want([(third, OTHER)])
    qtbot.waitUntil(lambda: (third.name, "other") in store._missing)
    store.maker.go.set()
    qtbot.waitUntil(lambda: store.left() == 0)
    qtbot.wait(300)
    assert store.maker.made == [(first.name, "new"), (third.name, "other")]
