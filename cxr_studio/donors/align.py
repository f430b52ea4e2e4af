"""The third step: a donor is bent a little, so that ribs and vessels meet those around the hole.

A displacement field, smooth between few control points, is fitted to the ring by Gauss-Newton steps from coarse to
fine, with contrast and brightness; nothing of the hole takes part. Inside the hole the field runs on smoothly.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cxr_studio.donors.placement import Placement
from cxr_studio.donors.plate import Unit
from cxr_studio.donors.query import Query
from cxr_studio.donors.template import GAINS
from cxr_studio.threads import one_blas_thread

KNOTS = 5
"""Control points along a side of the window."""

SIDE = 64
"""Longest side in pixels at which the field is fitted."""

BLURS = (2.5, 2.5, 1.5, 1.0, 1.0)
"""Standard deviation of the Gaussian before each step, pixels of the fitted image."""

STIFFNESS = 0.03
"""Weight of the field's differences between control points, against the mean squared slope of the ring."""

TETHER = 0.002
"""Weight of the field itself, likewise."""

LONGEST = 0.14
"""Largest displacement as a share of the window's longest side."""

Field = NDArray[np.float32]
"""Displacements ``float32 [h, w, 2]``, x then y, in pixels of the window."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A donor, fitted.

    Attributes:
        placement: Where it lies.
        field: How it is bent.
        gain: Its contrast, within bounds.
        offset: What is added after that.
        cost: Mean squared difference on the ring, unit values, at the finest blur.
        bend: Root mean square displacement, pixels.
    """

    placement: Placement
    field: Field
    gain: float
    offset: float
    cost: float
    bend: float


def fit(query: Query, placement: Placement) -> Fit:
    """Bend one donor to the ring of a hole."""
    import cv2

    target = _target(query)
    size, basis = target.size, _basis(target.size)
    donor = np.asarray(cv2.resize(placement.window(query.shape), size, interpolation=cv2.INTER_AREA))
    knots = np.zeros((2, KNOTS * KNOTS), np.float32)
    limit = LONGEST * max(size)
    with one_blas_thread():
        for blur in BLURS:
            knots = np.clip(_step(target, donor, knots, basis=basis, blur=blur), -limit, limit)
    gain, offset, cost = _judged(target, _bent(donor, knots, basis), BLURS[-1])
    scale = np.float32(max(query.shape) / max(size))
    field = np.stack([(basis @ axis).reshape(size[::-1]) for axis in knots], axis=-1) * scale
    bend = float(np.sqrt((field**2).sum(axis=-1).mean()))
    whole = cv2.resize(field, query.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return Fit(placement, np.asarray(whole), gain, offset, cost, bend)


class _Target:
    """The ring at the size at which donors are fitted, with its blurred images."""

    def __init__(self, query: Query) -> None:
        import cv2

        scale = max(1.0, max(query.shape) / SIDE)
        self.size = size = max(4, round(query.shape[1] / scale)), max(4, round(query.shape[0] / scale))
        self._blurred: dict[float, tuple[Unit, Unit]] = {}
        known = (~query.unknown).astype(np.float32)
        self._known = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
        self._values = cv2.resize(
            np.where(query.unknown, np.float32(0), query.image), size, interpolation=cv2.INTER_AREA
        )
        weight = cv2.resize(query.weight, size, interpolation=cv2.INTER_AREA)
        self.weight = np.where(self._known > 0.99, weight, np.float32(0))
        self.used = np.flatnonzero(self.weight.ravel() > 0)
        share = self.weight.ravel()[self.used] / max(float(self.weight.sum()), 1e-9)
        self.share = np.asarray(share, np.float32)

    def blurred(self, blur: float) -> Unit:
        """Mean of the known pixels around each pixel of the ring ``float32 [n]``."""
        if blur not in self._blurred:
            total, share = (_blur(v, blur) for v in (self._values, self._known))
            share = np.maximum(share, np.float32(1e-3))
            self._blurred[blur] = (total / share).ravel()[self.used], share
        return self._blurred[blur][0]

    def like(self, donor: Unit, blur: float) -> Unit:
        """A donor, blurred over the same pixels."""
        self.blurred(blur)
        return np.asarray(_blur(donor * self._known, blur) / self._blurred[blur][1])


@lru_cache(maxsize=2)
def _target(query: Query) -> _Target:
    return _Target(query)


@lru_cache(maxsize=64)
def _basis(size: tuple[int, int]) -> NDArray[np.float32]:
    """Cubic B-splines of the control points ``float32 [h * w, KNOTS²]``."""
    across, down = (_splines(length) for length in size)
    return np.asarray(np.einsum("ya,xb->yxab", down, across).reshape(size[0] * size[1], KNOTS * KNOTS))


def _splines(length: int) -> NDArray[np.float32]:
    place = np.linspace(0, KNOTS - 1, length)[:, None]
    away = np.abs(place - np.arange(KNOTS)[None])
    value = np.where(away < 1, 2 / 3 - away**2 + away**3 / 2, np.where(away < 2, (2 - away) ** 3 / 6, 0.0))
    return np.asarray(value / value.sum(axis=1, keepdims=True), np.float32)


def _bent(donor: Unit, knots: NDArray[np.float32], basis: NDArray[np.float32]) -> Unit:
    import cv2

    height, width = donor.shape
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    across, down = ((basis @ axis).reshape(height, width) for axis in knots)
    return np.asarray(
        cv2.remap(donor, columns + across, rows + down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    )


def _step(
    target: _Target, donor: Unit, knots: NDArray[np.float32], *, basis: NDArray[np.float32], blur: float
) -> NDArray[np.float32]:
    """One Gauss-Newton step."""
    used, share = target.used, target.share
    wanted = target.blurred(blur)
    smooth = target.like(_bent(donor, knots, basis), blur)
    gain, offset = _grey(wanted, smooth.ravel()[used], share)
    slopes = [np.gradient(smooth, axis=axis).ravel()[used] * np.float32(gain) for axis in (1, 0)]
    gap = wanted - np.float32(gain) * smooth.ravel()[used] - np.float32(offset)
    spread = float(np.sqrt((share * gap**2).sum())) + 1e-6
    robust = share / (1 + (gap / (2 * spread)) ** 2)
    part = basis[used]
    design = np.hstack([part * slope[:, None] for slope in slopes])
    level = float((robust * (slopes[0] ** 2 + slopes[1] ** 2)).sum()) / 2 + 1e-9
    stiff = np.kron(np.eye(2), STIFFNESS * level * _stiffness() + TETHER * level * np.eye(KNOTS * KNOTS))
    normal = (design * robust[:, None]).T @ design + stiff
    right = design.T @ (robust * gap) - stiff @ knots.ravel()
    return (knots.ravel() + np.linalg.solve(normal, right)).reshape(2, -1).astype(np.float32)


@lru_cache(maxsize=1)
def _stiffness() -> NDArray[np.float64]:
    """Sum of squared differences of neighbouring control points, as a matrix."""
    line = np.diff(np.eye(KNOTS), axis=0)
    along = line.T @ line
    return np.asarray(np.kron(along, np.eye(KNOTS)) + np.kron(np.eye(KNOTS), along))


def _grey(wanted: Unit, given: Unit, share: Unit) -> tuple[float, float]:
    """Contrast within bounds and brightness that bring a donor nearest."""
    mean, middle = float((share * wanted).sum()), float((share * given).sum())
    variances = [float((share * (one - level) ** 2).sum()) for one, level in ((wanted, mean), (given, middle))]
    gain = float(np.clip(np.sqrt(variances[0] / max(variances[1], 1e-12)), *GAINS))
    return gain, mean - gain * middle


def _judged(target: _Target, donor: Unit, blur: float) -> tuple[float, float, float]:
    wanted = target.blurred(blur)
    given = target.like(donor, blur).ravel()[target.used]
    gain, offset = _grey(wanted, given, target.share)
    return gain, offset, float((target.share * (wanted - gain * given - offset) ** 2).sum())


def _blur(image: Unit, sigma: float) -> Unit:
    import cv2

    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma))
