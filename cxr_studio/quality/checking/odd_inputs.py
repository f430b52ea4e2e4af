"""Images and masks that no user means, and what a generator has to make of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cxr_studio.generation.request import ImageView
from cxr_studio.masks.boxes import Mask, cut
from cxr_studio.metrics.seam import seam_ratio
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import FillLimits
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import FillOptions, FillRequest

SIDE = 512
"""Side of the odd images, pixels."""

GREYS = {"black": 0, "mid-grey": 128, "white": 255}

Grey = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Answer:
    """A filled odd image and the worst of it.

    Attributes:
        image: ``uint8 [512, 512]``.
        outside: Pixels changed outside the mask.
    """

    image: Grey
    outside: int


def odd_findings(generator: str, sample: Grey, limits: FillLimits, *, device: str) -> list[Finding]:
    """Fill odd images and odd masks.

    Args:
        generator: Registry name or checkpoint path.
        sample: A healthy radiograph's central square, ``uint8 [512, 512]``.
        limits: What is allowed.
        device: "auto", "cpu", "cuda" or "mps".

    Returns:
        A finding each.

    Raises:
        GeneratorError: an answer that is not finite.
    """
    ask = partial(answered, generator, device=device)
    noise = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE)).astype(np.uint8)
    hole = _square(64)
    return [
        _uniform(ask, hole, limits),
        _kept("noise", ask(noise, hole)),
        _mirrored(ask, sample, hole, limits),
        _one_pixel(ask, sample, limits),
        _seamless("hole over half of the image", ask, sample, _square(362), limits),
        _seamless("holes at the edges", ask, sample, _at_edges(), limits),
    ]


def half_hole(generator: str, sample: Grey, device: str) -> Callable[[], Answer]:
    """Load a generator by filling one pixel; returns the work of filling a hole over half of the image."""
    answered(generator, sample, _square(1), device=device)
    return partial(answered, generator, sample, _square(362), device=device)


def answered(generator: str, image: Grey, mask: Mask, *, device: str) -> Answer:
    """Fill a mask of an 8-bit image, the grain left off."""
    view = ImageView(image, linear_greyscale(image.dtype, 8), (0.0, 255.0))
    request = FillRequest(1, view, FillOptions(generator, grain="off"), mask)
    filled = image.copy()
    for patch in fill(request, device=device).patches:
        filled[cut(patch.box)] = patch.stored
    return Answer(filled, int(np.count_nonzero((filled != image) & ~mask)))


def _uniform(ask: partial[Answer], hole: Mask, limits: FillLimits) -> Finding:
    errors = {}
    for name, grey in GREYS.items():
        filled = ask(np.full((SIDE, SIDE), grey, np.uint8), hole).image[hole]
        errors[name] = float(np.abs(filled.astype(float) - grey).max()) / 255
    worst = max(errors, key=lambda name: errors[name])
    words = f"at most {errors[worst]:.3f} of the window off, on {worst}"
    return Finding("images of one grey stay so", errors[worst] <= limits.uniform, words)


def _kept(name: str, answer: Answer) -> Finding:
    return Finding(f"{name}: nothing outside the mask", answer.outside == 0, f"{answer.outside} pixels outside")


def _mirrored(ask: partial[Answer], sample: Grey, hole: Mask, limits: FillLimits) -> Finding:
    plain, negative = ask(sample, hole).image[hole], ask(255 - sample, hole).image[hole]
    error = float(np.abs(255.0 - negative - plain).mean()) / 255
    words = f"the fill of a negative is {error:.3f} of the window from the negative of the fill"
    return Finding("inverted polarity", error <= limits.mirrored, words)


def _one_pixel(ask: partial[Answer], sample: Grey, limits: FillLimits) -> Finding:
    mask = _square(1)
    y, x = np.argwhere(mask)[0]
    filled = float(ask(sample, mask).image[y, x])
    ring = np.delete(sample[y - 1 : y + 2, x - 1 : x + 2].ravel().astype(float), 4)
    error = abs(filled - float(ring.mean())) / 255
    return Finding("a single pixel", error <= limits.one_pixel, f"{error:.3f} of the window from its neighbours' mean")


def _seamless(name: str, ask: partial[Answer], sample: Grey, mask: Mask, limits: FillLimits) -> Finding:
    answer = ask(sample, mask)
    seam = seam_ratio(answer.image, mask)
    words = f"seam ratio {seam:.2f}, {answer.outside} pixels outside"
    return Finding(name, seam <= limits.odd_seam and answer.outside == 0, words)


def _square(side: int) -> Mask:
    mask = np.zeros((SIDE, SIDE), bool)
    start = (SIDE - side) // 2
    mask[start : start + side, start : start + side] = True
    mask.setflags(write=False)
    return mask


def _at_edges() -> Mask:
    mask = np.zeros((SIDE, SIDE), bool)
    mask[:30, 200:280] = mask[240:300, :24] = mask[-20:, -20:] = True
    mask.setflags(write=False)
    return mask
