"""Diameter of a shape, and bringing a shape to a wanted diameter (Shen et al., size modulation)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import GeneratorError
from cxr_studio.masks.boxes import Mask, bounding_box, cut

PATCH_SIDE = 256
"""Side in pixels of the matrix that a shape is centred on (Shen et al.)."""

NEAR_ENOUGH = 0.05
"""Pixels between the wanted and the reached diameter at which no better scale is looked for."""

GOOD_ENOUGH = 0.2
"""Pixels of error above which the scales around the best are all tried: a shape with a thin neck jumps."""

SPREAD = 0.04
"""Share of the scale within which they are tried."""

TRIES = 12


def diameter(mask: Mask) -> float:
    """Mean of the major and minor axes of the ellipse with the same normalised second central moments, in pixels.

    Each pixel counts as a unit square, whose own second moment is 1/12, as in MATLAB's regionprops; scikit-image leaves
    that out, which makes small shapes up to 0.1 px smaller.

    Args:
        mask: ``bool [H, W]``; 0.0 for an empty one.
    """
    major, minor = axes(mask)
    return (major + minor) / 2


def axes(mask: Mask) -> tuple[float, float]:
    """Major and minor axis of that ellipse, in pixels."""
    y, x = np.nonzero(mask)
    if not y.size:
        return 0.0, 0.0
    spread = np.cov(np.stack([y, x]).astype(np.float64), bias=True) if y.size > 1 else np.zeros((2, 2))
    small, large = np.linalg.eigvalsh(spread + np.eye(2) / 12)
    return float(4 * np.sqrt(large)), float(4 * np.sqrt(small))


def modulated(shape: Mask, wanted: float, *, side: int = PATCH_SIDE) -> Mask:
    """Bring a shape to a diameter, centred on a matrix of zeros.

    The paper's steps: nearest upsampling to ``side``, crop to the bounding box, scale by wanted over present diameter,
    centre. The scale is then corrected until the reached diameter, which pixels round, is nearest to the wanted one.

    Args:
        shape: ``bool [h, w]``, not empty.
        wanted: Diameter in pixels.
        side: Side of the matrix.

    Returns:
        ``bool [side, side]``.

    Raises:
        GeneratorError: the shape is empty, or larger than the matrix at that diameter.
    """
    import cv2

    box = bounding_box(shape)
    if box is None:
        raise GeneratorError("the shape is empty", remedy="Choose another shape")
    large = cv2.resize(shape[cut(box)].astype(np.uint8), (side, side * (box[2] - box[0]) // (box[3] - box[1]) or 1),
                       interpolation=cv2.INTER_NEAREST)  # fmt: skip
    field = cv2.distanceTransform(np.pad(large, 2), cv2.DIST_L2, 5) - cv2.distanceTransform(
        np.pad(1 - large, 2, constant_values=1), cv2.DIST_L2, 5
    )
    return fitted(lambda scale: _centred(field, scale, side), wanted, start=wanted / diameter(large > 0))


def fitted(drawn: Callable[[float], Mask], wanted: float, *, start: float) -> Mask:
    """Draw a shape at the scale that brings it nearest to a diameter.

    Args:
        drawn: Draws the shape at a scale; raises GeneratorError when it does not fit.
        wanted: Diameter in pixels.
        start: A first scale.
    """
    return drawn(scale_for(drawn, wanted, start=start))


def scale_for(drawn: Callable[[float], Mask], wanted: float, *, start: float) -> float:
    """Scale at which a drawn shape is nearest to a diameter; see ``fitted``."""
    best, scale, least = start, start, np.inf
    for _ in range(TRIES):
        reached = diameter(drawn(scale))
        error = abs(reached - wanted)
        if error < least:
            best, least = scale, error
        if error < NEAR_ENOUGH or reached == 0:
            break
        scale *= 1 + 0.8 * (wanted / reached - 1)
    if least <= GOOD_ENOUGH:
        return float(best)
    near = [best * (1 + share) for share in np.linspace(-SPREAD, SPREAD, 2 * TRIES + 1)]
    return float(min(near, key=lambda s: abs(diameter(drawn(s)) - wanted)))


def _centred(field: NDArray[np.float32], scale: float, side: int) -> Mask:
    """The part of a signed distance field above zero, scaled about its middle, on a square matrix."""
    import cv2

    height, width = field.shape
    if max((height - 4) * scale, (width - 4) * scale) > side:
        raise GeneratorError(
            f"a nodule of this size and shape is larger than the patch of {side} pixels", remedy="Choose a smaller one"
        )
    step = 1 / scale
    origin = (height - 1) / 2 - step * (side - 1) / 2, (width - 1) / 2 - step * (side - 1) / 2
    matrix = np.array([[step, 0, origin[1]], [0, step, origin[0]]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    outside = float(field.min())
    drawn = cv2.warpAffine(
        field, matrix, (side, side), flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=outside
    )
    return np.asarray(drawn > 0)
