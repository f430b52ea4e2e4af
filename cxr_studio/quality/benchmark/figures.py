"""The figures of one answer: how near it is to the truth, in the whole image and under the mask, and how it looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.masks.boxes import cut
from cxr_studio.metrics.fidelity import mae, masked_uqi, mse, psnr, ssim_map, uqi
from cxr_studio.metrics.frechet import Moments
from cxr_studio.metrics.grain import grain_ratio
from cxr_studio.metrics.seam import seam_ratio
from cxr_studio.networks.observers.network import Kind
from cxr_studio.networks.observers.observer import Observer
from cxr_studio.quality.benchmark.features import SHIPPED, Features, surroundings
from cxr_studio.quality.benchmark.places import Place
from cxr_studio.quality.comparison.observed import picked_by
from cxr_studio.quality.evaluation import RANGE
from cxr_studio.quality.whole_images import unit_image
from cxr_studio.radiographs.radiograph import Stored

NAN = float("nan")
EDGE = 5
"""Pixels at the border of the image whose SSIM window does not lie inside; they do not count for the whole image."""

Observers = Mapping[Kind, Observer]


@dataclass(frozen=True, eq=False)
class Instruments:
    """What answers are measured with beside plain figures.

    Attributes:
        features: Of which distances are taken.
        observers: Those that are asked; they say nothing of patients that they were trained on, nor of masks of a size
            that they do not know.
    """

    features: Features = SHIPPED
    observers: Observers = field(default_factory=dict)


PLAIN = Instruments()


@dataclass(frozen=True)
class Figures:
    """Figures of one answer on grey 0 to 255; NaN where there is nothing to measure.

    Attributes:
        ssim: Of the whole image as it is compared.
        psnr: Likewise, dB.
        mse: Likewise.
        uqi: Likewise.
        mae: Likewise.
        masked_ssim: Mean over the mask's pixels, whose windows see the surroundings.
        masked_psnr: Over the mask's pixels, dB.
        masked_mse: Over the mask's pixels.
        masked_uqi: Mean over the windows that lie half in the mask.
        masked_mae: Over the mask's pixels.
        grain: Standard deviation of the Laplacian under the mask at the radiograph's own pixels, answer over original.
        seam: Gradient across the mask's border over that near it, likewise.
        known: Whether the location-known observer picks the original, 0 to 1.
        human: Whether the human-like observer does.
        search: Whether the search observer does.
    """

    ssim: float
    psnr: float
    mse: float
    uqi: float
    mae: float
    masked_ssim: float
    masked_psnr: float
    masked_mse: float
    masked_uqi: float
    masked_mae: float
    grain: float
    seam: float
    known: float = NAN
    human: float = NAN
    search: float = NAN


FIGURES = tuple(one.name for one in fields(Figures))
KINDS: dict[str, Kind] = {"known": "location-known", "human": "human-like", "search": "search"}
"""Figures of observers → their kinds."""


@dataclass(frozen=True, eq=False)
class Measured:
    """An answer measured.

    Attributes:
        figures: By name.
        moments: Of the features; None where an image has one vector alone.
        vector: Their mean ``[D]``.
    """

    figures: Mapping[str, float]
    moments: Moments | None
    vector: Plane


def measured(place: Place, stored: Stored, instruments: Instruments = PLAIN) -> Measured:
    """Measure an answer.

    Args:
        place: Where.
        stored: The whole image that came back.
        instruments: What it is measured with.
    """
    found = unit_image(place.radiograph, stored)
    image, true, mask = place.shrunk(found) * RANGE, place.true * RANGE, place.compared_mask
    similar = ssim_map(image, true, value_range=RANGE)
    around = cut(surroundings(place.mask))
    drawn, original, hole = found[around], place.original[around], place.mask[around]
    figures = Figures(
        ssim=float(similar[EDGE:-EDGE, EDGE:-EDGE].mean()),
        psnr=psnr(image, true, value_range=RANGE),
        mse=mse(image, true),
        uqi=uqi(image, true),
        mae=mae(image, true),
        masked_ssim=float(similar[mask].mean()),
        masked_psnr=psnr(image[mask], true[mask], value_range=RANGE),
        masked_mse=mse(image[mask], true[mask]),
        masked_uqi=masked_uqi(image, true, mask),
        masked_mae=mae(image[mask], true[mask]),
        grain=grain_ratio(drawn * RANGE, original * RANGE, hole),
        seam=seam_ratio(drawn * RANGE, hole),
        **_observed(place, found, instruments.observers),
    )
    return measured_of(asdict(figures), instruments.features.of(found, place.mask))


def measured_of(figures: Mapping[str, float], vectors: Plane) -> Measured:
    """Figures with what is kept of the features ``[N, D]``."""
    return Measured(figures, *_summed(vectors))


def true_features(place: Place, features: Features) -> tuple[Moments | None, Plane]:
    """Moments and mean of the original's features."""
    return _summed(features.of(place.original, place.mask))


def _summed(vectors: Plane) -> tuple[Moments | None, Plane]:
    """Moments of several vectors, and the mean; moments of one are its own and of no use."""
    moments = Moments.of(vectors) if len(vectors) > 1 else None
    return moments, np.asarray(vectors.mean(axis=0), np.float32)


def _observed(place: Place, found: Plane, observers: Observers) -> dict[str, float]:
    return {
        name: picked_by(observers[kind], (place.original, found), place.mask)
        for name, kind in KINDS.items()
        if kind in observers and not observers[kind].saw(place.patient)
    }
