"""How well a generator gives and takes labels: is it what was asked for, and is it still the same patient.

There is no truth for another label. So a classifier that has never seen the generator says whether the label is there,
distances say how near translated radiographs are to real ones with the label, and what comes back after a change there
and back, or where nothing was to change, says how much of the patient stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cxr_studio.generation.devices import choose_device
from cxr_studio.masks.boxes import Mask
from cxr_studio.metrics.by_patient import Estimate, estimate, patient_counts
from cxr_studio.metrics.by_patient import means as resampled_means
from cxr_studio.metrics.fidelity import psnr, ssim
from cxr_studio.metrics.frechet import Moments, frechet_distance
from cxr_studio.metrics.kernel_distance import kernel_distance
from cxr_studio.nodules.lungs import lung_mask
from cxr_studio.quality.judging import Run
from cxr_studio.quality.labels.bench import Bench, Direction
from cxr_studio.quality.labels.classifier import Sight
from cxr_studio.quality.translate_evaluation import label_score
from cxr_studio.quality.whole_drawing import WholeDrawer
from cxr_studio.quality.whole_images import Redrawn, unit_image
from cxr_studio.radiographs.radiograph import Radiograph, Stored

EACH = 40
"""Cells of each radiograph that the kernel distance takes, evenly spread: it compares every pair of them."""

NAN = float("nan")
UNKNOWN = Estimate(NAN, NAN, NAN, NAN)


@dataclass(frozen=True)
class LabelRow:
    """What one generator came to in one direction; NaN where a row has no such figure.

    Attributes:
        called: Share of the radiographs that the classifier calls what was asked for.
        gained: How much that is above the share of the untouched ones, with its interval by patient.
        frechet: Fréchet distance of their features to those of real ones of that kind.
        kernel: Kernel distance of the same.
        cycle_psnr: Of what comes back after a change there and back, to the original, dB.
        cycle_ssim: The same by SSIM.
        same_psnr: Of what comes back where its own labels are asked for, dB.
        same_ssim: The same by SSIM.
        psnr: Of the translated radiograph to its original, dB.
        ssim: The same by SSIM.
        difference: Mean absolute difference of the two, share of the grey range.
        lungs: Dice of the lungs found before and after.
        seconds: Of a radiograph.
    """

    called: float
    gained: Estimate = UNKNOWN
    frechet: float = NAN
    kernel: float = NAN
    cycle_psnr: float = NAN
    cycle_ssim: float = NAN
    same_psnr: float = NAN
    same_ssim: float = NAN
    psnr: float = NAN
    ssim: float = NAN
    difference: float = NAN
    lungs: float = NAN
    seconds: float = NAN


def untouched(bench: Bench, direction: Direction) -> LabelRow:
    """The radiographs as they were: what leaving them alone comes to."""
    before = bench.before(direction)
    frechet, kernel = _distances(before.sights, bench.wanted(direction).sights)
    return LabelRow(float(bench.called(direction, before.sights).mean()), frechet=frechet, kernel=kernel)


def real(bench: Bench, direction: Direction) -> LabelRow:
    """Real radiographs of the kind that is asked for: the distance of one half of the patients to the other."""
    wanted = bench.wanted(direction)
    names = sorted(set(wanted.patients))
    halves = [
        [sight for sight, patient in zip(wanted.sights, wanted.patients, strict=True) if patient in names[start::2]]
        for start in (0, 1)
    ]
    frechet, kernel = _distances(*halves) if all(halves) else (NAN, NAN)
    return LabelRow(float(bench.called(direction, wanted.sights).mean()), frechet=frechet, kernel=kernel)


def measured(drawer: WholeDrawer, bench: Bench, direction: Direction, run: Run) -> LabelRow:
    """Translate every radiograph there, there and back, and to what it is.

    Raises:
        StudioError: the generator cannot be used, or its answer is not finite.
        Cancelled: through the run.
    """
    before, device = bench.before(direction), choose_device(run.device)
    sights, figures = [], []
    for number, (case, image) in enumerate(zip(before.cases, before.images, strict=True)):
        run.cancel.raise_if_cancelled()
        asked = (direction.label,) if direction.given else ()
        drawn = drawer.translate(image, image.stored, number, asked)
        sights.append(Sight.of(unit_image(image, drawn.stored)))
        kept = label_score(image, drawn, partial(_lungs, image, device))
        there_and_back = drawer.translate(image, drawn.stored, number, case.labels)
        same = drawer.translate(image, image.stored, number, case.labels)
        figures.append({**asdict(kept), **_like("cycle", image, there_and_back), **_like("same", image, same)})
        run.progress((number + 1) / len(before.cases), direction.title)
    after, earlier = bench.called(direction, sights), bench.called(direction, before.sights)
    gained = estimate(resampled_means(after - earlier, patient_counts(before.patients)))
    frechet, kernel = _distances(sights, bench.wanted(direction).sights)
    means = {name: _mean([one[name] for one in figures]) for name in figures[0]}
    return LabelRow(float(after.mean()), gained, frechet, kernel, **means)


def _like(name: str, image: Radiograph, answer: Redrawn) -> dict[str, float]:
    """PSNR and SSIM of an answer to the radiograph, by the row's names."""
    found, true = unit_image(image, answer.stored), unit_image(image)
    return {f"{name}_psnr": psnr(found, true, value_range=1), f"{name}_ssim": ssim(found, true, value_range=1)}


def _lungs(image: Radiograph, device: str, stored: Stored) -> Mask | None:
    found = lung_mask(replace(image, stored=stored), device=device)
    return found.mask if found.found else None


def _distances(first: Sequence[Sight], second: Sequence[Sight]) -> tuple[float, float]:
    """Fréchet distance of all cells, kernel distance of ``EACH`` of every radiograph."""
    moments = [Moments.of(np.concatenate([one.cells for one in sights])) for sights in (second, first)]
    some = [np.concatenate([_spread(one.cells) for one in sights]) for sights in (first, second)]
    return frechet_distance(*moments), kernel_distance(*some)


def _spread(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    places = np.linspace(0, len(cells) - 1, min(EACH, len(cells))).round().astype(int)
    return np.asarray(cells[places])


def _mean(values: Sequence[float]) -> float:
    """Over those that are finite; infinite where nothing changed at all."""
    finite = [value for value in values if np.isfinite(value)]
    return float(np.mean(finite)) if finite else float(values[0])
