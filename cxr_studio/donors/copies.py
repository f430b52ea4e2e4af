"""Copies: the same radiograph in the bank or the folder must not give back what was removed.

Two tests, for copies that lie alike and for those that are cropped, shifted or of another size: whole plates whose fine
structure at an eighth is that of the radiograph, and windows whose ring has the very noise of the hole's ring. Other
radiographs, the same patient's too, share neither.
"""

from __future__ import annotations

import numpy as np

from cxr_studio.donors.compose import Canvas
from cxr_studio.donors.plate import COARSE, Plate, Unit
from cxr_studio.masks.boxes import Mask

ALIKE = 0.75
"""Correlation of the fine structure at an eighth above which two plates are one radiograph: between 0.89 and 1.00 for
copies (JPEG at quality 50, halved, another gamma), at most 0.52 for different ones."""

SAME_NOISE = 0.6
"""Correlation of the rings' fine structure above which a window is the hole's own: at least 0.83 for copies (shifted,
mirrored, turned, scaled, compressed), at most 0.37 for other radiographs, of the same patient too."""

BAND = (0.8, 2.5)
"""Standard deviations in pixels of the Gaussians between which a ring's fine structure lies."""

COARSE_BAND = 1.5
"""Standard deviation in coarse pixels of the Gaussian that is taken off a plate."""


class Original:
    """The radiograph that is filled, to be compared with other plates.

    Args:
        own: Its plate.
    """

    def __init__(self, own: Plate) -> None:
        self._plate = own
        self._fine = _fine(own.coarse)
        self._known = np.ones(own.coarse.shape, bool) if own.unknown is None else ~_coarse_unknown(own.unknown)

    def is_shown_by(self, other: Plate) -> bool:
        """Whether a plate shows it too, in the same place and size (greys and noise may differ)."""
        if self._plate.whole != other.whole:
            return False
        top, left = (round(v / COARSE) for v in other.corner)
        height, width = other.coarse.shape
        part = self._fine[top : top + height, left : left + width]
        theirs = _fine(other.coarse)[: part.shape[0], : part.shape[1]]
        known = self._known[top : top + height, left : left + width]
        return min(part.shape, default=0) > 2 and _correlation(part, theirs, known) > ALIKE


def same_noise(canvas: Canvas, donor: Unit) -> float:
    """Correlation of the fine structure of a donor's ring with that of the hole's."""
    known = (~canvas.unknown).astype(np.float32)
    return _correlation(_between(canvas.image, known), _between(donor, known), ~canvas.unknown)


def is_copy(canvas: Canvas, donor: Unit) -> bool:
    """Whether a donor, fitted to a hole, is the radiograph's own window there."""
    return same_noise(canvas, donor) > SAME_NOISE


def _coarse_unknown(unknown: Mask) -> Mask:
    height, width = unknown.shape[0] // COARSE, unknown.shape[1] // COARSE
    squares = unknown[: height * COARSE, : width * COARSE].reshape(height, COARSE, width, COARSE)
    return np.asarray(squares.any(axis=(1, 3)))


def _fine(image: Unit) -> Unit:
    import cv2

    return np.asarray(image - cv2.GaussianBlur(image, (0, 0), COARSE_BAND))


def _between(image: Unit, known: Unit) -> Unit:
    import cv2

    def mean(sigma: float) -> Unit:
        total, share = (cv2.GaussianBlur(v, (0, 0), sigma) for v in (image * known, known))
        return np.asarray(total / np.maximum(share, np.float32(1e-3)))

    return mean(BAND[0]) - mean(BAND[1])


def _correlation(one: Unit, other: Unit, known: Mask) -> float:
    if not known.any():
        return 0.0
    first, second = one[known] - one[known].mean(), other[known] - other[known].mean()
    spread = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return float((first * second).sum()) / spread if spread > 0 else 0.0
