"""Cases read from disk: radiograph, mask and what is shown of them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from threading import Lock

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.errors import StudioError
from cxr_studio.generation.hashing import array_sha256
from cxr_studio.masks.boxes import Box, Mask, bounding_box, cut, padded
from cxr_studio.quality.comparison.panel import Case, Panel
from cxr_studio.radiographs.presets import default_window
from cxr_studio.radiographs.radiograph import Radiograph, Stored
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.window import Window
from cxr_studio.restore.options import Grain
from cxr_studio.version import program_version

SURROUNDINGS = 32
"""Least pixels shown around a hole; a larger hole is shown with half its longest side around it."""

SCHEME = 3
"""Raised when cells are made or scored otherwise, so that older ones are not taken from the cache."""


@dataclass(frozen=True, eq=False)
class LoadedCase:
    """A case with its pixels.

    Attributes:
        case: As the panel says.
        radiograph: Its radiograph.
        mask: ``bool [H, W]`` of the whole radiograph, read-only.
        box: The crop that is shown, in the radiograph.
        window: The radiograph's default window.
        unit: Pixel values that count as 0 and 1.
        grain: As the panel says.
    """

    case: Case
    radiograph: Radiograph
    mask: Mask
    box: Box
    window: Window
    unit: tuple[float, float]
    grain: Grain = "off"

    @cached_property
    def original(self) -> Plane:
        """The crop's own pixels, unit values ``float32 [h, w]``."""
        return self.unit_values(self.radiograph.stored[cut(self.box)])

    @property
    def crop_mask(self) -> Mask:
        """The hole on the crop, ``bool [h, w]``."""
        return self.mask[cut(self.box)]

    @cached_property
    def key(self) -> str:
        """Hex SHA-256 of all that a fill depends on but the generator: pixels, mask, unit, options, version."""
        facts = {
            "image": array_sha256(self.radiograph.stored),
            "mask": array_sha256(self.mask),
            "box": self.box,
            "unit": self.unit,
            "spacing": asdict(self.radiograph.spacing),
            "seed": self.case.seed,
            "grain": self.grain,
            "healthy": self.case.healthy,
            "version": program_version(),
            "scheme": SCHEME,
        }
        return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

    def unit_values(self, stored: Stored) -> Plane:
        """Stored values of this radiograph as unit values: 0 and 1 are the window's edges; not clipped."""
        low, high = self.unit
        pixels = self.radiograph.grey.decode(stored)
        return np.asarray((pixels - np.float32(low)) / np.float32(high - low), np.float32)


class CaseLoader:
    """Reads a panel's cases once each, and their radiographs once each; may be called from several threads."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self._radiographs: dict[str, Radiograph] = {}
        self._cases: dict[str, LoadedCase] = {}
        self._lock = Lock()

    def load(self, case: Case) -> LoadedCase:
        """Read a case, or return what was read.

        Raises:
            StudioError: its radiograph or mask cannot be read, or its hole lies outside the image.
        """
        with self._lock:
            if case.name not in self._cases:
                self._cases[case.name] = self._read(case)
            return self._cases[case.name]

    def _read(self, case: Case) -> LoadedCase:
        if case.image not in self._radiographs:
            self._radiographs[case.image] = read_radiograph(case.path)
        radiograph = self._radiographs[case.image]
        try:
            mask = case.hole.paint(radiograph.shape)
        except StudioError as fault:
            raise type(fault)(f"case {case.name!r}: {fault.what}", file=fault.file, remedy=fault.remedy) from fault
        window = default_window(radiograph)
        box = crop_around(mask)
        return LoadedCase(case, radiograph, mask, box, window, radiograph.unit_range, self.panel.grain)


def crop_around(mask: Mask) -> Box:
    """The crop that shows a hole with its surroundings."""
    inner = bounding_box(mask)
    assert inner is not None
    longest = max(inner[2] - inner[0], inner[3] - inner[1])
    return padded(inner, max(SURROUNDINGS, longest // 2), (mask.shape[0], mask.shape[1]))
