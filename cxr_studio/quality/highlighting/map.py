"""The abnormality map of a radiograph, and the hot spots in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.masks.boxes import Box, Mask
from cxr_studio.masks.regions import Region, regions
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing

Kind = Literal["absolute", "signed", "z", "focal"]

KINDS: tuple[Kind, ...] = ("absolute", "signed", "z", "focal")

ONE_SIDED: tuple[Kind, ...] = ("absolute", "focal")
"""Those that are nowhere below zero."""

LEARNED: tuple[Kind, ...] = ("z", "focal")
"""Those that there are only where it was learned what the generator does to healthy lungs."""

SEARCH_SIDE = 1024
"""Longest side on which regions are searched: the map is smooth, and the threshold moves live."""

LEAST_SIDE = 0.012
"""Side of the smallest hot spot as a share of the image's longest side; a smaller one is noise."""


DARKER = 0.5
"""What a darker spot counts beside a denser one: a dense finding has dark rims, where its own greys are filled in."""


@dataclass(frozen=True)
class HotSpot:
    """A connected region in which the map is above the threshold.

    Attributes:
        rank: 1 is the hottest.
        y: Row of the peak, image pixels.
        x: Column of the peak.
        box: Bounding box in image pixels.
        height: Of the box, image pixels.
        width: Of the box, image pixels.
        height_mm: Of the box, or None where the spacing is unknown.
        width_mm: Of the box, or None where the spacing is unknown.
        peak: Value of the map at the peak, positive whatever the sign.
        mean: Mean of the map over the region, positive whatever the sign.
        sign: +1 denser than the generator's healthy tissue, -1 darker; +1 in an absolute map.
        score: What spots are ranked by: the peak, half of it where the spot is darker than healthy tissue.
    """

    rank: int
    y: float
    x: float
    box: Box
    height: float
    width: float
    height_mm: float | None
    width_mm: float | None
    peak: float
    mean: float
    sign: int
    score: float


@dataclass(frozen=True, eq=False)
class AbnormalityMap:
    """What a generator would have filled in otherwise, over the lungs of one radiograph.

    Attributes:
        absolute: ``float32 [H, W]``, mean |original - filled| in shares of the window (0 to 1); 0 where not looked at.
        signed: ``float32 [H, W]``, mean original - filled, positive = denser than the generator's healthy tissue.
        z: ``float32 [H, W]``, signed: standard deviations from what the same generator does to healthy lungs at
            that place; None where nothing is known of its differences there.
        looked_at: ``bool [H, W]``, the lungs as far as windows covered them.
        spots: Hot spots of the main map (``main_kind``) at its default threshold.
        generator: Registry name.
        complete: False for a coarse map that is still being refined.
        seconds: Time since the start.
        device: Where the generator ran.
        provenance: Everything that is needed to make the same map again.
        notes: Plain sentences for the user, such as why the whole image was searched.
        focal: ``float32 [H, W]``, how much more like a dense, round spot a place is than the same place of healthy
            lungs, in standard deviations; 0 and more; None where that is not known.
    """

    absolute: Plane
    signed: Plane
    z: Plane | None
    looked_at: Mask
    spots: tuple[HotSpot, ...]
    generator: str
    complete: bool
    seconds: float
    device: str
    provenance: dict[str, object] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    focal: Plane | None = None

    def layer(self, kind: Kind) -> Plane:
        """One of the maps; zeros for one that there is not."""
        found = {"absolute": self.absolute, "signed": self.signed, "z": self.z, "focal": self.focal}[kind]
        return np.zeros_like(self.signed) if found is None else found

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The maps that there are."""
        missing = {"z": self.z is None, "focal": self.focal is None}
        return tuple(kind for kind in KINDS if not missing.get(kind))

    @property
    def main_kind(self) -> Kind:
        """The map that spots are searched in: "focal", else "z", else "absolute"."""
        return next(kind for kind in ("focal", "z", "absolute") if kind in self.kinds)


def hot_spots(
    layer: Plane, looked_at: Mask, *, threshold: float, spacing: Spacing = UNKNOWN_SPACING
) -> tuple[HotSpot, ...]:
    """Find the connected regions in which a map is at or beyond a threshold.

    A signed map gives regions on either side of zero.

    Args:
        layer: ``float32 [H, W]``.
        looked_at: ``bool [H, W]``; nothing is searched elsewhere.
        threshold: Above 0, in the map's units.
        spacing: For sizes in mm.

    Returns:
        The spots, hottest first.
    """
    step = max(1, -(-max(layer.shape) // SEARCH_SIDE))
    values = np.where(looked_at[::step, ::step], layer[::step, ::step], np.float32(0))
    threshold = max(float(threshold), 1e-6)
    least = (LEAST_SIDE * max(values.shape)) ** 2
    found = []
    for sign in (1, -1):
        strength = values * np.float32(sign)
        for region in regions(strength >= threshold):
            if region.mask.sum() >= least:
                spot = _spot(strength, region, step=step, spacing=spacing, sign=sign)
                found.append(_cut_to(spot, (layer.shape[0], layer.shape[1])))
    found.sort(key=lambda spot: -spot.score)
    return tuple(replace(spot, rank=rank) for rank, spot in enumerate(found, start=1))


def _spot(strength: Plane, region: Region, *, step: int, spacing: Spacing, sign: int) -> HotSpot:
    """Measure one region of a map of which every ``step``-th pixel was looked at; its rank is not known yet."""
    y0, x0, y1, x1 = region.box
    inside = np.where(region.mask, strength[y0:y1, x0:x1], np.float32(0))
    y, x = np.unravel_index(int(inside.argmax()), inside.shape)
    peak = float(inside.max())
    box = y0 * step, x0 * step, y1 * step, x1 * step
    height, width = float(box[2] - box[0]), float(box[3] - box[1])
    return HotSpot(
        rank=0,
        y=float((y0 + int(y)) * step),
        x=float((x0 + int(x)) * step),
        box=box,
        height=height,
        width=width,
        height_mm=None if spacing.y is None else height * spacing.y,
        width_mm=None if spacing.x is None else width * spacing.x,
        peak=peak,
        mean=float(inside[region.mask].mean()),
        sign=sign,
        score=peak if sign > 0 else DARKER * peak,
    )


def _cut_to(spot: HotSpot, shape: tuple[int, int]) -> HotSpot:
    """The last step of a shrunk map may reach beyond the image."""
    y0, x0, y1, x1 = spot.box
    return replace(spot, box=(y0, x0, min(y1, shape[0]), min(x1, shape[1])))
