"""Proofs that a generator of whole radiographs can be trusted: range, repeatability, repairs, what else changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.metrics.fidelity import psnr
from cxr_studio.quality.checking.cost import cost_findings, megabytes_of, milliseconds_of
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import TranslateLimits
from cxr_studio.quality.checking.no_anatomy import without_anatomy
from cxr_studio.quality.checking.stated import as_stated
from cxr_studio.quality.translate_evaluation import Damaged, damaged_radiographs, repair_score
from cxr_studio.quality.whole_drawing import WholeDrawer
from cxr_studio.quality.whole_images import Redrawn, unit_image
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.resources import resource

SAMPLE = "healthy-1.png"

SQUARE = 40 / 256
"""Side of the sample's damaged square, a share of its shorter side: 2.4 % of a square image, of the 1.4 to 5.5 % that
the bank has from which repairs learn."""

SAMPLE_SCORE = "sample_translate_psnr_db"
"""Name on the card of the PSNR in dB of what comes back for a damaged bundled sample, the whole of it."""


def translate_findings(facts: GeneratorFacts, limits: TranslateLimits, *, device: str = "auto") -> list[Finding]:
    """Run every check on a generator that sees the whole radiograph.

    Raises:
        StudioError: it does not load or answer, or the device is not there.
    """
    case, drawer = sample_case(), WholeDrawer(facts, device)
    first, again = (drawer.translate(case.radiograph, case.stored, 1) for _ in range(2))
    score = repair_score(case, first)
    megabytes = megabytes_of(partial(_prepared, drawer), first.device)
    milliseconds = milliseconds_of(lambda: drawer.translate(case.radiograph, case.stored, 3))
    inside, outside = score.psnr_inside, 100 * score.changed
    blind = [
        Finding(
            "repairs what is damaged", inside >= limits.psnr_db, f"{inside:.1f} dB inside, {limits.psnr_db} needed"
        ),
        Finding("leaves the rest", score.changed <= limits.changed, f"{outside:.1f} % of the rest changed visibly"),
    ]
    same = bool(np.array_equal(first.stored, again.stored))
    return [
        Finding("loads and answers", True, f"{again.seconds * 1000:.0f} ms a radiograph on {first.device}"),
        _in_range(case.radiograph, first, limits.beyond),
        Finding(
            "same seed, same pixels", same, "the same request gives the same pixels" if same else "two runs differ"
        ),
        *(_labels_tell(drawer, case.radiograph) if drawer.labels else blind),
        _odd(drawer, case.radiograph, limits.beyond),
        as_stated(
            facts,
            sample_score(case, first),
            limits.score_db,
            score=SAMPLE_SCORE,
            shown="{:.3f} dB to the original on a bundled sample",
        ),
        *cost_findings(milliseconds, megabytes, limits, device=first.device),
    ]


def sample_case() -> Damaged:
    """The bundled sample with a damaged place."""
    return damaged_radiographs(resource("samples", SAMPLE), each=1, square=SQUARE)[0]


def sample_score(case: Damaged, answer: Redrawn) -> float:
    """PSNR in dB of the whole answer to the original."""
    images = [unit_image(case.radiograph, stored) for stored in (answer.stored, None)]
    return psnr(images[0], images[1], value_range=1.0)


def _prepared(drawer: WholeDrawer) -> Callable[[], object]:
    """Load the network by one request; returns the work of the next."""
    case = sample_case()
    drawer.translate(case.radiograph, case.stored, 1)
    return partial(drawer.translate, case.radiograph, case.stored, 2)


def _in_range(image: Radiograph, answer: Redrawn, beyond: float) -> Finding:
    unit = unit_image(image, answer.stored)
    fits = bool(np.isfinite(unit).all() and unit.min() >= -beyond and unit.max() <= 1 + beyond)
    return Finding("finite and in range", fits, f"{unit.min():.2f} to {unit.max():.2f} of the window")


def _labels_tell(drawer: WholeDrawer, image: Radiograph) -> list[Finding]:
    """Whether each label draws something else than none."""
    none = drawer.translate(image, image.stored, 1)
    alike = []
    for name in drawer.labels:
        with_it = drawer.translate(image, image.stored, 1, (name,))
        if np.array_equal(with_it.stored, none.stored):
            alike.append(name)
    words = f"{', '.join(alike)} changes nothing" if alike else f"each of {', '.join(drawer.labels)} changes it"
    return [Finding("labels are obeyed", not alike, words)]


def _odd(drawer: WholeDrawer, image: Radiograph, beyond: float) -> Finding:
    """Images of one grey and of noise."""
    failed = []
    for name, one in without_anatomy(image).items():
        if not _in_range(one, drawer.translate(one, one.stored, 1), beyond).passed:
            failed.append(name)
    words = f"out of range on {', '.join(failed)}" if failed else "answers are in range"
    return Finding("black, white, noise", not failed, words)
