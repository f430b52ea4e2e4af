"""Shapes are drawn until one has the margin that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from cxr_studio.nodules.margin import Margin, Outline

T = TypeVar("T")

TRIES = 24
"""Shapes that are drawn at most: one in 1,000 searches for a lobulated one fails at that."""

STRIDE = 1_000_003
"""Between the seeds of two tries, so that neighbouring seeds do not find the same shape."""


@dataclass(frozen=True, eq=False)
class Found(Generic[T]):
    """A shape.

    Attributes:
        shape: Of the kind that was drawn.
        outline: Its figures.
        missed: A sentence where none had the margin, else "".
    """

    shape: T
    outline: Outline
    missed: str = ""


def found_margin(
    draw: Callable[[int], T], measure: Callable[[T], Outline], wanted: Margin | None, *, seed: int
) -> Found[T]:
    """Draw shapes until one has a margin; the same seed finds the same one.

    Args:
        draw: Draws a shape by its seed.
        measure: Measures its silhouette.
        wanted: None takes the first.
        seed: Of the first try.

    Returns:
        The first that has it, else the nearest of ``TRIES``.
    """
    tried: list[tuple[T, Outline]] = []
    for k in range(1 if wanted is None else TRIES):
        shape = draw(seed + k * STRIDE)
        outline = measure(shape)
        if wanted is None or outline.margin is wanted:
            return Found(shape, outline)
        tried.append((shape, outline))
    assert wanted is not None
    shape, outline = min(tried, key=lambda one: one[1].lacks(wanted))
    return Found(shape, outline, _sentence(wanted, outline))


def stated(outline: Outline) -> dict[str, object]:
    """An outline's figures as JSON values, rounded, for provenance and exports."""
    return {
        "margin": str(outline.margin or ""),
        "concavities": outline.concavities,
        "spicules": outline.spicules,
        "solidity": round(outline.solidity, 3),
        "roughness": round(outline.roughness, 3),
    }


def _sentence(wanted: Margin, outline: Outline) -> str:
    parts = f"concavities: {outline.concavities}, spicules: {outline.spicules}"
    return f"None of {TRIES} shapes is {wanted}; the nearest was drawn ({parts})."
