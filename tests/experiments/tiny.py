"""A loop and a localisation that train for two steps: phantoms, six patients, a network of 128 pixels."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from cxr_studio.experiments.steps import Doing
from cxr_studio.experiments.training import Order, steps_done
from tests.conftest import draw_phantom
from trainers.__main__ import main as trainers

TRAINING = """
name = "tiny-detector"
title = "Tiny"
task = "detector"
epochs = 1
[real]
truth = "never.csv"
[network]
architecture = "compact-detector"
input_side = 64
[network.parameters]
widths = [4, 6, 8]
head = 4
[run]
batch = 2
sheet = 1
"""

LOOP = """
kind = "hard-examples"
name = "tiny-loop"
title = "Tiny loop"
paper_had = "The paper had more."
folds = 2
rate = 2.0
mm_per_pixel = 0.8
compared = 2
[real]
truth = "{folder}/boxes.csv"
images = "{folder}/real"
folds = "{folder}/folds.csv"
[healthy]
train = "{folder}/healthy"
test = "{folder}/normal"
[start.training]
recipe = "{folder}/training.toml"
steps = 2
[training]
recipe = "{folder}/training.toml"
epochs = 0.6
settings = ["optimiser.rate=0.0001"]
[[conditions]]
name = "none"
title = "none"
[[conditions]]
name = "none-longer"
title = "none, as long as with 2"
as_long_as = 2
[[conditions]]
name = "random"
title = "all diameters"
counts = [2]
[[conditions]]
name = "hem-size"
title = "HEM by size"
counts = [1, 2]
among = "missed"
[[conditions]]
name = "hem-position"
title = "HEM by position"
counts = [2]
by = "position"
among = "missed"
"""

LOCALISATION = """
kind = "localisation"
name = "tiny-localisation"
title = "Tiny localisation"
paper_had = "The paper had more."
test_share = 0.34
at = [1, 2]
[real]
truth = "{folder}/boxes.csv"
images = "{folder}/real"
label = ["Nodule", "Mass"]
folds = "{folder}/halves.csv"
[training]
recipe = "{folder}/training.toml"
[[sets]]
name = "original"
title = "Original"
paper = "ori"
[[sets]]
name = "pix2pix"
title = "+ Pix2Pix"
paper = "pix2pix"
generator = "no-such-generator"
count = 3
"""


def here(order: Order, doing: Doing) -> None:
    """Trains in this process rather than in one of its own, which would take seconds to start."""
    folder = order.folder or doing.folder
    done = steps_done(folder)
    words = [order.training.recipe, "--out", str(folder), "--device", "cpu", "--steps", str(order.end - done)]
    words += ["--resume"] if done else []
    for setting in order.changes:
        words += ["--set", setting]
    assert trainers(words) == 0


def made(folder: Path) -> Path:
    """Write radiographs, lists and recipes."""
    for name, count in (("healthy", 2), ("normal", 2)):
        (folder / name).mkdir()
        for k in range(count):
            image = np.roll(draw_phantom(240, 220), 4 * k, axis=1)
            cv2.imwrite(str(folder / name / f"{name}-{k}.png"), image)
    (folder / "real").mkdir()
    lines = ["image,finding,x,y,width,height"]
    for k in range(6):
        image = draw_phantom(240, 220)
        x, y, radius = 50 + 3 * k, 90 + 4 * k, 8 + k
        cv2.circle(image, (x, y), radius, 60000, -1)
        cv2.imwrite(str(folder / "real" / f"0000000{k}_000.png"), image)
        lines += [f"0000000{k}_000.png,Nodule,{x - radius},{y - radius},{2 * radius},{2 * radius}"]
        lines += [f"0000000{k}_000.png,Mass,150,60,40,50"]
    (folder / "boxes.csv").write_text("\n".join(lines) + "\n")
    for name, text in (("training", TRAINING), ("loop", LOOP), ("localisation", LOCALISATION)):
        (folder / f"{name}.toml").write_text(text.replace("{folder}", folder.as_posix()))
    return folder
