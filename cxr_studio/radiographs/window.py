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

    def apply(self, modality: NDArray[np.float32]) -> NDArray[np.float32]:
        """Map modality values to 0 to 1, by the formulas of PS3.3 C.11.2.1.2 and C.11.2.1.3."""
        x = modality.astype(np.float64)
        if self.function is VoiFunction.TABLE and self.table is not None:
            place = np.clip(np.floor(x - self.first + 0.5), 0, len(self.table) - 1).astype(np.int64)
            return np.asarray(self.table[place])
        if self.function is VoiFunction.SIGMOID:
            shown = 1.0 / (1.0 + np.exp(np.clip(-4.0 * (x - self.center) / self.width, -700, 700)))
        elif self.function is VoiFunction.LINEAR_EXACT:
            shown = (x - self.center) / max(self.width, 1e-6) + 0.5
        elif self.width <= 1:
            shown = np.where(x <= self.center - 0.5, 0.0, 1.0)
        else:
            shown = (x - (self.center - 0.5)) / (self.width - 1.0) + 0.5
        return np.asarray(np.clip(shown, 0.0, 1.0).astype(np.float32))

    def edges(self) -> tuple[float, float]:
        """Modality values shown as black and as white; for curves, where they pass 1 % and 99 %."""
        if self.function is VoiFunction.TABLE and self.table is not None:
            rising = self.table if self.table[-1] >= self.table[0] else self.table[::-1]
            inside = np.flatnonzero((rising > 0.01) & (rising < 0.99))
            if len(inside) < 2:
                inside = np.array([0, len(rising) - 1])
            first, last = (int(inside[0]), int(inside[-1]))
            if rising is not self.table:
                first, last = len(rising) - 1 - last, len(rising) - 1 - first
            return self.first + first, self.first + max(last, first + 1)
        if self.function is VoiFunction.SIGMOID:
            reach = self.width * np.log(99.0) / 4.0
            return self.center - reach, self.center + reach
        if self.function is VoiFunction.LINEAR_EXACT:
            return self.center - self.width / 2, self.center + self.width / 2
        reach = max(self.width - 1.0, 1e-3) / 2
        return self.center - 0.5 - reach, self.center - 0.5 + reach
