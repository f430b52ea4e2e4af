"""How noisy the human-like observer's eye is to be: so that a stated fill is picked out at a stated rate.

The fill is the biharmonic one at a part of its contrast: original + c · (fill - original). Unlike any trained generator
it never changes, so that the figure stays comparable. Noise hides structure of low contrast; the more noise, the
rarer the right answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cxr_studio.events import Progress, silent
from cxr_studio.metrics.forced_choice import Rate
from cxr_studio.networks.observers.observer import Eye, percent_correct
from cxr_studio.networks.observers.pairs import Pairs
from cxr_studio.networks.observers.training import HUMAN_EYE, train_observer
from cxr_studio.quality.evaluation import Way
from cxr_studio.quality.observers.asking import Drawn
from cxr_studio.quality.observers.judging import Ground
from cxr_studio.quality.observers.scenes import pairs_of

REFERENCE = Way("biharmonic", "off")

WANTED = 0.75
"""Right answers at threshold, half-way between chance and certainty."""

NOISES = (4.0, 8.0, 16.0)
"""Standard deviations, grey levels, that are tried."""


@dataclass(frozen=True)
class Calibration:
    """What was found.

    Attributes:
        contrast: Of the reference fill.
        rates: At each noise that was tried.
        noise: Grey levels at which ``WANTED`` is reached, between those that were tried; NaN where it is beyond.
    """

    contrast: float
    rates: dict[float, Rate]
    noise: float


def diluted(pairs: Pairs, contrast: float) -> Pairs:
    """Pairs whose fill is brought nearer to the original: 1 leaves it, 0 is the original."""
    return replace(pairs, fake=pairs.real + np.float32(contrast) * (pairs.fake - pairs.real))


def calibrate(
    ground: Ground, contrast: float, *, noises: Sequence[float] = NOISES, progress: Progress = silent
) -> Calibration:
    """Train a human-like observer for every noise on the diluted reference fill, and ask it.

    Args:
        ground: Scenes with the fills of ``REFERENCE``.
        contrast: Of the fill, above 0 to 1.
        noises: Grey levels, rising.
        progress: Called as the training goes.
    """
    train, test = (
        diluted(pairs_of(scenes, Drawn(REFERENCE), "human-like"), contrast) for scenes in (ground.train, ground.test)
    )
    rates: dict[float, Rate] = {}
    for k, noise in enumerate(noises):
        training = replace(ground.training, eye=Eye(HUMAN_EYE.blur, noise))

        def step(fraction: float, words: str, k: int = k) -> None:
            progress((k + fraction) / len(noises), words)

        observer = train_observer(train, "human-like", training=training, device=ground.device, progress=step)
        rates[noise] = percent_correct(observer, test, device=ground.device)
    return Calibration(contrast, rates, noise_at(rates))


def noise_at(rates: dict[float, Rate], wanted: float = WANTED) -> float:
    """The noise at which a rate is reached: linear between d' and the logarithm of the noise; NaN beyond the ends."""
    from scipy.special import ndtri

    noises = np.array(sorted(rates))
    sharpness = ndtri(np.clip([rates[float(noise)].value for noise in noises], 0.01, 0.99))
    falling = np.minimum.accumulate(sharpness)
    target = float(ndtri(wanted))
    if not falling[-1] <= target <= falling[0]:
        return float("nan")
    return float(np.exp(np.interp(-target, -falling, np.log(noises))))
