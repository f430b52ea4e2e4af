"""The lung behind a nodule that is all drawn: what the default restore generator fills there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.generation.generators import find
from cxr_studio.generation.request import FillOptions, InpaintRequest
from cxr_studio.masks.boxes import Mask, cut
from cxr_studio.nodules.placement import NoduleRequest
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.radiograph import Stored
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing, SpacingOrigin
from cxr_studio.restore.fill import fill
from cxr_studio.settings import DEFAULT_GENERATOR

RESTORE = DEFAULT_GENERATOR
"""Registry name of the generator: that of ``cxr-studio inpaint`` without ``--generator``."""

DEEP = 65_535
"""Grey levels at which a patch in unit values is handed to it."""


def lung_behind(request: NoduleRequest, region: Mask, *, device: str = "auto") -> Stored:
    """The image with healthy lung in place of a region, grain matched; other seeds of the placement give other lung.

    Args:
        request: The image and the nodule.
        region: ``bool [H, W]`` of the image.
        device: Where the generator runs.

    Returns:
        Stored values ``[H, W]``, a copy.

    Raises:
        GeneratorError: the region leaves nothing to continue.
    """
    options = FillOptions(RESTORE, seed=request.placement.seed)
    filled = request.stored.copy()
    asked = InpaintRequest(request.number, request.stored, region, request.grey, request.unit, request.spacing, options)
    for patch in fill(asked, device=device).patches:
        filled[cut(patch.box)] = patch.stored
    return filled


def lung_in_patch(patch: NDArray[np.float32], region: Mask, *, seed: int, device: str = "auto") -> NDArray[np.float32]:
    """The same for a patch in grey -1 to 1, ``float32 [S, S]``, whose surroundings are all there is."""
    stored = np.round((np.clip(patch, -1, 1) + 1) * (DEEP / 2)).astype(np.uint16)
    card = find(RESTORE).card
    pitch = card.mm_per_pixel if card is not None else 0.0
    spacing = Spacing(pitch, pitch, SpacingOrigin.AT_DETECTOR) if pitch else UNKNOWN_SPACING
    grey, options = linear_greyscale(stored.dtype, bits=16), FillOptions(RESTORE, seed=seed)
    asked = InpaintRequest(0, stored, region, grey, (0.0, float(DEEP)), spacing, options)
    filled = stored.copy()
    for part in fill(asked, device=device).patches:
        filled[cut(part.box)] = part.stored
    return np.where(region, filled / np.float32(DEEP / 2) - 1, patch).astype(np.float32)
