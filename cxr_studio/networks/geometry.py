"""What a network of each role sees and draws: the part of a card that decides how a radiograph becomes its input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


class Sizes(Protocol):
    """A card, as far as it says sizes."""

    @property
    def input_side(self) -> int:
        """See Card."""

    @property
    def hole_side(self) -> int:
        """See Card."""

    @property
    def base(self) -> str:
        """See Card."""

    @property
    def mm_per_pixel(self) -> float:
        """See Card."""

    @property
    def reference_side(self) -> int:
        """See Card."""

    @property
    def labels(self) -> tuple[str, ...]:
        """See Card."""


@dataclass(frozen=True)
class HoleGeometry:
    """Role "restore": a square of its own pixels, of which the central one is filled.

    Attributes:
        input_side: Side of what it sees, in its own pixels.
        hole_side: Side of what it fills.
        mm_per_pixel: Size of its pixel, mm; 0 where it sees whole radiographs.
        reference_side: Longest side of a radiograph without spacing in its pixels; 0 where it sees whole ones.
        base: What stands in the hole: "blank", "biharmonic", or the name of a restore generator.
    """

    input_side: int
    hole_side: int
    mm_per_pixel: float
    reference_side: int
    base: str

    @classmethod
    def of(cls, card: Sizes) -> HoleGeometry:
        """What a card says."""
        return cls(card.input_side, card.hole_side, card.mm_per_pixel, card.reference_side, card.base)

    @property
    def words(self) -> str:
        """What the network sees and fills."""
        sides = f"{self.hole_side} × {self.hole_side} of {self.input_side} × {self.input_side} px"
        return f"{sides}, {self.mm_per_pixel:.3f} mm each" if self.mm_per_pixel else f"{sides} of the whole image"

    def faults(self) -> Iterator[str]:
        """What cannot be."""
        if not 0 < self.hole_side <= self.input_side:
            yield f"hole_side is {self.hole_side}, not between 1 and input_side ({self.input_side})"
        if self.mm_per_pixel and not self.reference_side:
            yield "reference_side is 0, so a radiograph without spacing has no size for it"
        if not self.base:
            yield 'base is "", not blank, biharmonic or the name of a generator'


@dataclass(frozen=True)
class PatchGeometry:
    """Role "insert": a patch of its own pixels.

    Attributes:
        input_side: Side of the patches that it was trained on.
        mm_per_pixel: Size of its pixel, mm.
        reference_side: Longest side of a radiograph without spacing in its pixels.
    """

    input_side: int
    mm_per_pixel: float
    reference_side: int

    @classmethod
    def of(cls, card: Sizes) -> PatchGeometry:
        """What a card says."""
        return cls(card.input_side, card.mm_per_pixel, card.reference_side)

    @property
    def words(self) -> str:
        """What the network sees."""
        return f"patches like {self.input_side} × {self.input_side} px, {self.mm_per_pixel:.3f} mm each"

    def faults(self) -> Iterator[str]:
        """What cannot be."""
        if not self.input_side:
            yield "input_side is 0"
        if not self.mm_per_pixel:
            yield "mm_per_pixel is 0, so a nodule has no size for it"
        if not self.reference_side:
            yield "reference_side is 0, so a radiograph without spacing has no size for it"


@dataclass(frozen=True)
class SquareGeometry:
    """Roles "surround" and "translate", and the parts "segment" and "shape": a square with the whole image.

    Attributes:
        input_side: Side of the square, pixels.
        labels: Findings that it can draw, of role "translate" alone.
        blanked: Whether a region that is to be repaired is hidden from it.
    """

    input_side: int
    labels: tuple[str, ...] = ()
    blanked: bool = False

    @classmethod
    def of(cls, card: Sizes) -> SquareGeometry:
        """What a card says."""
        return cls(card.input_side, card.labels, card.base == "blank")

    @property
    def words(self) -> str:
        """What the network sees."""
        return f"the whole image as {self.input_side} × {self.input_side} px"

    def faults(self) -> Iterator[str]:
        """What cannot be."""
        if not self.input_side:
            yield "input_side is 0"
        if len(set(self.labels)) < len(self.labels):
            yield "two labels are the same"


Geometry = HoleGeometry | PatchGeometry | SquareGeometry
