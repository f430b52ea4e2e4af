"""Proofs that a lung network can be trusted: finite, repeatable, and lungs of a believable size and place."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from cxr_studio.inpainting.devices import choose_device
from cxr_studio.masks.lung_boxes import lung_boxes
from cxr_studio.masks.regions import regions
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.nodules.lungs import lung_logits, lung_mask
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.evaluation import read_images
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.resources import resource

HEALTHY = ("healthy-1.png", "healthy-2.png")
"""Bundled healthy radiographs with two whole lungs."""

LUNG_SHARES = (0.06, 0.32)
"""Least and largest believable share of a healthy radiograph that one lung takes."""

LEAST_COVERED = 0.75
"""Least share of the two usual lung boxes that healthy lungs cover."""


def lung_findings(checkpoint: Checkpoint, *, device: str = "auto") -> list[Finding]:
    """Run every check on a lung network.

    Raises:
        StudioError: it does not load, or the device is not there.
    """
    where = choose_device(device)
    images = [image for name in HEALTHY for _, image in read_images(resource("samples", name))]
    first = [lung_logits(image, checkpoint, device=where) for image in images]
    started = time.perf_counter()
    second = [lung_logits(image, checkpoint, device=where) for image in images]
    each = (time.perf_counter() - started) / len(images)
    same = all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    finite = all(bool(np.isfinite(plane).all()) for plane in first)
    return [
        Finding("loads and answers", True, f"{each * 1000:.0f} ms a radiograph on {where}"),
        Finding("finite", finite, "every answer is a number" if finite else "an answer is not a number"),
        Finding("repeatable", same, "the same radiograph gives the same answer" if same else "two runs differ"),
        *(_healthy(name, image, checkpoint, where=where) for name, image in zip(HEALTHY, images, strict=True)),
    ]


def _healthy(name: str, image: Radiograph, checkpoint: Checkpoint, *, where: str) -> Finding:
    lungs = lung_mask(image, device=where, checkpoint=checkpoint)
    title = f"lungs of {name}"
    if not lungs.found:
        return Finding(title, False, lungs.words)
    shares = sorted((float(region.mask.sum()) / lungs.mask.size for region in regions(lungs.mask)), reverse=True)
    covered = _covered(lungs.mask)
    sizes_fit = len(shares) == 2 and all(LUNG_SHARES[0] <= share <= LUNG_SHARES[1] for share in shares)
    words = f"{' and '.join(f'{100 * s:.0f} %' for s in shares)} of the image, {100 * covered:.0f} % of the lung boxes"
    return Finding(title, sizes_fit and covered >= LEAST_COVERED, words)


def _covered(mask: NDArray[np.bool_]) -> float:
    """Share of the two usual lung boxes that a mask covers."""
    return float(np.mean([mask[y0:y1, x0:x1].mean() for y0, x0, y1, x1 in lung_boxes(mask.shape)]))
