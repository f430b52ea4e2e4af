"""Shares of margins among silhouettes of CT nodules and generated shapes: what the limits of ``margin`` rest on.

``python -m tests.benchmarks.bench_margins [LIBRARY.npz]``; without a library the bundled 300 nodules are measured.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from cxr_studio.masks.boxes import Mask
from cxr_studio.nodules.ct_library import bundled_library, held_out, read_library
from cxr_studio.nodules.ct_silhouettes import views
from cxr_studio.nodules.margin import outlined
from cxr_studio.nodules.shapes import draw_shapes

GENERATED = 256


def tell(title: str, silhouettes: Iterable[Mask]) -> None:
    """Print one row."""
    found = [str(outlined(mask).margin or "between") for mask in silhouettes]
    shares = ", ".join(f"{name} {100 * count / len(found):.1f} %" for name, count in sorted(Counter(found).items()))
    print(f"{title}, {len(found)}: {shares}")


if __name__ == "__main__":
    library = read_library(Path(sys.argv[1])) if len(sys.argv) > 1 else bundled_library()
    learned = tuple(nodule for nodule in library if not held_out(nodule.series))
    tell("CT nodules from a random side", views(learned, 1, seed=1))
    tell("Generated shapes", draw_shapes(range(GENERATED)))
