"""Text and markers in the pixels, found by classical image processing: a hint for somebody who looks, never a proof.

Letters are small, thin-stroked, crisply bordered and far from their surroundings in grey, and several of a size stand
in a row. Anatomy, tubes and wires are smoother, longer or without neighbours of their size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import Box, Mask, cut, intersection, is_empty, padded, union
from cxr_studio.radiographs.radiograph import Radiograph

SIDE = 1024
"""Longer side on which letters are looked for, pixels; larger images are made smaller."""

LETTER = (6, 96)
"""Height of a letter there, pixels."""

WIDEST = 1.8, 12.0
"""Width of a letter, and of a row of letters that touch, in its height."""

ALONE = 12, 0.3
"""Least height of a letter without neighbours, pixels, and its least width in its height."""

STROKE = 41
"""Side of the opening that takes letters out, pixels: wider than any stroke of them."""

STANDS_OUT = 26, 70
"""Grey levels, of 256, by which a letter differs from what is around it; at the second, what grows together at the
first (a letter with the skin line behind it) comes apart."""

CRISP = 0.45
"""Least share of a letter's contrast that lies in the step at its border."""

BORDER = 0.3
"""Part of the image, from each side, in which letters are looked for; within the lungs a vessel looks like one."""

LEAST_LETTERS = 4
"""Letters of a row from which on it is called text."""

GROWN = 0.35
"""Of a letter's height: by which the region that is offered for filling is larger than the letters."""

Kind = Literal["text", "text or marker"]


@dataclass(frozen=True)
class BurnedIn:
    """Something that looks written.

    Attributes:
        box: ``y0, x0, y1, x1``, half-open, pixels of the radiograph.
        kind: "text" for a row of letters, else "text or marker": one or a few signs, such as L or R.
        letters: Signs found.
    """

    box: Box
    kind: Kind
    letters: int


@dataclass(frozen=True)
class _Sign:
    """A letter, or several that touch."""

    box: Box
    dark: bool
    letters: int

    @property
    def height(self) -> int:
        return self.box[2] - self.box[0]


def burned_in(radiograph: Radiograph) -> tuple[BurnedIn, ...]:
    """Regions that look like text or markers, from top to bottom; none is certain, and some may be missed."""
    import cv2

    image = radiograph.unit_bytes()
    scale = max(1.0, max(image.shape) / SIDE)
    if scale > 1:
        size = round(image.shape[1] / scale), round(image.shape[0] / scale)
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    signs = [sign for dark in (False, True) for sign in _signs(image, dark=dark)]
    groups = [group for group in _rows(signs) if len(group) > 1 or _stands_alone(group[0])]
    found = [_region(group, scale, radiograph.shape) for group in groups]
    return tuple(sorted(_apart(found), key=lambda each: each.box))


def burned_in_mask(regions: Sequence[BurnedIn], shape: tuple[int, int]) -> Mask:
    """Mask of these regions, ``bool [H, W]``."""
    mask = np.zeros(shape, bool)
    for region in regions:
        mask[cut(region.box)] = True
    return mask


def _signs(image: NDArray[np.uint8], *, dark: bool) -> Iterator[_Sign]:
    """Shapes of the size, stroke and border of a letter, brighter (or darker) than what is around them."""
    import cv2

    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (STROKE, STROKE))
    hat = np.asarray(cv2.morphologyEx(image, cv2.MORPH_BLACKHAT if dark else cv2.MORPH_TOPHAT, kernel))
    for level in STANDS_OUT:
        count, labels, stats, _ = cv2.connectedComponentsWithStats((hat > level).astype(np.uint8), connectivity=8)
        for number in range(1, count):
            x, y, width, height, area = (int(value) for value in stats[number])
            box = (y, x, y + height, x + width)
            fits = LETTER[0] <= height <= LETTER[1] and 0.1 * height <= width <= WIDEST[1] * height and area >= 10
            if fits and _at_border(box, image.shape):
                around = padded(box, 3, image.shape)
                shape = np.asarray(labels[cut(around)] == number)
                letters = 1 if width <= WIDEST[0] * height else _letters_in(shape)
                if letters and _letter_like(hat[cut(around)], shape, height):
                    yield _Sign(box, dark, letters)


def _letters_in(shape: NDArray[np.bool_]) -> int:
    """Letters of a row that touch, by the strokes that a line through them crosses; 0 for what is no such row."""
    strokes = np.count_nonzero(np.diff(shape.astype(np.int8), axis=1) > 0, axis=1)
    height, width = shape.shape
    crossed = float(np.median(strokes))
    return round(crossed / 1.5) if crossed >= max(3.0, 0.8 * width / height) else 0


def _at_border(box: Box, shape: tuple[int, ...]) -> bool:
    """Whether it lies in the outer part of the image, and does not touch its edge, as a collimator's shadow does."""
    if box[0] <= 1 or box[1] <= 1 or box[2] >= shape[0] - 1 or box[3] >= shape[1] - 1:
        return False
    y, x = (box[0] + box[2]) / 2 / shape[0], (box[1] + box[3]) / 2 / shape[1]
    return min(y, x, 1 - y, 1 - x) < BORDER


def _letter_like(hat: NDArray[np.uint8], shape: NDArray[np.bool_], height: int) -> bool:
    """Whether strokes are thin and of one grey, and end within a pixel or two."""
    import cv2

    stroke = 2 * float(cv2.distanceTransform(np.pad(shape, 1).astype(np.uint8), cv2.DIST_L2, 3).max())
    if stroke > max(5.0, 0.45 * height):
        return False
    inside = hat[shape].astype(np.float32)
    contrast = float(np.percentile(inside, 80))
    if contrast < STANDS_OUT[0] * 1.5:
        return False
    steepest = cv2.morphologyEx(hat, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    edge = shape & ~cv2.erode(shape.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=0).astype(bool)
    return float(np.median(steepest[edge])) >= CRISP * contrast


def _rows(signs: Sequence[_Sign]) -> list[list[_Sign]]:
    """Signs of one size that stand beside or below one another, together; each once, at the level that shows more."""
    groups: list[list[_Sign]] = []
    once = [one for one in signs if not any(_within(one, other) for other in signs if other is not one)]
    for sign in sorted(once, key=lambda each: each.box[1]):
        near = [group for group in groups if any(_beside(sign, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([sign, *(other for group in near for other in group)])
    return groups


def _stands_alone(sign: _Sign) -> bool:
    """Whether a sign without neighbours is large and broad enough for a marker; specks and streaks are not."""
    return sign.height >= ALONE[0] and sign.box[3] - sign.box[1] >= ALONE[1] * sign.height


def _within(one: _Sign, other: _Sign) -> bool:
    """Whether a sign is a part of another one, or the same at another level."""
    if one.dark != other.dark or intersection(one.box, other.box) != one.box:
        return False
    return one.box != other.box or id(one) > id(other)


def _beside(one: _Sign, other: _Sign) -> bool:
    size = max(one.height, other.height)
    if one.dark != other.dark or min(one.height, other.height) < 0.5 * size:
        return False
    gap_x = max(one.box[1], other.box[1]) - min(one.box[3], other.box[3])
    gap_y = max(one.box[0], other.box[0]) - min(one.box[2], other.box[2])
    return max(gap_x, gap_y) < 0.8 * size


def _region(group: Sequence[_Sign], scale: float, shape: tuple[int, int]) -> BurnedIn:
    grown = GROWN * max(sign.height for sign in group)
    y0, x0 = (min(sign.box[k] for sign in group) - grown for k in (0, 1))
    y1, x1 = (max(sign.box[k] for sign in group) + grown for k in (2, 3))
    box = padded((int(y0 * scale), int(x0 * scale), round(y1 * scale) + 1, round(x1 * scale) + 1), 0, shape)
    letters = sum(sign.letters for sign in group)
    return BurnedIn(box, _kind(letters), letters)


def _kind(letters: int) -> Kind:
    return "text" if letters >= LEAST_LETTERS else "text or marker"


def _apart(regions: Sequence[BurnedIn]) -> list[BurnedIn]:
    """Regions that overlap (letters and the dark inside of them, two lines of a marker) are one."""
    apart: list[BurnedIn] = []
    for region in regions:
        while over := next((one for one in apart if not is_empty(intersection(one.box, region.box))), None):
            apart.remove(over)
            letters = max(over.letters, region.letters)
            region = BurnedIn(union(over.box, region.box), _kind(letters), letters)
        apart.append(region)
    return apart
