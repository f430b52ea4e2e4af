"""Images of a bundle that show too few grey levels to be judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.key import Key
from cxr_studio.studies.rendering import read_image

FEW_LEVELS = 48
"""Grey levels below which banding is plain to see in a chest radiograph, where more than 100 are usual."""


@dataclass(frozen=True)
class FewLevels:
    """An image of which a reader would notice the steps.

    Attributes:
        source: File name of the radiograph.
        levels: Different grey levels in the image shown.
    """

    source: str
    levels: int


def few_levels(bundle: Bundle, key: Key) -> tuple[FewLevels, ...]:
    """Find radiographs that a reader of the study would see in fewer than ``FEW_LEVELS`` grey levels, worst first.

    Raises:
        BundleError: an image cannot be read.
    """
    found: dict[str, int] = {}
    for case in key.cases.values():
        name = case.original or case.altered
        levels = len(np.unique(read_image(bundle.image(name))))
        if levels < FEW_LEVELS:
            found[case.source] = min(levels, found.get(case.source, levels))
    return tuple(FewLevels(source, levels) for source, levels in sorted(found.items(), key=lambda item: item[1]))
