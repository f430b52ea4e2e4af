"""How a nodule that is there looks: contrast, edge and size, by fitting a soft ellipsoid to the image in its box.

The same is done to real nodules, whose outline nobody knows, and to drawn ones as if theirs were not known, so that
both carry the same errors. The model is the thickness of an ellipsoid along the ray, blurred by a Gaussian, on ground
that slopes: ``A · sqrt(1 - r²) ⊗ G(edge) + a + b·y + c·x``. Its place, axes, turn and edge are searched; A, a, b and c
follow by least squares, in which what fits badly (a rib, a vessel) counts less.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.masks.boxes import Box, clip, cut

Values = NDArray[np.float64]

SIDE = 30
"""Longest side of a box in pixels at which it is fitted; a larger one is shrunk."""

MARGIN = 0.3
"""Ground around the box that the fit sees, share of its longest side."""

STARTS = 0.3, 0.6
"""First diameters, share of the box's longest side: boxes are loose by an unknown amount."""

DIAMETERS = 0.15, 1.1
"""Least and largest diameter that is believed, share of the box's longest side."""

EDGES = 0.05, 0.7
"""Least and largest edge that is believed, share of the mean radius."""

ROUNDS = 2
"""Times that what fits badly is given less weight."""

STEPS = 14
"""Steps of one search."""


@dataclass(frozen=True)
class Appearance:
    """How one nodule looks.

    Attributes:
        y: Row of its centre, pixels of the image.
        x: Column of its centre.
        diameter: Mean of both axes, pixels.
        ratio: Minor over major axis, 0 to 1.
        contrast: What it adds at its middle before the blur, in the image's values; above 0.
        edge: Standard deviation of the Gaussian that its edge is blurred by, share of the mean radius.
        noise: Spread of what the fit leaves, in the image's values; of the shrunk crop where the box is large.
    """

    y: float
    x: float
    diameter: float
    ratio: float
    contrast: float
    edge: float
    noise: float


@dataclass(frozen=True, eq=False)
class _Crop:
    """The part of an image that is fitted, shrunk; ``box`` is the nodule's box in it."""

    values: Values
    box: tuple[float, float, float, float]
    scale: float
    top: int
    left: int

    @property
    def side(self) -> float:
        """Longest side of the box."""
        return max(self.box[2] - self.box[0], self.box[3] - self.box[1])


def measure(image: Plane, box: Box) -> Appearance | None:
    """Fit the model to the nodule in a box.

    Args:
        image: ``float32 [H, W]``, in any values of which larger ones are denser.
        box: ``y0, x0, y1, x1``; the nodule's middle lies inside, and nothing says how tightly it is boxed.

    Returns:
        None where no dense spot fits.
    """
    from scipy.optimize import least_squares

    crop = _crop(image, box)
    if min(crop.values.shape) < 8:
        return None
    low, high = _bounds(crop)
    searches = [
        least_squares(
            _left, _start(crop, share).clip(low, high), args=(crop,), bounds=(low, high), max_nfev=STEPS, diff_step=1e-3
        )
        for share in STARTS
    ]
    best = min(searches, key=lambda search: float(search.cost)).x
    weights, left, trust = _solved(_body(best, crop.values.shape), crop.values)
    noise = float(np.sqrt((trust * left**2).sum() / trust.sum()))
    if weights[0] <= 0:
        return None
    return Appearance(
        y=crop.top + float(best[0] + 0.5) * crop.scale - 0.5,
        x=crop.left + float(best[1] + 0.5) * crop.scale - 0.5,
        diameter=2 * float(np.exp(best[2])) * crop.scale,
        ratio=float(np.exp(-2 * abs(best[3]))),
        contrast=float(weights[0]),
        edge=float(np.exp(best[5])),
        noise=noise,
    )


def _crop(image: Plane, box: Box) -> _Crop:
    import cv2

    longest = max(box[2] - box[0], box[3] - box[1])
    margin = max(4, round(MARGIN * longest))
    wide = clip((box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin), image.shape)
    scale = max(1.0, longest / SIDE)
    part = np.asarray(image[cut(wide)], np.float32)
    if scale > 1:
        size = max(1, round(part.shape[1] / scale)), max(1, round(part.shape[0] / scale))
        part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA))
    y0, x0, y1, x1 = ((value - wide[k % 2]) / scale for k, value in enumerate(box))
    return _Crop(part.astype(np.float64), (y0, x0, y1, x1), scale, wide[0], wide[1])


def _start(crop: _Crop, share: float) -> Values:
    """A round spot of a share of the box, where the image smoothed at that size is highest over its surroundings."""
    import cv2

    sigma = max(1.0, share * crop.side / 4)
    values = crop.values.astype(np.float32)
    spots = cv2.GaussianBlur(values, (0, 0), sigma) - cv2.GaussianBlur(values, (0, 0), 2.5 * sigma)
    y0, x0, y1, x1 = (round(value) for value in crop.box)
    inner = clip((y0 + (y1 - y0) // 5, x0 + (x1 - x0) // 5, y1 - (y1 - y0) // 5, x1 - (x1 - x0) // 5), spots.shape)
    y, x = np.unravel_index(int(spots[cut(inner)].argmax()), spots[cut(inner)].shape)
    return np.array([inner[0] + y, inner[1] + x, np.log(share * crop.side / 2), 0.1, 0.5, np.log(0.25)])


def _bounds(crop: _Crop) -> tuple[Values, Values]:
    """Least and largest of the six parameters."""
    y0, x0, y1, x1 = crop.box
    small, large = np.log(0.5 * np.array(DIAMETERS) * crop.side)
    low = [y0, x0, small, -0.5, -np.pi, np.log(EDGES[0])]
    return np.array(low), np.array([y1, x1, large, 0.5, np.pi, np.log(EDGES[1])])


def _left(at: Values, crop: _Crop) -> Values:
    """What the model leaves at every pixel, weighted; all of the image where the spot would be darker."""
    weights, left, trust = _solved(_body(at, crop.values.shape), crop.values)
    if weights[0] <= 0:
        left, trust = crop.values.ravel() - np.median(crop.values), np.ones(left.size)
    return np.asarray(np.sqrt(trust) * left)


def _body(at: Values, shape: tuple[int, ...]) -> Values:
    """The blurred thickness of the ellipsoid, 1 at the middle before the blur."""
    import cv2

    cy, cx, log_radius, squash, turn, log_edge = (float(value) for value in at)
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    down, across = rows - cy, columns - cx
    radius, cosine, sine = np.exp(np.clip(log_radius, -2, 6)), np.cos(turn), np.sin(turn)
    along = (down * cosine + across * sine) / (radius * np.exp(squash))
    beside = (across * cosine - down * sine) / (radius * np.exp(-squash))
    body = np.sqrt(np.maximum(1 - along**2 - beside**2, 0))
    sigma = max(0.4, radius * np.exp(np.clip(log_edge, -4, 1)))
    return np.asarray(cv2.GaussianBlur(body, (0, 0), min(sigma, 0.5 * max(shape)), borderType=cv2.BORDER_REPLICATE))


def _solved(body: Values, values: Values) -> tuple[Values, Values, Values]:
    """Amplitude and sloping ground by least squares with Huber's weights; what is left; the weights."""
    height, width = values.shape
    rows, columns = (np.linspace(-1, 1, n) for n in (height, width))
    ground = np.ones_like(values), np.repeat(rows[:, None], width, 1), np.repeat(columns[None], height, 0)
    terms = np.stack([body, *ground]).reshape(4, -1)
    known: Values = values.ravel()
    trust: Values = np.ones(values.size)
    found: Values = np.zeros(4)
    left: Values = np.array(known)
    for _ in range(1 + ROUNDS):
        weighted = terms * trust
        found = np.asarray(np.linalg.solve(weighted @ terms.T + 1e-9 * values.size * np.eye(4), weighted @ known))
        left = np.asarray(known - found @ terms)
        spread = 1.4826 * float(np.median(np.abs(left))) + 1e-9
        trust = np.asarray(1 / np.maximum(1.0, np.abs(left) / (1.5 * spread)))
    return np.asarray(found), np.asarray(left), np.asarray(trust)
