"""A small panel on a phantom, and a run with three snapshots of a tiny network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.quality.comparison.comparison_bench import Bench, lay_out


@pytest.fixture
def bench(tmp_path: Path, phantom: np.ndarray) -> Bench:
    return lay_out(tmp_path, phantom)
