"""The grey-scale pipeline in the standard's order, one way for pixels and one for display.

Stored value → modality LUT or rescale → VOI LUT or window → MONOCHROME1 inversion last
(DICOM PS3.3 C.11.1, C.11.2, C.7.6.3.1.2). Pixels, the values that networks and metrics see, are the modality
values with bright = dense: for MONOCHROME1 they are mirrored within the modality range.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.radiographs.window import Window

INT16_OFFSET = 32_768
"""Added to an int16 stored value to index a table of 65,536 entries."""


@dataclass(frozen=True, eq=False)
class GreyScale:
    """How stored values become modality values, pixels and grey.

    Attributes:
        modality: Modality value of every possible stored value, float32 ``[256]`` for uint8 or
            ``[65536]`` for uint16 and int16 (index = stored + 32,768 for int16). Monotonic or not.
        low: Smallest legal stored value (from BitsStored and sign); encode never goes below.
        high: Largest legal stored value.
        inverted: True for MONOCHROME1.
        windows: Presets from the file, best first; may be empty.
    """

    modality: NDArray[np.float32]
    low: int
    high: int
    inverted: bool = False
    windows: tuple[Window, ...] = ()
