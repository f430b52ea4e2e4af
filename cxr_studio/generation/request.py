"""What is asked of a generator and what comes back: frozen, plain, safe to hand between threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import Box
from cxr_studio.radiographs.greyscale import GreyScale
from cxr_studio.radiographs.radiograph import Stored
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing
from cxr_studio.settings import DEFAULT_GENERATOR

Grain = Literal["match", "spectrum", "off"]
VARIATIONS = 16
"""Seeds below this ask "exemplar" for its variations, the best first; any larger one for the best, with other grain."""


@dataclass(frozen=True)
class FillOptions:
    """How a fill is prepared and pasted.

    Attributes:
        generator: Registry name, e.g. "inpainting" or "biharmonic".
        seed: Seed of everything random in the answer (grain, stochastic generators). Of "exemplar", seeds 0 to 15 are
            the variations, the best first, and every larger seed is the best with other grain.
        grain: "match" gives the filled area the finest noise of its surroundings, "spectrum" that of every scale up
            to 8 pixels, "off" pastes the plain output.
        grow: Pixels of the generator's own grid by which the painted mask is grown before the network sees it, 0-16.
        feather: Width in image pixels, inside the mask only, over which the fill fades in, 0-32.
        donors: Folder of the user's own healthy radiographs from which "exemplar" takes donors too, "" for none.
        without: Patient whose radiographs are no donors, "" where nobody's are left out.
    """

    generator: str = DEFAULT_GENERATOR
    seed: int = 0
    grain: Grain = "match"
    grow: int = 1
    feather: int = 3
    donors: str = ""
    without: str = ""


@dataclass(frozen=True, eq=False)
class InpaintRequest:
    """One question to a generator.

    Attributes:
        number: Generation number; a result that is not the newest is dropped.
        stored: The image to fill, stored values ``[H, W]``, read-only.
        mask: ``bool [H, W]``, True = to be filled (the painted mask).
        grey: The radiograph's grey-scale pipeline (decode to pixels, encode back).
        unit: Pixel values ``(low, high)`` that the generator sees as 0 and 1 (Radiograph.unit_range).
        spacing: Millimetres per pixel, or unknown.
        options: Generator, seed and pasting options.
    """

    number: int
    stored: Stored
    mask: NDArray[np.bool_]
    grey: GreyScale
    unit: tuple[float, float]
    spacing: Spacing = UNKNOWN_SPACING
    options: FillOptions = field(default_factory=FillOptions)


@dataclass(frozen=True, eq=False)
class Patch:
    """A rectangle of new stored values; equal to the request's own values outside the mask.

    Attributes:
        box: Where it goes.
        stored: Values ``[y1-y0, x1-x0]`` of the request's dtype.
    """

    box: Box
    stored: Stored


@dataclass(frozen=True)
class Provenance:
    """Enough to make the same pixels again on the same device.

    Attributes:
        input_sha256: Of the request's stored values (dtype, shape and bytes).
        mask_sha256: Of the mask (shape and packed bits).
        generator: Registry name.
        checkpoint_sha256: Of the checkpoint file, "" for a built-in generator.
        card: The checkpoint's card as a JSON object, {} for a built-in generator.
        options: FillOptions as a JSON object.
        unit: The request's unit range.
        device: "cpu", "cuda:0", "mps".
        version: Version of CXR Studio.
        donors: Where the pixels of each region come from, a JSON object a region; empty where nothing was copied.
    """

    input_sha256: str
    mask_sha256: str
    generator: str
    checkpoint_sha256: str
    card: dict[str, object]
    options: dict[str, object]
    unit: tuple[float, float]
    device: str
    version: str
    donors: tuple[dict[str, object], ...] = ()


@dataclass(frozen=True, eq=False)
class InpaintResult:
    """The answer to the request of the same number.

    Attributes:
        number: The request's generation number.
        patches: Rectangles of new stored values, the same where they overlap; none for an empty mask.
        seconds: Wall time spent in the engine.
        device: Device that did it.
        provenance: How to make it again.
        message: A sentence for the message bar ("The GPU ran out of memory; the CPU was used instead."), or "".
    """

    number: int
    patches: tuple[Patch, ...]
    seconds: float
    device: str
    provenance: Provenance
    message: str = ""


def unit_values(request: InpaintRequest, box: Box) -> NDArray[np.float32]:
    """Unit values ``float32`` of a box of the image: 0 and 1 are the request's unit range."""
    low, high = request.unit
    stored = request.stored[box[0] : box[2], box[1] : box[3]]
    return np.asarray((request.grey.decode(stored) - low) / np.float32(high - low), np.float32)
