"""Proofs that a lung network can be trusted: finite, repeatable, and lungs of a believable size and place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_studio.generation.devices import choose_device
from cxr_studio.masks.lung_boxes import lung_boxes
from cxr_studio.masks.regions import regions
from cxr_studio.networks.checkpoint import Checkpoint, read_checkpoint
from cxr_studio.nodules.lungs import Lungs, lung_logits, lung_mask
from cxr_studio.quality.checking.cost import cost_findings, megabytes_of, milliseconds_of
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import LungLimits
from cxr_studio.quality.checking.no_anatomy import without_anatomy
from cxr_studio.quality.evaluation import read_images
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.resources import resource

HEALTHY = ("healthy-1.png", "healthy-2.png")
"""Bundled healthy radiographs with two whole lungs."""


def lung_findings(checkpoint: Checkpoint, limits: LungLimits, *, device: str = "auto") -> list[Finding]:
    """Run every check on a lung network.

    Raises:
        StudioError: it does not load, or the device is not there.
    """
    where = choose_device(device)
    images = [image for name in HEALTHY for _, image in read_images(resource("samples", name))]
    first = [lung_logits(image, checkpoint, device=where) for image in images]
    second = [lung_logits(image, checkpoint, device=where) for image in images]
    same = all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    finite = all(bool(np.isfinite(plane).all()) for plane in first)
    milliseconds = milliseconds_of(lambda: lung_logits(images[0], checkpoint, device=where))
    megabytes = megabytes_of(partial(_prepared, checkpoint.path, where), where)
    return [
        Finding("loads and answers", True, f"on {where}"),
        Finding("finite", finite, "every answer is a number" if finite else "an answer is not a number"),
        Finding("repeatable", same, "the same radiograph gives the same answer" if same else "two runs differ"),
        *(
            _healthy(name, lung_mask(image, device=where, checkpoint=checkpoint), limits)
            for name, image in zip(HEALTHY, images, strict=True)
        ),
        _odd(images[0], checkpoint, where, limits.odd_found),
        *cost_findings(milliseconds, megabytes, limits, device=where),
    ]


def _prepared(path: Path, where: str) -> Callable[[], object]:
    """Load the network by one request; returns the work of the next."""
    ((_, image),) = read_images(resource("samples", HEALTHY[0]))
    checkpoint = read_checkpoint(path)
    lung_logits(image, checkpoint, device=where)
    return partial(lung_logits, image, checkpoint, device=where)


def _odd(image: Radiograph, checkpoint: Checkpoint, where: str, allowed: int) -> Finding:
    """Images without lungs: either none are found, or what is found could be lungs by its size."""
    found = []
    for name, odd in without_anatomy(image).items():
        lungs = lung_mask(odd, device=where, checkpoint=checkpoint)
        found += [name] if lungs.found else []
    words = f"lungs were found in {', '.join(found)}" if found else "none found in black, white or noise"
    return Finding("no lungs in images without lungs", len(found) <= allowed, words)


def _healthy(name: str, lungs: Lungs, limits: LungLimits) -> Finding:
    title = f"lungs of {name}"
    if not lungs.found:
        return Finding(title, False, lungs.words)
    shares = sorted((float(region.mask.sum()) / lungs.mask.size for region in regions(lungs.mask)), reverse=True)
    covered = _covered(lungs.mask)
    sizes_fit = len(shares) == 2 and all(limits.share.holds(share) for share in shares)
    words = f"{' and '.join(f'{100 * s:.0f} %' for s in shares)} of the image, {100 * covered:.0f} % of the lung boxes"
    return Finding(title, sizes_fit and covered >= limits.covered, words)


def _covered(mask: NDArray[np.bool_]) -> float:
    """Share of the two usual lung boxes that a mask covers."""
    return float(np.mean([mask[y0:y1, x0:x1].mean() for y0, x0, y1, x1 in lung_boxes(mask.shape)]))
