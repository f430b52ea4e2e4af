"""Shelves of plates, each with the spectra of its plates at the scales that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

import numpy as np

from cxr_studio.donors.plate import COARSE, Plate, Unit, coarse_of
from cxr_studio.donors.template import Spectra, spectra_of

LEAST_SIDE = 8
"""Coarse pixels a side below which a plate is not searched at a scale."""


class Shelf:
    """Plates that are searched together.

    Args:
        plates: In an order that does not change.

    Attributes:
        plates: The plates.
    """

    def __init__(self, plates: Sequence[Plate]) -> None:
        self.plates = tuple(plates)
        self._spectra: dict[int, Spectra] = {}
        self._lock = Lock()

    def spectra(self, factor: int) -> Spectra:
        """Spectra of all plates at ``factor`` working pixels a pixel (8, 16, 32 …); there is a plate at least."""
        with self._lock:
            if factor not in self._spectra:
                self._spectra[factor] = spectra_of([coarse_at(plate, factor) for plate in self.plates])
            return self._spectra[factor]


def coarse_at(plate: Plate, factor: int) -> Unit:
    """A plate at ``factor`` working pixels a pixel; one too small for that is a single flat pixel, never a donor."""
    times = factor // COARSE
    image = plate.coarse if times == 1 else coarse_of(plate.coarse, times)
    return image if min(image.shape, default=0) >= LEAST_SIDE else np.zeros((1, 1), np.float32)
