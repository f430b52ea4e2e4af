"""Places in one radiograph's lungs brought to another's, or to the other side."""

from __future__ import annotations

from cxr_studio.masks.boxes import Box, Mask, bounding_box, clip


def lung_frame(lungs: Mask) -> Box:
    """The box around both lungs; the whole image where the mask is empty."""
    return bounding_box(lungs) or (0, 0, lungs.shape[0], lungs.shape[1])


def carried(box: Box, frame: Box, other: Box, *, mirrored: bool = False) -> Box:
    """Bring a box from one pair of lungs to another: the same share of the way across and down.

    Args:
        box: In the first radiograph.
        frame: Around the first radiograph's lungs.
        other: Around the second's.
        mirrored: Exchange left and right.
    """
    spans = []
    for axis in (0, 1):
        length, reach = frame[axis + 2] - frame[axis], other[axis + 2] - other[axis]
        shares = [(box[axis + 2 * end] - frame[axis]) / length for end in (0, 1)]
        if mirrored and axis == 1:
            shares = [1 - shares[1], 1 - shares[0]]
        spans.append([round(other[axis] + share * reach) for share in shares])
    return spans[0][0], spans[1][0], spans[0][1], spans[1][1]


def overlap(first: Box, second: Box) -> float:
    """Share of the smaller box that lies in the other."""
    height = min(first[2], second[2]) - max(first[0], second[0])
    width = min(first[3], second[3]) - max(first[1], second[1])
    if height <= 0 or width <= 0:
        return 0.0
    areas = [(b[2] - b[0]) * (b[3] - b[1]) for b in (first, second)]
    return height * width / max(min(areas), 1)


def covered(box: Box, lungs: Mask) -> float:
    """Share of a box that is lung; what lies outside the image counts as none."""
    y0, x0, y1, x1 = clip(box, lungs.shape)
    area = (box[2] - box[0]) * (box[3] - box[1])
    return float(lungs[y0:y1, x0:x1].sum()) / area if area > 0 else 0.0
