"""Conspicuity of real nodules by quantile: what the grades of ``subtlety`` rest on.

``python -m tests.benchmarks.bench_subtlety FOLDER``, a folder of radiographs with a ``boxes.csv``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from cxr_studio.nodules.conspicuity import conspicuity
from cxr_studio.nodules.measuring import measure
from cxr_studio.quality.highlighting.boxed import judged_boxes, read_boxes
from cxr_studio.quality.nodule_appearance import unit_plane
from cxr_studio.radiographs.reading import read_radiograph

if __name__ == "__main__":
    folder, found = Path(sys.argv[1]), []
    for one in judged_boxes(read_boxes(folder), ["Nodule"]):
        image = unit_plane(read_radiograph(folder / one.image))
        seen = measure(image, one.box)
        if seen is not None:
            found.append(conspicuity(image, seen.y, seen.x, seen.diameter))
    print(f"{len(found)} nodules")
    for share in (10, 20, 30, 40, 50, 60, 70, 80, 90):
        print(f"{share} %: {np.percentile(found, share):.2f}")
