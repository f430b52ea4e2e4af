"""A recipe of the texture system that trains in seconds, with its radiographs and nodules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from cxr_studio.nodules.ct_library import bundled_library, held_out, write_library
from cxr_studio.resources import resource
from tests.conftest import draw_phantom

RECIPE = """
name = "tiny-texture"
title = "Tiny"
task = "texture"
seed = 3
epochs = 6

[pairs]
train = "{folder}/train"
val = "{folder}/val"
nodules = "{folder}/nodules.npz"
views = 1
diameters = [8.0, 24.0]
subtleties = [0.5, 2.0]
healthy = 0.2
patches_per_image = 4
surroundings = "healthy"

[generator]
architecture = "compact-texture"
input_side = 128
[generator.parameters]
width = 4

[loss]
l1 = 0.0
region = 1.0
perceptual = 0.1
adversarial = 0.05
features = "{features}"

[judge]
width = 4
rate_share = 0.5

[optimiser]
rate = 0.003

[run]
batch = 4
average = 0.5
val_pairs = 4
sheet = 3
"""


def write_texture_recipe(folder: Path) -> Path:
    """Write everything into a folder; returns the recipe."""
    for name, count in (("train", 3), ("val", 2)):
        (folder / name).mkdir()
        for k in range(count):
            image = np.roll(draw_phantom(240, 230), 5 * k + len(name), axis=1)
            cv2.imwrite(str(folder / name / f"{k}.png"), image)
    learned = bundled_library()[:3]
    series = next(f"s{k}" for k in range(100) if held_out(f"s{k}"))
    write_library(folder / "nodules.npz", (*learned, replace(bundled_library()[4], series=series)))
    path = folder / "texture.toml"
    features = resource("checkpoints", "context-encoder.safetensors")
    path.write_text(RECIPE.format(folder=folder.as_posix(), features=Path(features).as_posix()))
    return path
