"""A mask target and a view that note what a tool does to them."""

from __future__ import annotations

import numpy as np
import pytest


class NotedMask:
    def __init__(self, shape: tuple[int, int] = (100, 120)) -> None:
        self.mask = np.zeros(shape, bool)
        self.levels = np.zeros(shape, np.uint8)
        self.levels[:, 60:] = 200
        self.boxes: list[tuple[int, int, int, int]] = []
        self.steps: list[str] = []
        self.open = False
        self._before = self.mask.copy()

    def begin(self) -> None:
        assert not self.open
        self.open = True
        self._before = self.mask.copy()

    def touch(self, box: tuple[int, int, int, int]) -> None:
        assert self.open
        self.boxes.append(box)

    def commit(self, name: str) -> None:
        assert self.open
        self.open = False
        self.steps.append(name)

    def abandon(self) -> None:
        self.open = False
        self.mask[:] = self._before


class NotedView:
    def __init__(self) -> None:
        self.calls: list[tuple[str, float, float]] = []

    def pan_by(self, dx: float, dy: float) -> None:
        self.calls.append(("pan", dx, dy))

    def zoom_by(self, factor: float, about: object) -> None:
        self.calls.append(("zoom", factor, 0.0))

    def window_by(self, dx: float, dy: float) -> None:
        self.calls.append(("window", dx, dy))


@pytest.fixture
def target() -> NotedMask:
    return NotedMask()


@pytest.fixture
def view() -> NotedView:
    return NotedView()
