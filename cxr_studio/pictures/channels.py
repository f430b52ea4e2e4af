"""The channels of an open Pillow image at full depth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import ReadError

ONE_CHANNEL = {
    "1": np.bool_,
    "L": np.uint8,
    "I": np.int32,
    "F": np.float32,
    **dict.fromkeys(("I;16", "I;16L", "I;16B", "I;16N"), np.uint16),
}
"""Pillow's modes of one channel → dtype."""

WITH_OPACITY = ("LA", "La", "PA", "RGBA", "RGBa")


def channels(image: Any, path: Path) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Values and opacity of an open Pillow image, as ``Picture`` has them.

    Raises:
        ReadError: colour channels of 16 bits, of which Pillow would keep 8.
    """
    single = ONE_CHANNEL.get(image.mode)
    if single is None and ";16" in str(getattr(image, "tile", "")):
        raise ReadError("it has colour channels of 16 bits", file=path, remedy="Save it as 16-bit grey")
    transparent = image.info.get("transparency")
    if image.mode in WITH_OPACITY or (transparent is not None and image.mode in ("P", "RGB")):
        whole = np.asarray(image.convert("RGBA"))
        return whole[..., :3], whole[..., 3]
    if single is None:
        return np.asarray(image.convert("RGB")), None
    values: NDArray[Any] = np.asarray(image).astype(single)
    clear = isinstance(transparent, int) and single in (np.uint8, np.uint16)
    return values, np.where(values == transparent, 0, 255).astype(np.uint8) if clear else None
