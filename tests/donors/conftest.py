"""Small synthetic chests: ribs that lean a little otherwise in each, and vessels and noise of their own."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from cxr_studio.donors.library import Shelf
from cxr_studio.donors.plate import Plate, plate_of

SHAPE = (256, 224)

Image = np.ndarray


def chest(seed: int, *, shape: tuple[int, int] = SHAPE) -> Image:
    """Unit values: ribs, a spine, vessels and grain of this seed."""
    rng = np.random.default_rng([seed, 77])
    v, u = (np.mgrid[: shape[0], : shape[1]] / np.reshape((shape[0], shape[1]), (2, 1, 1))).astype(np.float32)
    phase, lean = rng.uniform(0, 2 * np.pi), rng.uniform(-0.05, 0.05)
    ribs = np.sin(38 * (v + 0.35 * (u - 0.5) ** 2 + lean * u) + phase)
    spine = np.exp(-(((u - 0.5) / 0.08) ** 2))
    vessels = cv2.GaussianBlur(rng.standard_normal(shape).astype(np.float32), (0, 0), 4) * 0.25
    grain = rng.standard_normal(shape).astype(np.float32) * 0.015
    return np.asarray(0.4 + 0.06 * ribs + 0.25 * spine + vessels + grain, np.float32)


@pytest.fixture
def image() -> Image:
    return chest(1)


@pytest.fixture
def hole() -> Image:
    mask = np.zeros(SHAPE, bool)
    mask[100:132, 30:62] = True
    return mask


@pytest.fixture
def plates() -> list[Plate]:
    return [plate_of(chest(k), name=f"{k}.png", patient=f"P{k}", shelf="bank") for k in range(10, 15)]


@pytest.fixture
def shelf(plates: list[Plate]) -> Shelf:
    return Shelf(plates)


@pytest.fixture
def make_chest() -> Callable[..., Image]:
    return chest
