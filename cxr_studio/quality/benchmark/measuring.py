"""Every generator at a place: figures and the crops that are shown; and the benchmark that all places make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.errors import Cancelled, StudioError
from cxr_studio.masks.boxes import Box, bounding_box, cut
from cxr_studio.metrics.frechet import Moments
from cxr_studio.quality.benchmark.features import Features
from cxr_studio.quality.benchmark.figures import FIGURES, PLAIN, Instruments, Measured, true_features
from cxr_studio.quality.benchmark.methods import Method
from cxr_studio.quality.benchmark.places import Place
from cxr_studio.quality.whole_images import unit_image
from cxr_studio.radiographs.radiograph import Stored

Grey = NDArray[np.uint8]

Answer = Callable[[Method, Place], tuple[Measured, Stored]]
"""What a method answers at a place, measured, and the image."""

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
        moments: Of the original's features; None where it has one vector alone.
        vector: Their mean.
    """

    name: str
    number: int
    patient: str
    share: float
    healthy: bool | None
    moments: Moments | None
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
        instruments: What they were measured with.
    """

    methods: tuple[Method, ...]
    cases: tuple[Case, ...]
    found: Mapping[str, Sequence[Measured]]
    examples: tuple[Example, ...]
    faults: Mapping[str, str]
    names: tuple[str, ...] = FIGURES
    instruments: Instruments = PLAIN


@dataclass(eq=False)
class Seen:
    """What the places of one radiograph came to.

    Attributes:
        cases: The places in order.
        found: By the method's key, one a case that could be measured.
        faults: Why a method failed, by its title.
        examples: Those of the places that are shown.
    """

    cases: list[Case] = field(default_factory=list)
    found: dict[str, list[Measured]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)


def case_of(place: Place, features: Features) -> Case:
    """A place without its pixels."""
    return Case(place.name, place.number, place.patient, place.share, place.healthy, *true_features(place, features))


def see(place: Place, methods: Sequence[Method], onto: Seen, *, answer: Answer, pictured: bool) -> None:
    """Ask every method about a place; one that fails is asked no further about its radiograph.

    Args:
        place: The place.
        methods: Who is asked.
        onto: Takes what comes of it.
        answer: Gives a method's answer, measured, and the image that it is of.
        pictured: Whether the place is shown.
    """
    example = _example(place) if pictured else None
    for method in (method for method in methods if method.title not in onto.faults):
        try:
            found, stored = answer(method, place)
        except Cancelled:
            raise
        except StudioError as fault:
            onto.faults[method.title] = str(fault)
            continue
        onto.found.setdefault(method.key, []).append(found)
        if example is not None:
            example.drawn[method.key] = _picture(place, stored)
    onto.examples += [example] if example is not None else []


def joined(methods: Sequence[Method], seen: Iterable[Seen], instruments: Instruments = PLAIN) -> Benchmark:
    """The benchmark of all radiographs in order. A method that failed anywhere is left out, and named in ``faults``.

    Args:
        methods: The rows.
        seen: What was measured, a radiograph each.
        instruments: With what.

    Raises:
        StudioError: every generator fails.
    """
    whole = Seen()
    for one in seen:
        whole.cases += one.cases
        whole.examples += one.examples
        whole.faults = {**one.faults, **whole.faults}
        for key, measures in one.found.items():
            whole.found.setdefault(key, []).extend(measures)
    alive = tuple(method for method in methods if method.title not in whole.faults)
    if not any(method.generator for method in alive):
        raise StudioError(next(iter(whole.faults.values())).rstrip("."))
    keys = {method.key for method in alive}
    for example in whole.examples:
        for key in example.drawn.keys() - keys:
            del example.drawn[key]
    found = {key: whole.found[key] for key in (method.key for method in alive)}
    return Benchmark(alive, tuple(whole.cases), found, tuple(whole.examples), whole.faults, instruments=instruments)


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
