"""What an augmentation job makes: every image of it follows from the plan and its number alone."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

import numpy as np

from cxr_studio.errors import StudioError
from cxr_studio.files import replaced
from cxr_studio.nodules.placement import SUPERPOSITION
from cxr_studio.nodules.sizes import Diameters
from cxr_studio.version import program_version

NAME = "plan.json"
HELD_OUT = 5
"""One patient in so many goes to the validation split."""


@dataclass(frozen=True)
class Plan:
    """One job.

    Attributes:
        sources: Radiographs to draw into, in name order.
        count: Images to make.
        per_image: Fewest and most nodules in an image.
        diameters: Of the nodules.
        subtlety: Range of contrast.
        seed: Of everything random.
        ending: ".png", ".mha" or ".dcm".
        mm_per_pixel: For radiographs that do not say it; None refuses millimetres there.
        generator: What draws the nodules.
        background: Behind a nodule of the texture generator; see ``nodules.placement.Placement``.
        checkpoint_sha256: Hash of the generator's checkpoint, "" for one that needs none.
        device: Where the generator runs.
    """

    sources: tuple[Path, ...]
    count: int
    per_image: tuple[int, int]
    diameters: Diameters
    subtlety: tuple[float, float] = (1.0, 1.0)
    seed: int = 0
    ending: str = ".png"
    mm_per_pixel: float | None = None
    generator: str = SUPERPOSITION
    background: Literal["kept", "drawn"] = "kept"
    checkpoint_sha256: str = ""
    device: str = "auto"

    def source(self, index: int) -> Path:
        """Radiograph of image ``index``; each is used once before any is used again."""
        turn, place = divmod(index, len(self.sources))
        order = np.random.default_rng([self.seed, 0x50C, turn]).permutation(len(self.sources))
        return self.sources[int(order[place])]

    def rng(self, index: int) -> np.random.Generator:
        """Everything random of image ``index``."""
        return np.random.default_rng([self.seed, 0x1A6E, index])

    def text(self) -> str:
        """The plan as JSON; the same plan gives the same text."""
        values = {**asdict(self), "sources": [path.name for path in self.sources], "version": program_version()}
        return json.dumps(values, indent=1, sort_keys=True) + "\n"


def claim(plan: Plan, folder: Path) -> None:
    """Write the plan into its folder, or see that the folder's plan is the same.

    Raises:
        StudioError: the folder holds another job.
        WriteError: it cannot be written.
    """
    path = folder / NAME
    if path.exists():
        if path.read_text(encoding="utf-8") != plan.text():
            raise StudioError(
                "the folder holds another augmentation, with other options", file=folder, remedy="Choose another --out"
            )
        return
    with replaced(path) as beside:
        beside.write_text(plan.text(), encoding="utf-8")


def split_of(patient: str) -> str:
    """``train`` or ``val``, the same for all images of a patient."""
    return "val" if int(sha256(patient.encode()).hexdigest(), 16) % HELD_OUT == 0 else "train"
