"""Proofs that a detector can be trusted: finite, repeatable, boxes inside the radiograph, odd images answered."""

from __future__ import annotations

import numpy as np

from cxr_studio.detection.detections import Detection
from cxr_studio.detection.detector import detect
from cxr_studio.generation.devices import choose_device
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.no_anatomy import without_anatomy
from cxr_studio.quality.evaluation import read_images
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.resources import resource

SAMPLE = "healthy-1.png"
LEAST = 1e-6
"""Smallest score that the checks ask for, so that even an unsure detector answers boxes."""

SURE = 0.5
"""Score that images without anatomy must not reach."""


def detector_findings(checkpoint: Checkpoint, *, device: str = "auto") -> list[Finding]:
    """Run every check on a detector.

    Raises:
        StudioError: it does not load, or the device is not there.
    """
    where = choose_device(device)
    ((_, image),) = read_images(resource("samples", SAMPLE))
    first, second = (detect(image, checkpoint, device=where, least=LEAST) for _ in range(2))
    inside = all(_inside(one, image) for one in first)
    finite = all(np.isfinite(one.score) and 0 <= one.score <= 1 for one in first)
    return [
        Finding("loads and answers", True, f"on {where}, {len(first)} boxes"),
        Finding("scores from 0 to 1", finite, "every score is" if finite else "a score is not"),
        Finding("boxes inside", inside, "every box lies in the radiograph" if inside else "a box does not"),
        Finding("repeatable", first == second, "two runs agree" if first == second else "two runs differ"),
        _odd(image, checkpoint, where),
    ]


def _odd(image: Radiograph, checkpoint: Checkpoint, where: str) -> Finding:
    sure = []
    for name, other in without_anatomy(image).items():
        sure += [name] if any(one.score >= SURE for one in detect(other, checkpoint, device=where)) else []
    words = f"it is sure of nodules in {', '.join(sure)}" if sure else "none in black, white or noise"
    return Finding("no sure nodule without anatomy", not sure, words)


def _inside(one: Detection, image: Radiograph) -> bool:
    y0, x0, y1, x1 = one.box
    return 0 <= y0 < y1 <= image.shape[0] and 0 <= x0 < x1 <= image.shape[1]
