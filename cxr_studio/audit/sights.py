"""Reading every radiograph once and measuring what all questions need of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.audit.cases import Case, compared_with_findings
from cxr_studio.audit.measures import files, greys, places, whole
from cxr_studio.audit.traits import Traits
from cxr_studio.datasets.entries import Rectangle
from cxr_studio.datasets.naming import stem_of
from cxr_studio.errors import ReadError
from cxr_studio.events import Progress, silent
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph

EIGHT_BITS = 255.0

THUMB = 64
"""Side of the picture by which near-duplicates are found, pixels."""

Values = NDArray[np.float64]


@dataclass(eq=False)
class Sight:
    """What was measured of one radiograph, or of one place in it.

    Attributes:
        case: The radiograph.
        pretend: A place without a finding.
        traits: Question → figures.
        patches: Question → patch ``float32 [SIDE, SIDE]``.
        curves: Question → what is averaged for its picture.
    """

    case: Case
    pretend: bool = False
    traits: dict[str, Traits] = field(default_factory=dict)
    patches: dict[str, Plane] = field(default_factory=dict)
    curves: dict[str, Values] = field(default_factory=dict)


@dataclass(eq=False)
class Sights:
    """Everything that was measured.

    Attributes:
        radiographs: One a readable file.
        places: Findings of all, and pretend places of real ones.
        thumbs: Small pictures of the radiographs, in their order, ``float32 [THUMB, THUMB]``.
        skipped: A sentence for every file that could not be read.
    """

    radiographs: list[Sight] = field(default_factory=list)
    places: list[Sight] = field(default_factory=list)
    thumbs: list[Plane] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def sights_of(cases: Sequence[Case], *, files_only: bool = False, progress: Progress = silent) -> Sights:
    """Measure all radiographs.

    Args:
        cases: What is audited.
        files_only: Only what the questions about files need.
        progress: Called after each; what it raises stops the work.

    Raises:
        ReadError: no file could be read.
    """
    found, fitted = Sights(), compared_with_findings(cases)
    for number, case in enumerate(cases, 1):
        try:
            radiograph = read_radiograph(case.path)
            found.radiographs.append(_file(case, radiograph))
        except (ReadError, OSError) as fault:
            found.skipped.append(str(fault))
            continue
        if not files_only:
            _inside(found, radiograph, fitted=fitted)
        progress(number / len(cases), f"reading {case.path.name}, {number} of {len(cases)}")
    if not found.radiographs:
        raise ReadError(
            f"none of the manifest's radiographs can be read ({found.skipped[0]})", remedy="Check the column file"
        )
    _order_names(found.radiographs)
    return found


def _file(case: Case, radiograph: Radiograph) -> Sight:
    """What the file says, and its histogram."""
    content = case.path.read_bytes()
    own = Sight(case)
    own.traits["size"] = files.size_traits(content, radiograph.stored.size)
    own.traits["header"] = files.header_traits(content)
    own.traits["name"] = files.name_traits(stem_of(case.path))
    _pixels(own, radiograph)
    return own


def _inside(found: Sights, radiograph: Radiograph, *, fitted: bool) -> None:
    """What lies in the radiograph that was read last: all of it, and around the findings."""
    own, image = found.radiographs[-1], unit_image(radiograph)
    case = own.case
    borrowed = case.borrowed_in(radiograph.shape)
    own.traits["whole"] = whole.whole_traits(image, whole.cover_of(radiograph.shape, [*case.boxes, *borrowed]))
    found.thumbs.append(thumb(image))
    if min(image.shape) < places.SIDE:
        return
    rng = np.random.default_rng(list(sha256(case.path.name.encode()).digest()[:8]))
    pretend = () if case.synthetic else [box for box in borrowed if not any(meet(box, other) for other in case.boxes)]
    spots = [(places.fitted_spot if fitted else places.spot_of)(image, box) for box in case.boxes]
    found.places += [_place(case, spot, rng) for spot in spots if spot is not None]
    others = [places.spot_of(image, box) for box in pretend]
    found.places += [_place(case, spot, rng, pretend=True) for spot in others if spot is not None]


def _pixels(own: Sight, radiograph: Radiograph) -> None:
    stored = radiograph.stored
    own.traits["greys"] = greys.grey_traits(stored)
    own.curves["greys"] = greys.grey_curve(stored)
    shown = stored.astype(np.float32) * np.float32(EIGHT_BITS / max(2**radiograph.source.bits - 1, 1))
    own.traits["jpeg"] = greys.jpeg_traits(shown)
    own.curves["jpeg"] = greys.phase_profile(shown)


def _place(case: Case, spot: places.Spot, rng: np.random.Generator, *, pretend: bool = False) -> Sight:
    sight = Sight(case, pretend)
    patch = places.patch_at(spot, rng)
    sight.patches = {"patch": patch, "surround": places.surround_at(spot, rng)}
    sight.traits = {
        "spectrum": places.spectrum_traits(patch),
        "grain": places.grain_traits(spot),
        "seam": places.seam_traits(spot),
    }
    sight.curves = {
        "spectrum": places.spectrum(patch),
        "grain": places.grain_curve(spot),
        "seam": places.border_curve(spot),
    }
    return sight


def unit_image(radiograph: Radiograph) -> Plane:
    """The image in shares of its unit range, not cut."""
    low, high = radiograph.unit_range
    return np.asarray((radiograph.pixels - np.float32(low)) / np.float32(max(high - low, 1e-6)), np.float32)


def thumb(image: Plane) -> Plane:
    """A small picture without its slow changes, mean 0 and spread 1."""
    import cv2

    small = cv2.resize(image, (THUMB, THUMB), interpolation=cv2.INTER_AREA)
    small = small - cv2.GaussianBlur(small, (0, 0), THUMB / 16)
    return np.asarray((small - small.mean()) / max(float(small.std()), 1e-6), np.float32)


def meet(one: Rectangle, other: Rectangle) -> bool:
    """Whether two boxes have a pixel in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _order_names(radiographs: Sequence[Sight]) -> None:
    """Where each name stands when all are sorted."""
    order = sorted(range(len(radiographs)), key=lambda k: radiographs[k].case.path.name)
    for place, k in enumerate(order):
        own = radiographs[k].traits["name"]
        radiographs[k].traits["name"] = {**own, "place in the order of names": place / max(len(order) - 1, 1)}
