"""What comes back from a generator of any role: frozen, plain, safe to hand between threads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxr_studio.errors import GeneratorError
from cxr_studio.generation.provenance import Provenance
from cxr_studio.masks.boxes import EMPTY, Box, Mask, bounding_box, cut
from cxr_studio.radiographs.radiograph import Stored


@dataclass(frozen=True, eq=False)
class Patch:
    """A rectangle of new stored values; equal to the request's own values where its role writes nothing.

    Attributes:
        box: Where it goes.
        stored: Values ``[y1-y0, x1-x0]`` of the request's dtype.
    """

    box: Box
    stored: Stored


@dataclass(frozen=True, eq=False)
class Area:
    """Some pixels of an image.

    Attributes:
        box: Rectangle that holds them all.
        mask: ``bool`` of the box.
    """

    box: Box
    mask: Mask

    def whole(self, shape: tuple[int, int]) -> Mask:
        """The pixels as a mask of an image of this shape."""
        mask = np.zeros(shape, bool)
        mask[cut(self.box)] = self.mask
        return mask


def area_of(mask: Mask) -> Area:
    """The pixels of a mask of the whole image."""
    box = bounding_box(mask) or EMPTY
    return Area(box, mask[cut(box)])


@dataclass(frozen=True, eq=False)
class Silhouette(Area):
    """The exact outline of something that was drawn.

    Attributes:
        diameter: Mean axis of the ellipse with the same second moments, pixels.
    """

    diameter: float


@dataclass(frozen=True, eq=False)
class Result:
    """The answer to the request of the same number.

    Attributes:
        number: The request's generation number.
        patches: Rectangles of new stored values, the same where they overlap; none for an empty mask.
        written: The pixels that may differ from the request's; every other keeps its value, bit for bit.
        seconds: Wall time spent in the engine.
        device: Device that did it.
        provenance: How to make it again.
        message: A sentence for the message bar ("The GPU ran out of memory; the CPU was used instead."), or "".
        silhouette: Of the nodule, where one was drawn.
    """

    number: int
    patches: tuple[Patch, ...]
    written: Area
    seconds: float
    device: str
    provenance: Provenance
    message: str = ""
    silhouette: Silhouette | None = None

    @property
    def drawn(self) -> Silhouette:
        """The silhouette of the nodule.

        Raises:
            GeneratorError: the generator drew none.
        """
        if self.silhouette is None:
            raise GeneratorError(f"{self.provenance.generator} draws no nodule")
        return self.silhouette
