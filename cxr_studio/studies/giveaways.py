"""Whether a finished bundle gives pairs away to somebody who does not look at the pictures but measures them."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import cut
from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.key import Key, KeyCase
from cxr_studio.studies.rendering import Shown, read_image

LEVEL = 0.01
"""A measure that tells the changed image with a P value below this is told to the owner."""

Measured = Callable[[Shown, NDArray[np.bool_]], float]


@dataclass(frozen=True)
class Giveaway:
    """One measure over all pairs.

    Attributes:
        name: What is measured.
        larger: Pairs in which the changed image has more of it.
        smaller: Pairs in which it has less.
        equal: Pairs in which both have the same.
    """

    name: str
    larger: int
    smaller: int
    equal: int

    @property
    def pairs(self) -> int:
        """All pairs."""
        return self.larger + self.smaller + self.equal

    @property
    def p_value(self) -> float:
        """Two-sided sign test against chance; 1 where no pair differs."""
        from scipy.stats import binomtest

        differing = self.larger + self.smaller
        return float(binomtest(self.larger, differing).pvalue) if differing else 1.0

    @property
    def tells(self) -> bool:
        """Whether a rule "the one with more" or its reverse is right more often than by chance."""
        return self.p_value < LEVEL


def giveaways(bundle: Bundle, key: Key) -> tuple[Giveaway, ...]:
    """Measure every main pair of a study: compressed size, and distinct grey levels in and around the change.

    Raises:
        BundleError: an image cannot be read.
    """
    main = [case for case in key.cases.values() if not (case.practice or case.catch)]
    pairs = [case for case in main if case.original and case.altered]
    signs = np.array([_signs(bundle, case) for case in pairs], int).reshape(len(pairs), len(MEASURES))
    return tuple(
        Giveaway(name, int((column > 0).sum()), int((column < 0).sum()), int((column == 0).sum()))
        for name, column in zip(MEASURES, signs.T, strict=True)
    )


def _signs(bundle: Bundle, case: KeyCase) -> list[int]:
    original, altered = (read_image(bundle.image(name)) for name in (case.original, case.altered))
    inside = np.zeros(case.shape, bool)
    for box in case.boxes:
        inside[cut(box)] = True
    return [int(np.sign(measure(altered, inside) - measure(original, inside))) for measure in MEASURES.values()]


def compressed_size(image: Shown, inside: NDArray[np.bool_]) -> float:  # noqa: ARG001
    """Bytes of the pixels, deflated as zip and PNG do."""
    return len(zlib.compress(image.tobytes(), 6))


def levels_inside(image: Shown, inside: NDArray[np.bool_]) -> float:
    """Distinct grey levels under the change's boxes."""
    return np.unique(image[inside]).size


def levels_outside(image: Shown, inside: NDArray[np.bool_]) -> float:
    """Distinct grey levels around them."""
    return np.unique(image[~inside]).size


def new_levels(image: Shown, inside: NDArray[np.bool_]) -> float:
    """Pixels under the boxes whose level the rest of the image never has."""
    return int((~np.isin(image[inside], np.unique(image[~inside]))).sum())


MEASURES: dict[str, Measured] = {
    "compressed size": compressed_size,
    "grey levels in the change": levels_inside,
    "grey levels around it": levels_outside,
    "pixels of a level found nowhere else": new_levels,
}
