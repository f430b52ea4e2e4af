"""Arrays that every room speaks of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
"""``float32 [H, W]``: grey levels, differences or scores, one number a pixel."""
