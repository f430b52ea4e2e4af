"""Filling a field with the adversarial inpainting network: into a smooth fill, a donor, or a coarser drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cxr_studio.donors.membrane import membrane
from cxr_studio.errors import GeneratorError
from cxr_studio.events import CancelToken
from cxr_studio.generation.precision import inference
from cxr_studio.masks.boxes import Box, bounding_box, cut
from cxr_studio.restore.classical import Mask, Unit, biharmonic_fill
from cxr_studio.restore.grain import known_mean
from cxr_studio.restore.network_fill import LoadedNetwork, fill_field

if TYPE_CHECKING:
    from cxr_studio.networks.card import Card
    from cxr_studio.networks.inpainter import Inpainter

MARGIN = 56
"""Known pixels around a large hole that the network sees at least; around the usual one there are 64."""

GUARD = 5
"""Pixels around a large hole that are computed with it: nearer to the cut the network draws something else."""

SIDES = 16
"""Sides of what the network sees are multiples of this."""

NEAR, ALONG = 1.5, 3.0
"""Pixels by which steps at a hole's border are averaged across it and along it."""

COARSEST = 2
"""Halvings of the pixel that the network was trained with, at most."""


@dataclass(frozen=True, eq=False)
class Field:
    """What stands in and around one hole.

    Attributes:
        image: ``[h, w]`` unit values, a rough fill in the hole.
        hole: True = unknown.
        hint: ``image`` with a donor in the hole, or None.
        level: Halvings of the pixel since the network's own grid.
    """

    image: Unit
    hole: Mask
    hint: Unit | None = None
    level: int = 0


@dataclass(frozen=True, eq=False)
class LoadedInpainter:
    """The network on its device, with the one whose smooth fill it draws into.

    Attributes:
        card: Its card.
        module: In evaluation mode.
        smooth: The network that the card's ``base`` names.
        device: torch's name of the device.
    """

    card: Card
    module: Inpainter
    smooth: LoadedNetwork
    device: str

    def fill(self, image: Unit, hole: Mask, *, hint: Unit | None = None, seed: int, cancel: CancelToken) -> Unit:
        """Fill every unknown pixel of a field.

        A hole that fits the network's square is drawn in one go. A larger one is first drawn at a coarser scale where
        it fits, and the detail then into that, all of it at once.

        Args:
            image: ``[h, w]`` unit values with a biharmonic fill in the hole; at least the network's input side.
            hole: True = unknown.
            hint: ``image`` with a donor in the hole.
            seed: Another seed draws other anatomy.
            cancel: Looked at between the networks.

        Returns:
            A filled copy.
        """
        if not hole.any():
            return image.copy()
        return self._drawn(Field(image, hole, hint), seed, cancel)

    def predict(self, crops: NDArray[np.float32], holes: NDArray[np.bool_], seed: int = 0) -> NDArray[np.float32]:
        """Fill the central squares of many crops ``[N, S, S]``, see LoadedNetwork; ``float32 [N, h, h]``."""
        token = CancelToken()
        margin = (crops.shape[-1] - self.card.hole_side) // 2
        inside = slice(margin, margin + self.card.hole_side)
        each = (self._drawn(Field(crop, hole), seed, token) for crop, hole in zip(crops, holes, strict=True))
        return np.stack([fill[inside, inside] for fill in each])

    def _drawn(self, field: Field, seed: int, cancel: CancelToken) -> Unit:
        cancel.raise_if_cancelled()
        longest = _longest(field.hole)
        if longest <= self.card.hole_side:
            base = fill_field(self.smooth, field.image, field.hole, cancel)
            drawn = self._square(Field(base, field.hole, field.hint, field.level), seed)
            return met_at_border(drawn, field.hole) if field.level else drawn
        coarse = self._coarse(field, seed, cancel)
        cancel.raise_if_cancelled()
        return met_at_border(self._large(Field(coarse, field.hole, field.hint, field.level), seed), field.hole)

    def _coarse(self, field: Field, seed: int, cancel: CancelToken) -> Unit:
        """The field with a drawing of twice larger pixels in its hole.

        A cell that is half known counts as known, so that a hole of 4 × 64 pixels, and a little more, fits the square
        after two halvings; the rough fill that stands in its other half is near the truth there.
        """
        small, unknown = _halved(field.image), _halved(field.hole.astype(np.float32)) > 0.5
        if _longest(unknown) <= self.card.hole_side:
            small = biharmonic_fill(small, unknown)
        missing = [max(0, self.card.input_side - n) for n in small.shape]
        widths = [(n // 2, (n + 1) // 2) for n in missing]
        whole = Field(np.pad(small, widths, mode="symmetric"), np.pad(unknown, widths), None, field.level + 1)
        drawn = self._drawn(whole, seed, cancel)
        top, left = widths[0][0], widths[1][0]
        doubled = _doubled(drawn[top : top + small.shape[0], left : left + small.shape[1]])
        return np.where(field.hole, doubled[: field.hole.shape[0], : field.hole.shape[1]], field.image)

    def _square(self, field: Field, seed: int) -> Unit:
        """Draw a small hole: the usual field, of which only the central square is computed."""
        y0, x0, y1, x1 = bounding_box(field.hole) or (0, 0, 1, 1)
        side, square = self.card.input_side, self.card.hole_side
        corner = (y0 + y1 - square) // 2, (x0 + x1 - square) // 2
        margin = (side - square) // 2
        window = corner[0] - margin, corner[1] - margin, corner[0] + side - margin, corner[1] + side - margin
        fill = self._asked(field, window, seed)
        return _pasted(field, (corner[0], corner[1], corner[0] + square, corner[1] + square), fill)

    def _large(self, field: Field, seed: int) -> Unit:
        """Draw detail into a coarse drawing: a large field, of which only the hole is computed."""
        y0, x0, y1, x1 = bounding_box(field.hole) or (0, 0, 1, 1)
        sides = [-(-(n + 2 * MARGIN) // SIDES) * SIDES for n in (y1 - y0, x1 - x0)]
        top, left = (y0 + y1 - sides[0]) // 2, (x0 + x1 - sides[1]) // 2
        inner = y1 - y0 + 2 * GUARD + (y1 - y0) % 2, x1 - x0 + 2 * GUARD + (x1 - x0) % 2
        fill = self._asked(field, (top, left, top + sides[0], left + sides[1]), seed, inner=inner)
        y, x = top + (sides[0] - inner[0]) // 2, left + (sides[1] - inner[1]) // 2
        return _pasted(field, (y, x, y + inner[0], x + inner[1]), fill)

    def _asked(self, field: Field, window: Box, seed: int, *, inner: tuple[int, int] | None = None) -> Unit:
        """Ask the network about a window: ``float32`` of its usual square, or, guided, of its central ``inner``."""
        import torch

        from cxr_studio.networks.inpainter import seeded_noise

        hint = field.image if field.hint is None else np.where(field.hole, field.hint, field.image)
        parts = (2 * field.image - 1, field.hole.astype(np.float32), 2 * hint - 1)
        seen = torch.from_numpy(np.stack([_window(part, window) for part in parts])[None].astype(np.float32))
        flags = torch.tensor([[float(inner is not None), float(field.hint is not None), min(field.level, COARSEST)]])
        noise = seeded_noise(seen, seed)
        with inference(self.device):
            answer = self.module(*(part.to(self.device) for part in (seen, flags, noise)), inner)
        fill = answer.float().cpu().numpy()[0, 0] / 2 + 0.5
        if not np.isfinite(fill).all():
            raise GeneratorError("the generator's answer is not finite", remedy="Choose another checkpoint")
        return np.asarray(fill, np.float32)


def met_at_border(filled: Unit, hole: Mask) -> Unit:
    """Take out the steps of brightness along a hole's border, harmonically into the hole.

    Args:
        filled: ``float32 [h, w]`` with the hole filled.
        hole: The filled pixels.
    """
    ring = hole & ~_eroded(hole)
    if not ring.any() or hole.all():
        return filled
    gap = known_mean(filled, NEAR, ~hole) - known_mean(filled, NEAR, hole)
    along = known_mean(gap, ALONG, ring)
    change = membrane(np.where(ring, along, np.float32(0)), ~ring)
    return np.where(hole, filled + change, filled).astype(np.float32)


def _eroded(mask: Mask) -> Mask:
    import cv2

    return np.asarray(cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)


def _longest(hole: Mask) -> int:
    y0, x0, y1, x1 = bounding_box(hole) or (0, 0, 0, 0)
    return max(y1 - y0, x1 - x0)


def _window(image: Unit, window: Box) -> Unit:
    """Cut a window; what lies beyond the image is mirrored."""
    rows, columns = (_mirrored(np.arange(window[k], window[k + 2]), image.shape[k]) for k in (0, 1))
    return np.asarray(image[np.ix_(rows, columns)])


def _mirrored(index: np.ndarray, length: int) -> np.ndarray:
    folded = index % (2 * length)
    return np.where(folded < length, folded, 2 * length - 1 - folded)


def _pasted(field: Field, box: Box, fill: Unit) -> Unit:
    """The field with a fill at ``box`` in its hole; nothing of the box beyond the field is kept."""
    inside = max(box[0], 0), max(box[1], 0), min(box[2], field.hole.shape[0]), min(box[3], field.hole.shape[1])
    part = fill[inside[0] - box[0] : inside[2] - box[0], inside[1] - box[1] : inside[3] - box[1]]
    filled = field.image.copy()
    filled[cut(inside)] = np.where(field.hole[cut(inside)], part, filled[cut(inside)])
    return filled


def _halved(image: Unit) -> Unit:
    """Means of 2 × 2 pixels; the last ones of an odd side are repeated."""
    even = np.pad(image, [(0, n % 2) for n in image.shape], mode="edge")
    height, width = even.shape[0] // 2, even.shape[1] // 2
    return np.asarray(even.reshape(height, 2, width, 2).mean(axis=(1, 3)), np.float32)


def _doubled(image: Unit) -> Unit:
    """Twice as large, bicubic."""
    import cv2

    return np.asarray(cv2.resize(image, (2 * image.shape[1], 2 * image.shape[0]), interpolation=cv2.INTER_CUBIC))
