"""A session on a small radiograph on disk, and answers made without a network."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.generation.session import Session
from cxr_studio.masks.brush import paint_disc
from cxr_studio.radiographs.reading import read_radiograph


@pytest.fixture
def radiograph_file(tmp_path: Path, phantom: np.ndarray) -> Path:
    path = tmp_path / "chest.png"
    Image.fromarray(phantom).save(path)
    return path


@pytest.fixture
def session(radiograph_file: Path) -> Session:
    return Session(read_radiograph(radiograph_file))


@pytest.fixture
def stroke(session: Session) -> Callable[..., None]:
    def paint(y: float, x: float, radius: float = 6, value: bool = True) -> None:
        session.begin_stroke()
        session.touched(paint_disc(session.mask, (y, x), radius=radius, value=value))
        session.end_stroke("Brush stroke")

    return paint
