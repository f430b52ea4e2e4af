"""A window: the VOI transformation from modality values to the shown grey."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class VoiFunction(StrEnum):
    """VOI LUT Function (0028,1056), DICOM PS3.3 C.11.2.1, and an explicit table."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"
    TABLE = "TABLE"


@dataclass(frozen=True, eq=False)
class Window:
    """Centre and width in modality values (before any MONOCHROME1 inversion).

    Attributes:
        center: Window Center, modality units.
        width: Window Width, modality units, at least 1 for LINEAR and above 0 otherwise.
        function: How the window is applied.
        name: Explanation to show in the preset menu.
        table: For TABLE, the VOI LUT's entries as float32 in 0 to 1, else None.
        first: For TABLE, the modality value that the first entry stands for.
    """

    center: float
    width: float
    function: VoiFunction = VoiFunction.LINEAR
    name: str = ""
    table: NDArray[np.float32] | None = None
    first: float = 0.0
