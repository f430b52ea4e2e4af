"""Radiographs for the judges of whole images."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from cxr_studio.resources import resource


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two healthy radiographs at a quarter of their size."""
    folder = tmp_path_factory.mktemp("images")
    for name in ("healthy-1.png", "healthy-2.png"):
        with Image.open(resource("samples", name)) as image:
            image.convert("L").resize((256, 256)).save(folder / name)
    return folder
