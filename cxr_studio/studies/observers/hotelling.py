"""A channelized Hotelling observer that is told where the change is (or would be).

Channels are dense differences of Gaussians (Abbey and Barrett 2001): σ₀ = 0.005 cycles a pixel, α = 1.4, Q = 1.67, ten
of them. A nodule has a profile, which the channels' responses in its centre catch; an inpainting has none, so the log
of each channel's energy inside the area is added. Template: w = S⁻¹ (m₁ − m₀) of the other patients' images.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.events import Progress, silent
from cxr_studio.masks.boxes import Box
from cxr_studio.networks.observer import Training, folds_of
from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.observers.images import ObservedImage, Picture, Scores, pictures, thresholds_of

CHANNELS, FIRST, RATIO, WIDTH = 10, 0.005, 1.4, 1.67
"""Number of channels, σ of the first in cycles a pixel, ratio of neighbours, Q."""

PATCH = 128
"""Side of the patch that is filtered, image pixels."""

RIDGE = 0.05
"""Added to the diagonal of the correlation matrix, since there are few images for so many channels."""


def hotelling_scores(
    bundle: Bundle, images: list[ObservedImage], training: Training, progress: Progress = silent
) -> Scores:
    """Score every image by a template of the other patients' images; ``training.epochs`` does not matter.

    Images without a place of their own (real images shown alone) get the place of another case, drawn by the seed.
    Such a place may lie outside the lungs of its new patient, which flatters this observer.

    Raises:
        StudioError: an image cannot be read, or there are too few patients for the folds.
    """
    parts = folds_of([image.group for image in images], folds=training.folds, seed=training.seed)
    places = _places(images, np.random.default_rng([training.seed, 0xC40]))
    features = np.empty((len(images), 2 * CHANNELS))
    for k, (image, picture) in enumerate(pictures(bundle, images)):
        features[k] = channel_features(picture, places[image.name])
        progress((k + 1) / len(images), f"image {k + 1} of {len(images)}")
    changed = np.array([image.changed for image in images])
    usable = np.array([not image.catch for image in images])
    values = np.empty(len(images))
    for fold in range(training.folds):
        held = parts == fold
        kept = ~held & usable
        values[held] = features[held] @ template(features[kept], changed[kept])
    names = [image.name for image in images]
    limits = thresholds_of(images, values, parts)
    return Scores(dict(zip(names, values.tolist(), strict=True)), dict(zip(names, limits.tolist(), strict=True)))


def channel_features(picture: Picture, box: Box) -> NDArray[np.float64]:
    """Responses in the centre of ``box``, then log energies inside it, a value a channel ``[2 · CHANNELS]``."""
    side = PATCH
    centre_y, centre_x = (box[0] + box[2]) // 2, (box[1] + box[3]) // 2
    wide = np.pad(picture, side // 2, mode="reflect" if min(picture.shape) > side // 2 else "symmetric")
    patch = wide[centre_y : centre_y + side, centre_x : centre_x + side].astype(np.float64)
    filtered = np.fft.ifft2(np.fft.fft2(patch - patch.mean()) * channels(side)).real
    half_y, half_x = (max(4, min(side, length) // 2) for length in (box[2] - box[0], box[3] - box[1]))
    middle = side // 2
    inside = filtered[:, middle - half_y : middle + half_y, middle - half_x : middle + half_x]
    energies = np.log((inside**2).mean((1, 2)) + 1e-12)
    return np.concatenate((filtered[:, middle, middle], energies))


def channels(side: int) -> NDArray[np.float64]:
    """Frequency responses of the channels ``[CHANNELS, side, side]``, in the order of ``numpy.fft``."""
    frequency = np.fft.fftfreq(side)
    radius = np.hypot(frequency[:, None], frequency[None])[None]
    sigma = FIRST * RATIO ** np.arange(CHANNELS)[:, None, None]
    return np.asarray(np.exp(-((radius / (WIDTH * sigma)) ** 2) / 2) - np.exp(-((radius / sigma) ** 2) / 2))


def template(features: NDArray[np.float64], changed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights ``[C]`` of the Hotelling observer for features ``[N, C]``.

    Raises:
        ObserverError: all the images are alike in kind.
    """
    from cxr_studio.networks.observer import ObserverError

    if changed.all() or not changed.any():
        raise ObserverError("an observer would be trained on one class only", remedy="Use fewer folds")
    means = [features[changed == kind].mean(0) for kind in (False, True)]
    spread = np.mean(
        [np.atleast_2d(np.cov(features[changed == kind], rowvar=False, ddof=0)) for kind in (False, True)], 0
    )
    scale = np.sqrt(np.diag(spread)) + 1e-9
    correlation = spread / np.outer(scale, scale) + RIDGE * np.eye(len(scale))
    return np.asarray(np.linalg.solve(correlation, (means[1] - means[0]) / scale) / scale)


def _places(images: list[ObservedImage], rng: np.random.Generator) -> dict[str, Box]:
    known = [image.boxes[0] for image in images if image.boxes]
    centre: Box = (0, 0, PATCH, PATCH)
    drawn = [known[int(k)] if known else centre for k in rng.integers(0, max(1, len(known)), len(images))]
    return {image.name: image.boxes[0] if image.boxes else box for image, box in zip(images, drawn, strict=True)}
