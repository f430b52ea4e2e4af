"""Small images and a recipe that trains in a second."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

RECIPE = """
name = "tiny"
title = "Tiny"
task = "context-encoder"
seed = 5
discriminator_width = 2

[images]
train = "{train}"
val = "{val}"
patches_per_image = 4
zoom = [0.9, 1.1]
flip = true

[generator]
architecture = "compact-context-encoder"
input_side = 32
hole_side = 16
base = "biharmonic"
[generator.parameters]
widths = [4, 6]
encoder_blocks = [1, 1]
decoder_blocks = [1]

[holes]
square_share = 0.5
bank = 3

[loss]
border = 2

[[stages]]
train = ["generator"]
epochs = 2
adversarial = false

[[stages]]
train = ["generator"]
epochs = 2
adversarial = false

[run]
batch = 2
average = 0.9
val_holes = 4
sheet = 3
"""


def _write_images(folder: Path, count: int) -> None:
    folder.mkdir()
    rng = np.random.default_rng(len(folder.name))
    for k in range(count):
        small = rng.uniform(40, 220, (12, 12)).astype(np.float32)
        image = cv2.resize(small, (160, 160), interpolation=cv2.INTER_CUBIC) + rng.normal(0, 3, (160, 160))
        cv2.imwrite(str(folder / f"{k}.png"), np.clip(image, 0, 255).astype(np.uint8))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Tiny networks gain nothing from a second thread, and wait for it where another program has the core."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def write_recipe(folder: Path) -> Path:
    """Write a recipe and what it is trained on."""
    for name, count in (("train", 4), ("val", 2)):
        _write_images(folder / name, count)
    path = folder / "tiny.toml"
    path.write_text(RECIPE.format(train=(folder / "train").as_posix(), val=(folder / "val").as_posix()))
    return path


@pytest.fixture
def recipe_file(tmp_path: Path) -> Path:
    return write_recipe(tmp_path)
