"""A decoded picture file: its channels at full depth, its opacity, the way up that it asks for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import ReadError

TURNED = range(2, 9)
"""Values of the tag Orientation that move pixels (TIFF 6.0; Exif has the same)."""

BACK = {6: 8, 8: 6}
"""Orientation → the one that undoes it, where that is another."""

ASIDE = range(5, 9)
"""Of them those that exchange rows and columns."""


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture.

    Attributes:
        values: ``[H, W]`` for one channel, ``[H, W, 3]`` for colour, bright = large, of whatever dtype the file has
            (bool for one bit).
        opacity: ``[H, W]``, 0 = nothing there, or None where the file has none.
        format: "png", "tiff", "jpeg" or another in lower case.
        text: Text fields of the file.
        orientation: The file's Orientation, 1 to 8; ``values`` and ``opacity`` are turned by it already.
    """

    values: NDArray[Any]
    opacity: NDArray[Any] | None
    format: str
    text: dict[str, str] = field(default_factory=dict)
    orientation: int = 1

    @property
    def turned(self) -> bool:
        """Whether the file asked for another way up than it is stored in."""
        return self.orientation in TURNED

    @property
    def aside(self) -> bool:
        """Whether rows and columns were exchanged."""
        return self.orientation in ASIDE


def upright(picture: Picture) -> Picture:
    """Turn a picture as its Orientation asks; an Orientation that means nothing is left out."""
    if not picture.turned:
        return replace(picture, orientation=1)
    opacity = None if picture.opacity is None else turned(picture.opacity, picture.orientation)
    return replace(picture, values=turned(picture.values, picture.orientation), opacity=opacity)


def turned(values: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Move rows and columns to where a viewer shows them (TIFF 6.0, Orientation); others than 2 to 8 move nothing."""
    if orientation in ASIDE:
        values = values.swapaxes(0, 1)
    upside = orientation in (3, 4, 7, 8)
    mirrored = orientation in (2, 3, 6, 7)
    return np.ascontiguousarray(values[:: -1 if upside else 1, :: -1 if mirrored else 1])


def unsupported(kind: str, why: str, path: Path) -> ReadError:
    """The error for a whole file of a kind that is not read."""
    return ReadError(
        f"this kind of {kind} is not supported ({why})", file=path, remedy="Save it as grey of 8 or 16 bits"
    )
