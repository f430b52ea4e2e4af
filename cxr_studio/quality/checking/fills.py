"""Proofs that a checkpoint can be trusted: range, no NaN, repeatable, nothing outside the mask, scores as stated."""

from __future__ import annotations

import numpy as np

from cxr_studio.inpainting.fill import fill
from cxr_studio.inpainting.generators import GeneratorFacts
from cxr_studio.inpainting.request import FillOptions, InpaintRequest, Patch
from cxr_studio.masks.boxes import Mask, cut
from cxr_studio.masks.brush import paint_segment
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.evaluation import Way, all_holes, evaluate, read_images
from cxr_studio.radiographs.presets import default_window
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.resources import resource

SAMPLE_HOLES = 12
"""Holes a bundled healthy sample gives for the score on the card."""

SAMPLE_SCORE = "sample_psnr_db"
"""Name on the card of the plain output's PSNR on the bundled healthy samples."""

TOLERANCE_DB = 0.05
"""How far the measured score may be from the card's: other processors round differently."""

BEYOND = 0.5
"""How far a fill may leave the range 0 to 1 of the window's edges."""


def sample_score(generator: str, *, device: str = "auto") -> float:
    """PSNR in dB of the plain output on the bundled healthy samples."""
    images = [image for name in ("healthy-1.png", "healthy-2.png") for image in read_images(resource("samples", name))]
    (row,) = evaluate(all_holes(images, each=SAMPLE_HOLES), [Way(generator, "off")], device=device)
    return row.mean.psnr


def fill_findings(facts: GeneratorFacts, device: str) -> list[Finding]:
    """Run every check on a generator that fills masks.

    Raises:
        StudioError: it does not load, or the device is not there.
    """
    ((_, radiograph),) = read_images(resource("samples", "masses.dcm"))
    mask = _strokes(radiograph)
    request = _request(radiograph, mask, facts.name)
    first, second = fill(request, device=device), fill(request, device=device)
    stated = facts.card.scores.get(SAMPLE_SCORE) if facts.card else None
    found = [
        Finding("loads and answers", True, f"{second.seconds * 1000:.0f} ms on {second.device}"),
        _in_range(radiograph, request, first.patches),
        _repeatable(first.patches, second.patches),
        _nothing_outside(radiograph, mask, first.patches),
    ]
    if stated is not None:
        measured = sample_score(facts.name, device=device)
        near = abs(measured - stated) <= TOLERANCE_DB
        words = f"{measured:.3f} dB on the bundled samples, the card says {stated:.3f}"
        found.append(Finding("scores as its card says", near, words))
    elif facts.card is not None:
        found.append(Finding("scores as its card says", False, "the card states no score"))
    return found


def _strokes(radiograph: Radiograph) -> Mask:
    """Two strokes: one over a mass, one across the edge of the image."""
    height, width = radiograph.shape
    mask = np.zeros(radiograph.shape, bool)
    paint_segment(mask, (0.55 * height, 0.25 * width), (0.58 * height, 0.28 * width), radius=0.02 * height)
    paint_segment(mask, (-5.0, 0.5 * width), (0.02 * height, 0.55 * width), radius=0.01 * height)
    mask.setflags(write=False)
    return mask


def _request(radiograph: Radiograph, mask: Mask, generator: str) -> InpaintRequest:
    unit = radiograph.grey.unit_range(default_window(radiograph))
    options = FillOptions(generator, seed=1)
    return InpaintRequest(1, radiograph.stored, mask, radiograph.grey, unit, radiograph.spacing, options)


def _in_range(radiograph: Radiograph, request: InpaintRequest, patches: tuple[Patch, ...]) -> Finding:
    low, high = request.unit
    values = np.concatenate([radiograph.grey.decode(p.stored)[request.mask[cut(p.box)]] for p in patches])
    unit = (values - low) / (high - low)
    fits = bool(np.isfinite(unit).all() and unit.min() >= -BEYOND and unit.max() <= 1 + BEYOND)
    return Finding("finite and in range", fits, f"{unit.min():.2f} to {unit.max():.2f} of the window")


def _repeatable(first: tuple[Patch, ...], second: tuple[Patch, ...]) -> Finding:
    same = all(np.array_equal(a.stored, b.stored) for a, b in zip(first, second, strict=True))
    return Finding("repeatable", same, "the same request gives the same pixels" if same else "two runs differ")


def _nothing_outside(radiograph: Radiograph, mask: Mask, patches: tuple[Patch, ...]) -> Finding:
    image = radiograph.stored.copy()
    for patch in patches:
        image[cut(patch.box)] = patch.stored
    changed = int(np.count_nonzero((image != radiograph.stored) & ~mask))
    inside = int(np.count_nonzero((image != radiograph.stored) & mask))
    return Finding("nothing outside the mask", changed == 0 < inside, f"{changed} pixels outside, {inside:,} inside")
