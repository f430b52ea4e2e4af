"""Real lung nodules cut from CT (LUNA16, LIDC-IDRI), the templates of CT superposition."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import ReadError
from cxr_studio.resources import resource

BUNDLED = ("nodules", "luna.npz")
"""The bundled selection, under resources."""

LUNG_HU = (-950.0, -700.0)
"""Range of Hounsfield units that the lung around a nodule is taken from."""

GROUND_GLASS_BELOW, PART_SOLID_BELOW, CALCIFIED_ABOVE = -450.0, -300.0, 200.0
"""Limits on the 90th percentile of a nodule's Hounsfield units. A solid part is often taken from -300 HU on, calcium
from 200 HU; below -450 HU next to nothing of a nodule is as dense as the vessels around it."""

HELD_OUT = 5
"""One CT series in so many is kept for testing."""


class Profile(StrEnum):
    """How dense a nodule is."""

    GROUND_GLASS = "ground-glass"
    PART_SOLID = "part-solid"
    SOLID = "solid"
    CALCIFIED = "calcified"


@dataclass(frozen=True, eq=False)
class CtNodule:
    """One nodule in voxels of 1 mm.

    Attributes:
        number: Its place in the library.
        hu: Hounsfield units, int16 ``[z, y, x]``.
        mask: The nodule, bool of the same shape.
        series: CT series that it was cut from.
    """

    number: int
    hu: NDArray[np.int16]
    mask: NDArray[np.bool_]
    series: str

    @cached_property
    def diameter_mm(self) -> float:
        """Diameter of the sphere of the same volume, mm."""
        return float((6 * np.count_nonzero(self.mask) / np.pi) ** (1 / 3))

    @cached_property
    def profile(self) -> Profile:
        """Density class by the 90th percentile of the nodule's Hounsfield units."""
        dense = float(np.percentile(self.hu[self.mask], 90))
        if dense < PART_SOLID_BELOW:
            return Profile.GROUND_GLASS if dense < GROUND_GLASS_BELOW else Profile.PART_SOLID
        return Profile.CALCIFIED if dense > CALCIFIED_ABOVE else Profile.SOLID

    @cached_property
    def excess(self) -> NDArray[np.float32]:
        """Density above that of the lung around it, in units of water (1000 HU), fading out 1.5 mm beyond the mask."""
        from scipy.ndimage import distance_transform_edt

        low, high = LUNG_HU
        around = self.hu[~self.mask]
        lung = float(np.clip(np.median(around), low, high)) if around.size else high
        fade = np.clip(1 - distance_transform_edt(~self.mask) / 1.5, 0, 1)
        return np.asarray(np.clip(self.hu - lung, 0, None) / 1000 * fade, np.float32)

    @cached_property
    def depth(self) -> NDArray[np.float32]:
        """Signed distance to the mask's surface in mm, above zero inside."""
        from scipy.ndimage import distance_transform_edt

        inside = distance_transform_edt(self.mask) - 0.5 * self.mask
        return np.asarray(inside - (distance_transform_edt(~self.mask) - 0.5 * ~self.mask), np.float32)


def read_library(path: Path) -> tuple[CtNodule, ...]:
    """Read nodules from an ``.npz`` of blocks end to end (shape, hu, mask, series).

    Raises:
        ReadError: missing, damaged, or of another kind.
    """
    try:
        with np.load(path, allow_pickle=False) as blocks:
            return _nodules({name: blocks[name] for name in ("shape", "hu", "mask", "series")})
    except (OSError, ValueError, KeyError, EOFError) as fault:
        raise ReadError("the file is not a library of CT nodules", file=path, remedy="Reinstall CXR Studio") from fault


@lru_cache(maxsize=1)
def bundled_library() -> tuple[CtNodule, ...]:
    """The nodules that ship with the program."""
    return read_library(resource(*BUNDLED))


def write_library(path: Path, nodules: tuple[CtNodule, ...]) -> None:
    """Write nodules as an ``.npz`` that ``read_library`` reads."""
    np.savez_compressed(
        path,
        shape=np.array([n.hu.shape for n in nodules], np.int32),
        hu=np.concatenate([n.hu.ravel() for n in nodules]),
        mask=np.packbits(np.concatenate([n.mask.ravel() for n in nodules])),
        series=np.array([n.series for n in nodules]),
    )


def held_out(series: str) -> bool:
    """Whether a CT series is kept from all training: one in five, told by its name."""
    return int(sha256(series.encode()).hexdigest(), 16) % HELD_OUT == 0


def _nodules(blocks: dict[str, Any]) -> tuple[CtNodule, ...]:
    shapes = blocks["shape"].astype(np.int64)
    ends = np.cumsum(shapes.prod(axis=1))
    bits = np.unpackbits(blocks["mask"], count=int(ends[-1])).astype(bool)
    found = []
    for number, (shape, end) in enumerate(zip(shapes, ends, strict=True)):
        place = slice(int(end - shape.prod()), int(end))
        hu, mask = blocks["hu"][place].reshape(shape), bits[place].reshape(shape)
        if mask.any():
            found.append(CtNodule(number, hu, mask, str(blocks["series"][number])))
    return tuple(found)
