"""The lung behind a nodule that is all drawn: what the default restore generator fills there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.generation.offering import find
from cxr_studio.generation.request import ImageView, Request
from cxr_studio.masks.boxes import Mask, cut
from cxr_studio.nodules.placement import NoduleRequest
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.radiograph import Stored
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing, SpacingOrigin
from cxr_studio.restore import rules
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import FillOptions
from cxr_studio.settings import DEFAULT_GENERATOR

RESTORE = DEFAULT_GENERATOR
"""Registry name of the generator: that of ``cxr-studio inpaint`` without ``--generator``."""

DEEP = 65_535
"""Grey levels at which a patch in unit values is handed to it."""


@dataclass(frozen=True, eq=False)
class DrawnLung:
    """An image with lung in place of a region.

    Attributes:
        stored: Stored values ``[H, W]``.
        made: What drew it, for provenance.
    """

    stored: Stored
    made: dict[str, object]


def lung_behind(request: NoduleRequest, region: Mask, *, device: str = "auto") -> DrawnLung:
    """The image with healthy lung in place of a region, grain matched; other seeds of the placement give other lung.

    Args:
        request: The image and the nodule.
        region: ``bool [H, W]`` of the image.
        device: Where the generator runs.

    Raises:
        GeneratorError: the region leaves nothing to continue.
    """
    options = FillOptions(RESTORE, seed=request.options.seed)
    result = fill(Request(request.number, request.image, options, region), device=device)
    filled = request.image.stored.copy()
    for patch in result.patches:
        filled[cut(patch.box)] = patch.stored
    stated = result.provenance
    made: dict[str, object] = {"generator": stated.generator, "checkpoint_sha256": stated.checkpoint_sha256}
    return DrawnLung(filled, made)


def lung_in_patch(
    patch: NDArray[np.float32], region: Mask, *, seed: int, generator: str = RESTORE, device: str = "auto"
) -> NDArray[np.float32]:
    """The same for a patch in grey -1 to 1, ``float32 [S, S]``, whose surroundings are all there is."""
    stored = np.round((np.clip(patch, -1, 1) + 1) * (DEEP / 2)).astype(np.uint16)
    card = find(RESTORE, rules.RESTORE).card
    pitch = card.mm_per_pixel if card is not None else 0.0
    spacing = Spacing(pitch, pitch, SpacingOrigin.AT_DETECTOR) if pitch else UNKNOWN_SPACING
    image = ImageView(stored, linear_greyscale(stored.dtype, bits=16), (0.0, float(DEEP)), spacing)
    filled = stored.copy()
    for part in fill(Request(0, image, FillOptions(generator, seed=seed), region), device=device).patches:
        filled[cut(part.box)] = part.stored
    return np.where(region, filled / np.float32(DEEP / 2) - 1, patch).astype(np.float32)
