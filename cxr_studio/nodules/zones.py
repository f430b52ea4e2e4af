"""Where in the lungs a nodule lies: the side of the image, and the upper, middle or lower third."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxr_studio.masks.boxes import Mask, bounding_box

THIRDS = ("upper", "middle", "lower")
SIDES = ("left", "right")
"""Of the image, not of the patient."""


@dataclass(frozen=True)
class Zone:
    """A sixth of the lungs.

    Attributes:
        side: Place in ``SIDES``.
        third: Place in ``THIRDS``.
    """

    side: int
    third: int

    @property
    def name(self) -> str:
        """As a table and an option name it: ``left-upper``."""
        return f"{SIDES[self.side]}-{THIRDS[self.third]}"

    def __str__(self) -> str:
        """As a sentence names it."""
        return f"{THIRDS[self.third]} third of the lung at the image's {SIDES[self.side]}"


ZONES = {zone.name: zone for zone in (Zone(side, third) for side in range(2) for third in range(3))}
"""All of them, by name."""


def zone_of(lungs: Mask, y: float, x: float) -> Zone:
    """The zone of a point; one above, below or beside the lungs is in the nearest.

    Args:
        lungs: ``bool [H, W]``; of an empty mask the whole image counts.
        y: Row.
        x: Column.
    """
    y0, x0, y1, x1 = bounding_box(lungs) or (0, 0, *lungs.shape)
    third = int((y - y0) / (y1 - y0) * len(THIRDS))
    return Zone(int(x >= (x0 + x1) / 2), min(max(third, 0), len(THIRDS) - 1))


def in_zone(lungs: Mask, zone: Zone) -> Mask:
    """The part of the lungs that lies in a zone, ``bool [H, W]``."""
    y0, x0, y1, x1 = bounding_box(lungs) or (0, 0, *lungs.shape)
    rows, columns = np.ogrid[: lungs.shape[0], : lungs.shape[1]]
    third = np.clip(((rows - y0) / (y1 - y0) * len(THIRDS)).astype(np.int64), 0, len(THIRDS) - 1)
    return np.asarray(lungs & (third == zone.third) & ((columns >= (x0 + x1) / 2) == zone.side))
