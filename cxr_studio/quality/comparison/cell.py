"""One cell of the comparison: the filled crop and its figures."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isnan
from typing import Any

from cxr_studio.arrays import Plane
from cxr_studio.metrics.frechet import Moments

NAN = float("nan")


def figure(value: Any) -> float:
    """A number that was read; what is no number is ``NAN`` itself, which unlike any other equals itself in a tuple."""
    found = float(value)
    return NAN if isnan(found) else found


@dataclass(frozen=True)
class CellScores:
    """Figures of one cell; NaN where there is nothing to compare with.

    Attributes:
        psnr_db: Over the hole's pixels, on the scale on which the window's edges are 0 and 255; dB.
        mae: Mean absolute error over the hole's pixels on that scale.
        ssim: Mean structural similarity over the hole's pixels, whose windows see the surroundings.
        grain: Standard deviation of the Laplacian in the hole, filled over original; 1 = the same grain.
        seam: Gradient across the hole's boundary over that near it; 1 = no seam.
        known: Whether the shipped location-known observer picks the original, 0 to 1.
        human: Whether the shipped human-like observer does.
        milliseconds: To fill it, the network loaded.
    """

    psnr_db: float = NAN
    mae: float = NAN
    ssim: float = NAN
    grain: float = NAN
    seam: float = NAN
    known: float = NAN
    human: float = NAN
    milliseconds: float = NAN

    def as_dict(self) -> dict[str, float]:
        """By name."""
        return {name: float(getattr(self, name)) for name in FIGURES}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> CellScores:
        """The reverse of ``as_dict``; what is missing is ``NAN`` itself, so that scores read again equal those written.

        Raises:
            KeyError: a figure is missing.
        """
        return cls(**{name: figure(values[name]) for name in FIGURES})


FIGURES = tuple(one.name for one in fields(CellScores))
"""Names of a cell's figures."""


@dataclass(frozen=True, eq=False)
class Cell:
    """A case filled by a column's generator.

    Attributes:
        filled: The case's crop after filling, unit values ``float32 [h, w]``; equal to its original outside the hole.
        scores: Its figures.
        moments: Of the features under the hole, for the column's Fréchet distance; None where it has none.
    """

    filled: Plane
    scores: CellScores
    moments: Moments | None = None
