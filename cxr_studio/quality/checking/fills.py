"""Proofs that a fill can be trusted: range, no NaN, repeatable, nothing outside the mask, scores, odd inputs, cost."""

from __future__ import annotations

from functools import partial

import numpy as np

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.request import view_of
from cxr_studio.generation.result import Patch
from cxr_studio.masks.boxes import Mask, cut
from cxr_studio.masks.brush import paint_segment
from cxr_studio.networks.observers.observer import percent_correct
from cxr_studio.networks.observers.saving import shipped_observer
from cxr_studio.quality.checking.cost import cost_findings, megabytes_of, milliseconds_of
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import FillLimits, Span
from cxr_studio.quality.checking.odd_inputs import SIDE, Grey, half_hole, odd_findings
from cxr_studio.quality.checking.stated import as_stated
from cxr_studio.quality.evaluation import Row, Way, all_holes, evaluate, read_images
from cxr_studio.quality.observers.asking import Drawn, HolePlan
from cxr_studio.quality.observers.scenes import Filler, pairs_of, scenes_of
from cxr_studio.quality.observers.table import own_grain
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.resources import resource
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import FillOptions, FillRequest

SAMPLE_HOLES = 12
"""Holes a bundled healthy sample gives for the score on the card."""

SAMPLE_SCORE = "sample_psnr_db"
"""Name on the card of the plain output's PSNR on the bundled healthy samples."""

HEALTHY = ("healthy-1.png", "healthy-2.png")
"""Bundled healthy samples."""


def sample_score(generator: str, *, device: str = "auto") -> float:
    """PSNR in dB of the plain output on the bundled healthy samples."""
    (row,) = _sample_rows([Way(generator, "off")], device)
    return row.mean.psnr


def fill_findings(facts: GeneratorFacts, limits: FillLimits, *, device: str = "auto") -> list[Finding]:
    """Run every check on a generator that fills masks.

    Raises:
        StudioError: it does not load, or the device is not there.
    """
    ((_, radiograph),) = read_images(resource("samples", "masses.dcm"))
    mask = _strokes(radiograph)
    request = _request(radiograph, mask, facts.name)
    first, second = fill(request, device=device), fill(request, device=device)
    plain, matched = _sample_rows([Way(facts.name, "off"), Way(facts.name, "match")], device)
    return [
        Finding("loads and answers", True, f"{second.seconds * 1000:.0f} ms for two strokes on {second.device}"),
        _in_range(radiograph, request, first.patches, limits.beyond),
        _repeatable(first.patches, second.patches),
        _nothing_outside(radiograph, mask, first.patches),
        *_as_stated(facts, plain.mean.psnr, limits.score_db),
        _within("seam", matched.mean.seam, limits.seam),
        *([] if facts.card is None else [_within("grain", matched.mean.grain, limits.grain)]),
        _visible(facts, limits.visible, device),
        *odd_findings(facts.name, _middle(), limits, device=device),
        *_costs(facts, limits, device=device, where=second.device),
    ]


def _as_stated(facts: GeneratorFacts, measured: float, tolerance: float) -> list[Finding]:
    """Nothing of a classical fill, which has no card."""
    shown = "{:.3f} dB on the bundled samples"
    return [] if facts.card is None else [as_stated(facts, measured, tolerance, score=SAMPLE_SCORE, shown=shown)]


def _sample_rows(ways: list[Way], device: str) -> list[Row]:
    images = [image for name in HEALTHY for image in read_images(resource("samples", name))]
    return evaluate(all_holes(images, each=SAMPLE_HOLES), ways, device=device)


def _middle() -> Grey:
    """The middle of a healthy sample."""
    ((_, image),) = read_images(resource("samples", HEALTHY[0]))
    y, x = ((side - SIDE) // 2 for side in image.shape)
    return np.ascontiguousarray(image.stored[y : y + SIDE, x : x + SIDE], np.uint8)


def _within(name: str, ratio: float, span: Span) -> Finding:
    return Finding(name, span.holds(ratio), f"ratio {ratio:.2f} on the bundled samples, allowed {span}")


def _visible(facts: GeneratorFacts, most: float, device: str) -> Finding:
    """What the shipped observers, told the place, make of fills; a few seconds."""
    drawn = Drawn(Way(facts.name, own_grain(facts)))
    paths = [resource("samples", name) for name in HEALTHY]
    scenes = scenes_of(paths, HolePlan(SAMPLE_HOLES), [drawn], filler=Filler(device))
    known, human = (
        percent_correct(shipped_observer(kind), pairs_of(scenes, drawn, kind))
        for kind in ("location-known", "human-like")
    )
    words = f"human-like observer {human.value:.0%}, location-known {known.value:.0%} of {len(scenes)} sample holes"
    return Finding("visible to observers", human.value <= most, f"{words}, human-like allowed up to {most:.0%}")


def _costs(facts: GeneratorFacts, limits: FillLimits, *, device: str, where: str) -> list[Finding]:
    megabytes = megabytes_of(partial(half_hole, facts.name, _middle(), device), where)
    ((_, image),) = read_images(resource("samples", HEALTHY[0]))
    (hole,) = all_holes([(resource("samples", HEALTHY[0]), image)], each=1)
    request = _request(image, hole.mask(), facts.name)
    milliseconds = milliseconds_of(lambda: fill(request, device=device))
    return cost_findings(milliseconds, megabytes, limits, device=where)


def _strokes(radiograph: Radiograph) -> Mask:
    """Two strokes: one over a mass, one across the edge of the image."""
    height, width = radiograph.shape
    mask = np.zeros(radiograph.shape, bool)
    paint_segment(mask, (0.55 * height, 0.25 * width), (0.58 * height, 0.28 * width), radius=0.02 * height)
    paint_segment(mask, (-5.0, 0.5 * width), (0.02 * height, 0.55 * width), radius=0.01 * height)
    mask.setflags(write=False)
    return mask


def _request(radiograph: Radiograph, mask: Mask, generator: str) -> FillRequest:
    options = FillOptions(generator, seed=1)
    return FillRequest(1, view_of(radiograph), options, mask)


def _in_range(radiograph: Radiograph, request: FillRequest, patches: tuple[Patch, ...], beyond: float) -> Finding:
    low, high = request.image.unit
    values = np.concatenate([radiograph.grey.decode(p.stored)[request.mask[cut(p.box)]] for p in patches])
    unit = (values - low) / (high - low)
    fits = bool(np.isfinite(unit).all() and unit.min() >= -beyond and unit.max() <= 1 + beyond)
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
