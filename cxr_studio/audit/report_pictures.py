"""The report's pictures: patches that are told best beside real ones, occlusion maps, differences of spectra."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.audit.asking import Answer
from cxr_studio.audit.occlusion import Occlusion
from cxr_studio.audit.sights import Sight
from cxr_studio.pages import picture_address

EXAMPLES = 6
"""Patches of either group."""

SHOWN = 112
"""Side of a picture, pixels."""

PATCH_OF = {"grain": "patch", "seam": "patch", "spectrum": "patch"}
"""Question → which patch shows it, where it is not its own."""


def examples(answer: Answer) -> tuple[list[str], list[str]]:
    """Synthetic patches that are told best, and real ones that are taken for real most surely, as data URIs."""
    key = PATCH_OF.get(answer.question.key, answer.question.key)
    count = len(answer.synthetic)
    best = np.argsort(-answer.ranks[:count])[:EXAMPLES]
    real = np.argsort(answer.ranks[count:])[:EXAMPLES]
    return _patches([answer.synthetic[int(k)] for k in best], key), _patches([answer.real[int(k)] for k in real], key)


def occlusion_picture(found: Occlusion, answer: Answer) -> str:
    """The mean synthetic patch, and over it in orange where the network looks."""
    import cv2

    patches = np.stack([sight.patches[answer.question.key] for sight in answer.synthetic])
    grey = cv2.resize(_stretched(patches.mean(axis=0)), (2 * SHOWN, 2 * SHOWN), interpolation=cv2.INTER_CUBIC)
    drop = np.clip(found.drop, 0, None)
    heat = cv2.resize(drop / max(float(drop.max()), 1e-6), grey.shape[::-1], interpolation=cv2.INTER_CUBIC)
    weight = np.clip(heat, 0, 1)[..., None] * 0.75
    colour = np.array([255.0, 150.0, 60.0])
    return _png(grey[..., None] * (1 - weight) + colour * weight)


def spectrum_picture(answer: Answer) -> str:
    """Mean spectrum of synthetic patches less that of real ones: orange more, blue less, black alike."""
    import cv2

    groups = [np.mean([s.curves["spectrum"] for s in group], axis=0) for group in (answer.synthetic, answer.real)]
    gap = groups[0] - groups[1]
    gap = gap - np.median(gap)
    gap = gap / max(float(np.percentile(np.abs(gap), 99)), 1e-6)
    more, less = (np.clip(sign * gap, 0, 1)[..., None] for sign in (1, -1))
    picture = more * np.array([255.0, 150.0, 60.0]) + less * np.array([90.0, 169.0, 230.0])
    return _png(cv2.resize(picture, (2 * SHOWN, 2 * SHOWN), interpolation=cv2.INTER_NEAREST))


def _patches(sights: Sequence[Sight], key: str) -> list[str]:
    import cv2

    shown = [_stretched(sight.patches[key]) for sight in sights]
    return [_png(cv2.resize(one, (SHOWN, SHOWN), interpolation=cv2.INTER_CUBIC)) for one in shown]


def _stretched(patch: Plane | NDArray[np.float64]) -> Plane:
    low, high = np.percentile(patch, [0.5, 99.5])
    return np.asarray(np.clip((patch - low) / max(float(high - low), 1e-6), 0, 1) * 255, np.float32)


def _png(picture: NDArray[np.floating]) -> str:
    from PIL import Image

    return picture_address(Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)))
