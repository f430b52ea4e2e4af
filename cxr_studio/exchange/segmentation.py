"""Masks and nodules as a DICOM segmentation (SEG, PS3.3 A.51): binary, one segment a region."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cxr_studio.errors import WriteError
from cxr_studio.exchange.codes import ABNORMAL, INTELLIGENCE, NODULE, REGION, RELATION, code
from cxr_studio.exchange.regions import Region
from cxr_studio.exchange.subject import Subject, equipment, issued, save, writing

SERIES = 9002
THICKNESS = 1.0
"""Slice Thickness in mm: a projection has none, but highdicom and others read no segmentation without one."""


def write_segmentation(path: Path, subject: Subject, regions: Sequence[Region]) -> Path:
    """Write regions as segments, pixel for pixel those of the radiograph; they may overlap.

    The pixel size is stated where it is known.

    Raises:
        WriteError: there is no region, one is empty or of another size, the header does not allow it, or the file
            cannot be written.
    """
    if not regions or any(region.mask.shape != subject.shape or not region.mask.any() for region in regions):
        raise WriteError("there is no mask for a segmentation", file=path, remedy="Paint one, or accept an edit")
    with writing(path):
        import highdicom as hd

        made = hd.seg.Segmentation(
            [subject.header],
            np.stack([region.mask for region in regions], axis=-1)[np.newaxis],
            hd.seg.SegmentationTypeValues.BINARY,
            [_described(number, region) for number, region in enumerate(regions, 1)],
            pixel_measures=_measures(subject),
            further_source_images=None if subject.origin is None else [subject.origin],
            content_description="Masks and nodules of CXR Studio",
            **issued(SERIES, "CXR Studio, segmentation"),
            **equipment(),
        )
        return save(path, made, subject)


def _described(number: int, region: Region) -> Any:
    import highdicom as hd

    kind = (ABNORMAL, NODULE) if region.nodule else (RELATION, REGION)
    algorithm = None
    if region.nodule:
        name, version = region.generator[:64] or "unknown", region.version or "built-in"
        algorithm = hd.AlgorithmIdentificationSequence(name, code(INTELLIGENCE), version)
    return hd.seg.SegmentDescription(
        number,
        region.title[:64],
        code(kind[0]),
        code(kind[1]),
        hd.seg.SegmentAlgorithmTypeValues.AUTOMATIC if region.nodule else hd.seg.SegmentAlgorithmTypeValues.MANUAL,
        algorithm,
    )


def _measures(subject: Subject) -> Any:
    import highdicom as hd

    y, x = subject.spacing.y, subject.spacing.x
    return None if y is None or x is None else hd.PixelMeasuresSequence([y, x], slice_thickness=THICKNESS)
