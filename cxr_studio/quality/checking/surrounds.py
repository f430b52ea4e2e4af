"""Proofs that a generator of surroundings can be trusted: the box kept to the bit, range, seeds, seam, odd inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.masks.boxes import Box, cut
from cxr_studio.metrics.seam import seam_ratio
from cxr_studio.quality.checking.cost import cost_findings, megabytes_of, milliseconds_of
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import SurroundLimits
from cxr_studio.quality.checking.no_anatomy import without_anatomy
from cxr_studio.quality.checking.stated import as_stated
from cxr_studio.quality.evaluation import read_images
from cxr_studio.quality.surround_evaluation import Boxed
from cxr_studio.quality.whole_drawing import WholeDrawer
from cxr_studio.quality.whole_images import Redrawn, unit_image
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.resources import resource

SAMPLE = "healthy-1.png"

SHARES: dict[str, tuple[float, float, float, float]] = {
    "in a lung": (0.3, 0.2, 0.5, 0.4),
    "in a corner": (0.0, 0.0, 0.2, 0.15),
    "of nearly all": (0.02, 0.02, 0.98, 0.98),
}
"""Boxes as shares of height and width."""

USUAL = "in a lung"

LEAST = 2
"""Side of the smallest box in the network's own pixels."""

SAMPLE_SCORE = "sample_surround_mae"
"""Name on the card of the mean absolute difference around the box on a bundled sample, share of the grey range."""


def surround_findings(facts: GeneratorFacts, limits: SurroundLimits, *, device: str = "auto") -> list[Finding]:
    """Run every check on a generator that keeps a box.

    Raises:
        StudioError: it does not load or answer, or the device is not there.
    """
    drawer = WholeDrawer(facts, device)
    ((_, image),) = read_images(resource("samples", SAMPLE))
    share = LEAST / facts.card.input_side if facts.card else 0.1
    shares = {**SHARES, "of a few pixels": (0.5, 0.5, 0.5 + share, 0.5 + share)}
    cases = {name: Boxed(SAMPLE, image, _box(image, part)) for name, part in shares.items()}
    drawn = {name: drawer.surround(case, 1) for name, case in cases.items()}
    usual, first = cases[USUAL], drawn[USUAL]
    again, other = (drawer.surround(usual, seed) for seed in (1, 2))
    megabytes = megabytes_of(partial(_prepared, drawer), first.device)
    milliseconds = milliseconds_of(lambda: drawer.surround(usual, 3))
    return [
        Finding("loads and answers", True, f"{again.seconds * 1000:.0f} ms a radiograph on {first.device}"),
        _kept(cases, drawn),
        _in_range(image, drawn, limits.beyond),
        _repeatable(first, again),
        _varied(facts, usual, first, other),
        _seam(usual, first, limits),
        _odd(drawer, usual, limits.beyond),
        as_stated(
            facts,
            sample_score(usual, first),
            limits.score,
            score=SAMPLE_SCORE,
            shown="{:.4f} of the grey range from the original around the box",
        ),
        *cost_findings(milliseconds, megabytes, limits, device=first.device),
    ]


def sample_score(case: Boxed, drawn: Redrawn) -> float:
    """Mean absolute difference around the box from the original, share of the grey range."""
    images = [unit_image(case.radiograph, stored) for stored in (None, drawn.stored)]
    return float(np.abs(images[1] - images[0])[case.around].mean())


def usual_case() -> Boxed:
    """The bundled sample with its usual box."""
    ((_, image),) = read_images(resource("samples", SAMPLE))
    return Boxed(SAMPLE, image, _box(image, SHARES[USUAL]))


def _prepared(drawer: WholeDrawer) -> Callable[[], object]:
    """Load the network by one request; returns the work of the next."""
    case = usual_case()
    drawer.surround(case, 1)
    return partial(drawer.surround, case, 2)


def _box(image: Radiograph, share: tuple[float, float, float, float]) -> Box:
    y0, x0, y1, x1 = (round(part * side) for part, side in zip(share, (*image.shape, *image.shape), strict=True))
    return y0, x0, y1, x1


def _kept(cases: dict[str, Boxed], drawn: dict[str, Redrawn]) -> Finding:
    """No pixel of any box differs, and around it something was drawn."""
    changed = {
        name: int(np.count_nonzero(drawn[name].stored[cut(case.box)] != case.radiograph.stored[cut(case.box)]))
        for name, case in cases.items()
    }
    around = int(np.count_nonzero(drawn[USUAL].stored != cases[USUAL].radiograph.stored))
    worst = max(changed, key=lambda name: changed[name])
    words = f"{changed[worst]} pixels of a box {worst} changed" if changed[worst] else f"{around:,} pixels drawn around"
    return Finding("the box is kept, bit for bit", changed[worst] == 0 < around, words)


def _in_range(image: Radiograph, drawn: dict[str, Redrawn], beyond: float) -> Finding:
    values = np.concatenate([unit_image(image, one.stored).ravel() for one in drawn.values()])
    fits = bool(np.isfinite(values).all() and values.min() >= -beyond and values.max() <= 1 + beyond)
    return Finding("finite and in range", fits, f"{values.min():.2f} to {values.max():.2f} of the window")


def _repeatable(first: Redrawn, again: Redrawn) -> Finding:
    same = bool(np.array_equal(first.stored, again.stored))
    return Finding(
        "same seed, same pixels", same, "the same request gives the same pixels" if same else "two runs differ"
    )


def _varied(facts: GeneratorFacts, case: Boxed, first: Redrawn, other: Redrawn) -> Finding:
    """Whether another seed draws another radiograph exactly where the card says so."""
    images = [unit_image(case.radiograph, one.stored) for one in (first, other)]
    share = float(np.abs(images[1] - images[0])[case.around].mean())
    words = f"two seeds differ by {share:.2%} of the grey range, the card says {'so' if facts.stochastic else 'not so'}"
    return Finding("another seed", (share > 0) == facts.stochastic, words)


def _seam(case: Boxed, drawn: Redrawn, limits: SurroundLimits) -> Finding:
    ratio = seam_ratio(unit_image(case.radiograph, drawn.stored), case.around)
    return Finding("seam", limits.seam.holds(ratio), f"ratio {ratio:.2f} along the box, allowed {limits.seam}")


def _odd(drawer: WholeDrawer, case: Boxed, beyond: float) -> Finding:
    """Images of one grey and of noise."""
    failed = []
    for name, odd in without_anatomy(case.radiograph).items():
        one = replace(case, radiograph=odd)
        stored = drawer.surround(one, 1).stored
        unit = unit_image(one.radiograph, stored)
        kept = np.array_equal(stored[cut(one.box)], one.radiograph.stored[cut(one.box)])
        if not (kept and np.isfinite(unit).all() and unit.min() >= -beyond and unit.max() <= 1 + beyond):
            failed.append(name)
    words = f"out of range, or the box not kept, on {', '.join(failed)}" if failed else "box kept, answers in range"
    return Finding("black, white, noise", not failed, words)
