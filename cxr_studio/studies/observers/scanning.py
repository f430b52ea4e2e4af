"""The convolutional observer: it does not know where a change is, and scans every image in small windows.

In each fold a network learns windows around the changes of the other patients' images against windows without one. Its
score of a held-out image is the log of the mean odds over all windows, as an ideal observer weighs places that are
equally probable beforehand. Each image is scored by itself: the two of a pair are never compared pixel by pixel.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from cxr_studio.events import Progress, silent
from cxr_studio.networks.observer import ObserverNetwork, Training, folds_of, probabilities, trained
from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.observers.images import ObservedImage, Picture, Scores, pictures, thresholds_of

WINDOW, STEP = 64, 32
"""Side of a window and distance between neighbours, image pixels; smaller where the image is."""

PER_CHANGE, PER_IMAGE = 4, 4
"""Windows trained on around each change, and elsewhere in each image."""

SPREAD = 0.375
"""A window's centre lies this share of its side or less from the change's centre, along each axis."""

Samples = dict[str, tuple[NDArray[np.float32], NDArray[np.bool_]]]


def scan_scores(bundle: Bundle, images: list[ObservedImage], training: Training, progress: Progress = silent) -> Scores:
    """Score every image by a network that saw nothing of its patient.

    Raises:
        StudioError: an image cannot be read, or there are too few patients for the folds.
    """
    parts = folds_of([image.group for image in images], folds=training.folds, seed=training.seed)
    rng = np.random.default_rng([training.seed, 0x5CA9])
    samples = {image.name: windows_for_training(image, picture, rng) for image, picture in pictures(bundle, images)}
    values = np.empty(len(images))
    done = 0
    for fold in range(training.folds):
        others = [image for image, part in zip(images, parts, strict=True) if part != fold and not image.catch]
        patches, labels = (np.concatenate([samples[image.name][k] for image in others]) for k in range(2))
        network = trained(patches, labels.astype(bool), training=training)
        for place in np.flatnonzero(parts == fold):
            ((_, picture),) = pictures(bundle, [images[place]])
            values[place] = log_mean_odds(network, picture)
            done += 1
            progress(done / len(images), f"image {done} of {len(images)}")
    names = [image.name for image in images]
    limits = thresholds_of(images, values, parts)
    return Scores(dict(zip(names, values.tolist(), strict=True)), dict(zip(names, limits.tolist(), strict=True)))


def windows_for_training(
    image: ObservedImage, picture: Picture, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Windows ``[N, S, S]`` of an image, and which of them hold a change.

    A changed image without a known place gives windows from anywhere, all called changed.
    """
    side = window_side(picture.shape)
    reach = round(SPREAD * side)
    corners: list[tuple[int, int]] = []
    labels: list[bool] = []
    for y0, x0, y1, x1 in image.boxes:
        for dy, dx in rng.integers(-reach, reach + 1, (PER_CHANGE, 2)):
            corners.append(((y0 + y1 - side) // 2 + dy, (x0 + x1 - side) // 2 + dx))
            labels.append(image.changed)
    bottom, right = picture.shape[0] - side, picture.shape[1] - side
    elsewhere = rng.integers(0, (bottom + 1, right + 1), (PER_IMAGE, 2)).tolist()
    for y, x in elsewhere:
        if not _touches(image.boxes, y, x, side):
            corners.append((y, x))
            labels.append(image.changed and not image.boxes)
    inside = [(min(max(int(y), 0), bottom), min(max(int(x), 0), right)) for y, x in corners]
    cut = [picture[y : y + side, x : x + side] for y, x in inside]
    return np.asarray(cut, np.float32).reshape(-1, side, side), np.asarray(labels, bool)


def log_mean_odds(network: ObserverNetwork, picture: Picture) -> float:
    """Log of the mean over all windows of the odds of a change; the higher, the more changed."""
    side = window_side(picture.shape)
    step = max(1, side * STEP // WINDOW)
    windows = sliding_window_view(picture, (side, side))[::step, ::step].reshape(-1, side, side)
    found = np.clip(probabilities(network, windows), 1e-9, 1 - 1e-9)
    return float(np.log(np.mean(found / (1 - found))))


def window_side(shape: tuple[int, ...]) -> int:
    """Side of the windows of an image: ``WINDOW``, or a quarter of a small image's side, even, 16 at least."""
    return max(16, min(WINDOW, min(shape) // 8 * 2))


def _touches(boxes: Sequence[tuple[int, int, int, int]], y: int, x: int, side: int) -> bool:
    return any(y < y1 and y0 < y + side and x < x1 and x0 < x + side for y0, x0, y1, x1 in boxes)
