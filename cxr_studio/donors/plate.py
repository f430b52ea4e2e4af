"""A plate: one radiograph, or the part of it that may give donors, on the working grid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import Box, Mask, cut

Unit = NDArray[np.float32]
"""Unit values ``float32 [H, W]``: 0 and 1 are the edges of the window that generators see."""

Shelf = Literal["own", "bank", "folder"]
"""Where a plate comes from: the radiograph itself, the bank that ships, the user's own healthy folder."""

COARSE = 8
"""Working pixels per coarse pixel: the first search is at an eighth."""


@dataclass(frozen=True, eq=False)
class Plate:
    """Pixels that may stand as donors.

    Attributes:
        name: File name of its radiograph, "" for the radiograph that is filled.
        patient: Whose radiograph it is.
        sha256: Hex digest of the file's bytes, "" where there is none.
        shelf: Where it comes from.
        load: Returns the stored values ``[H, W]``, of uint8, uint16 or float32; called for every window that is cut,
            so it remembers or maps them.
        step: Unit values per stored step.
        whole: Rows and columns of the whole radiograph on the working grid.
        corner: Where the plate's first pixel lies in it.
        coarse: Unit values ``float32 [h, w]`` at an eighth, by area.
        unknown: Pixels that are no measurement ``bool [H, W]``, or None where all are.
        scale: Pixels of its file per working pixel.
        base: Unit value of stored 0.
    """

    name: str
    patient: str
    sha256: str
    shelf: Shelf
    load: Callable[[], NDArray[Any]]
    step: float
    whole: tuple[int, int]
    corner: tuple[int, int]
    coarse: Unit = field(repr=False)
    unknown: Mask | None = field(default=None, repr=False)
    scale: float = 1.0
    base: float = 0.0

    @cached_property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the plate on the working grid."""
        height, width = self.load().shape
        return int(height), int(width)

    def cut(self, box: Box) -> Unit:
        """Unit values of a box that lies inside the plate."""
        return np.asarray(self.load()[cut(box)], np.float32) * np.float32(self.step) + np.float32(self.base)


def coarse_of(image: Unit, factor: int = COARSE) -> Unit:
    """Means over squares of ``factor`` pixels ``float32 [H // factor, W // factor]``; what is left over is dropped."""
    import cv2

    height, width = image.shape[0] // factor, image.shape[1] // factor
    whole = np.ascontiguousarray(image[: height * factor, : width * factor], np.float32)
    if not whole.size:
        return np.zeros((height, width), np.float32)
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA))


def plate_of(image: Unit, *, name: str, patient: str, shelf: Shelf = "folder", sha256: str = "") -> Plate:
    """A plate of a whole radiograph in memory.

    Args:
        image: Unit values ``float32 [H, W]`` on the working grid.
        name: Its file name.
        patient: Whose it is.
        shelf: Where it comes from.
        sha256: Of its file.
    """
    whole = int(image.shape[0]), int(image.shape[1])
    return Plate(name, patient, sha256, shelf, lambda: image, 1.0, whole, (0, 0), coarse_of(image))
