"""Every generator at every place: answers, figures, and the crops that are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.errors import StudioError
from cxr_studio.masks.boxes import Box, bounding_box, cut
from cxr_studio.metrics.frechet import Moments
from cxr_studio.quality.benchmark.answering import answered
from cxr_studio.quality.benchmark.figures import FIGURES, Measured, Observers, measured, true_features
from cxr_studio.quality.benchmark.methods import Method
from cxr_studio.quality.benchmark.places import Place, Places
from cxr_studio.quality.judging import Run
from cxr_studio.quality.observers.kept_fills import FillCache
from cxr_studio.quality.whole_images import unit_image
from cxr_studio.radiographs.radiograph import Stored

Grey = NDArray[np.uint8]

SHOWN = 4
"""Places that are shown, spread evenly."""

CROP = 256
"""Longest side of a picture in the radiograph's own pixels: what fits four times beside each other on a page."""

BESIDE = 24
"""Least pixels shown around a mask where it is not larger than a picture."""


@dataclass(frozen=True, eq=False)
class Case:
    """A place without its pixels.

    Attributes:
        name: The radiograph's file name.
        number: Of the mask in it.
        patient: Whose it is.
        share: The mask's area as a share of the image.
        healthy: As of the place.
        moments: Of the original's features under the mask.
        vector: Their mean.
    """

    name: str
    number: int
    patient: str
    share: float
    healthy: bool | None
    moments: Moments
    vector: Plane


@dataclass(frozen=True, eq=False)
class Example:
    """A place that is shown, one picture pixel a pixel of the radiograph, grey 0 to 255.

    Attributes:
        name: The radiograph's file name.
        original: As it was.
        mask: Outline to draw, ``bool``.
        drawn: By the method's key.
    """

    name: str
    original: Grey
    mask: NDArray[np.bool_]
    drawn: dict[str, Grey] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Benchmark:
    """What was measured.

    Attributes:
        methods: Rows that were measured.
        cases: Places in order.
        found: By the method's key, one a case.
        examples: Places that are shown.
        faults: Why a row could not be measured, by its title.
        names: Of the figures.
    """

    methods: tuple[Method, ...]
    cases: tuple[Case, ...]
    found: Mapping[str, Sequence[Measured]]
    examples: tuple[Example, ...]
    faults: Mapping[str, str]
    names: tuple[str, ...] = FIGURES


def measure(
    places: Places,
    methods: Sequence[Method],
    run: Run,
    *,
    observers: Observers | None = None,
    cache: FillCache | None = None,
) -> Benchmark:
    """Ask every method about every place; answers are kept, so that a run that was stopped goes on where it was.

    A method that fails is told in ``faults`` and asked no further.

    Raises:
        StudioError: a radiograph or mask cannot be read, or every generator fails.
        Cancelled: through ``run``.
    """
    kept, alive = cache or FillCache(), {method.key: method for method in methods}
    found: dict[str, list[Measured]] = {key: [] for key in alive}
    cases, examples, faults = list[Case](), list[Example](), dict[str, str]()
    pictured = shown(len(places))
    for number, place in enumerate(places):
        cases.append(Case(place.name, place.number, place.patient, place.share, place.healthy, *true_features(place)))
        example = _example(place) if number in pictured else None
        for done, method in enumerate(list(alive.values())):
            run.cancel.raise_if_cancelled()
            try:
                stored = answered(method, place, run, kept)
            except StudioError as fault:
                if run.cancel.cancelled:
                    raise
                faults[method.title] = str(fault)
                del alive[method.key], found[method.key]
                continue
            found[method.key].append(measured(place, stored, observers))
            if example is not None:
                example.drawn[method.key] = _picture(place, stored)
            run.progress((number + (done + 1) / len(methods)) / len(places), f"{place.name}: {method.title}")
        examples += [example] if example is not None else []
    if not any(method.generator for method in alive.values()):
        raise StudioError(next(iter(faults.values())).rstrip("."))
    return Benchmark(tuple(alive.values()), tuple(cases), found, tuple(examples), faults)


def shown(count: int) -> set[int]:
    """Numbers of the places that are shown, of so many."""
    return {round(k) for k in np.linspace(0, count - 1, min(SHOWN, count))}


def _example(place: Place) -> Example:
    return Example(place.name, _picture(place, place.radiograph.stored), place.mask[cut(_window(place))])


def _picture(place: Place, stored: Stored) -> Grey:
    grey = unit_image(place.radiograph, stored)[cut(_window(place))] * 255
    return np.asarray(np.clip(np.rint(grey), 0, 255), np.uint8)


def _window(place: Place) -> Box:
    """A square around a mask's middle, inside the image: the mask with its surroundings, or as much as fits."""
    y0, x0, y1, x1 = bounding_box(place.mask) or (0, 0, 1, 1)
    height, width = place.mask.shape
    side = min(CROP, height, width, max(y1 - y0, x1 - x0, CROP // 2) + 2 * BESIDE)
    top = min(max((y0 + y1 - side) // 2, 0), height - side)
    left = min(max((x0 + x1 - side) // 2, 0), width - side)
    return top, left, top + side, left + side
