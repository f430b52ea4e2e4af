"""Outlines of a mask, for drawing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import Mask, bounding_box, cut


def outlines(mask: Mask) -> list[NDArray[np.float32]]:
    """Return the closed contours, outer and inner, each ``float32 [n, 2]`` of ``(y, x)`` pixel centres."""
    box = bounding_box(mask)
    if box is None:
        return []
    import cv2

    part = np.ascontiguousarray(mask[cut(box)]).astype(np.uint8)
    contours, _ = cv2.findContours(part, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    return [c[:, 0, ::-1].astype(np.float32) + np.array(box[:2], np.float32) for c in contours]
