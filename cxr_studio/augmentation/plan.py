"""What an augmentation job makes: every image of it follows from the plan and its number alone."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from cxr_studio.augmentation.selection import Selection
from cxr_studio.datasets.manifest import Item
from cxr_studio.exchange.deidentify_radiograph import Deidentification
from cxr_studio.generation.precision import Precision
from cxr_studio.nodules.built_in import SUPERPOSITION
from cxr_studio.nodules.choices import OPEN, Choices
from cxr_studio.nodules.placement import Background
from cxr_studio.nodules.sizes import Diameters
from cxr_studio.version import program_version


@dataclass(frozen=True)
class Plan:
    """One job.

    Attributes:
        sources: Radiographs to draw into, in name order, with their patients and splits.
        count: Images to make.
        per_image: Fewest and most nodules in an image.
        diameters: Of the nodules.
        contrast: Range of contrast, where no subtlety is asked for.
        seed: Of everything random.
        ending: ".png", ".mha" or ".dcm".
        mm_per_pixel: For radiographs that do not say it; None refuses millimetres there.
        generator: What draws the nodules.
        background: Behind a nodule that a network draws; see ``nodules.placement.Placement``.
        checkpoint_sha256: Hash of the generator's checkpoint, "" for one that needs none.
        device: Where the generator runs.
        selection: What selects among several draws of an image; None = one draw.
        margins: Of the nodules.
        densities: Of the nodules.
        grades: Of subtlety.
        zones: Of the lungs that they lie in, see ``nodules.zones``.
        precision: Of its network on the processor.
        asked: How patients are taken out of what is written; None leaves them in.
    """

    sources: tuple[Item, ...]
    count: int
    per_image: tuple[int, int]
    diameters: Diameters
    contrast: tuple[float, float] = (1.0, 1.0)
    seed: int = 0
    ending: str = ".png"
    mm_per_pixel: float | None = None
    generator: str = SUPERPOSITION
    background: Background = "kept"
    checkpoint_sha256: str = ""
    device: str = "auto"
    selection: Selection | None = None
    margins: Choices = OPEN
    densities: Choices = OPEN
    grades: Choices = OPEN
    zones: Choices = OPEN
    precision: Precision = "full"
    asked: Deidentification | None = None

    @property
    def splits(self) -> dict[str, str]:
        """Patient to split."""
        return {item.patient: item.split for item in self.sources}

    @property
    def items(self) -> tuple[Item, ...]:
        """Radiographs to draw into."""
        return self.sources

    def source(self, index: int) -> Item:
        """Radiograph of image ``index``; each is used once before any is used again."""
        turn, place = divmod(index, len(self.sources))
        return self.sources[_order(self.seed, turn, len(self.sources))[place]]

    def rng(self, index: int, candidate: int = 0) -> np.random.Generator:
        """Everything random of a draw of image ``index``; the first is that of a plan without selection."""
        return np.random.default_rng([self.seed, 0x1A6E, index, *([candidate] if candidate else [])])

    def look(self, index: int) -> np.random.Generator:
        """Everything random of the attributes asked for in image ``index``, apart, so that asking moves nothing."""
        return np.random.default_rng([self.seed, 0xA77B, index])

    def text(self) -> str:
        """The plan as JSON; the same plan gives the same text."""
        listed = [[item.name, item.sha256, item.patient, item.split] for item in self.sources]
        values = {**asdict(self), "sources": listed, "version": program_version()}
        settle(values, self.asked)
        if self.precision == "full":  # plans of earlier versions say nothing of it
            del values["precision"]
        return json.dumps(values, indent=1, sort_keys=True) + "\n"


def settle(values: dict[str, Any], asked: Deidentification | None) -> None:
    """Put de-identification into a plan's values: what was asked for, but not where the table lies."""
    del values["asked"]
    if asked is not None:
        values["deidentified"] = asked.stated()


@lru_cache(maxsize=4)
def _order(seed: int, turn: int, count: int) -> list[int]:
    """The order in which all sources are used once."""
    order: list[int] = np.random.default_rng([seed, 0x50C, turn]).permutation(count).tolist()
    return order
