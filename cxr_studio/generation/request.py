"""What is asked of a generator of any role: frozen, plain, safe to hand between threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import GeneratorError
from cxr_studio.generation.options import Options
from cxr_studio.masks.boxes import Box, Mask, cut
from cxr_studio.radiographs.greyscale import GreyScale
from cxr_studio.radiographs.radiograph import Radiograph, Stored
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing

Region = Mask | Box | None
"""What a request is about: a mask ``bool [H, W]``, a box, or None where the options say it or it is the whole image."""

OptionsT = TypeVar("OptionsT", bound=Options, covariant=True)


@dataclass(frozen=True, eq=False)
class ImageView:
    """An image as generators see it.

    Attributes:
        stored: Stored values ``[H, W]``, read-only.
        grey: The radiograph's grey-scale pipeline (decode to pixels, encode back).
        unit: Pixel values ``(low, high)`` that generators see as 0 and 1 (Radiograph.unit_range).
        spacing: Millimetres per pixel, or unknown.
    """

    stored: Stored
    grey: GreyScale
    unit: tuple[float, float]
    spacing: Spacing = UNKNOWN_SPACING

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.stored.shape[0], self.stored.shape[1]

    def unit_values(self, box: Box | None = None) -> NDArray[np.float32]:
        """Unit values ``float32`` of a box, or of the whole image: 0 and 1 are the unit range."""
        low, high = self.unit
        stored = self.stored if box is None else self.stored[cut(box)]
        return np.asarray((self.grey.decode(stored) - low) / np.float32(high - low), np.float32)


def view_of(
    radiograph: Radiograph, stored: Stored | None = None, *, unit: tuple[float, float] | None = None
) -> ImageView:
    """A radiograph as generators see it.

    Args:
        radiograph: The radiograph.
        stored: Values in place of its own, ``[H, W]``: with edits, say.
        unit: Pixel values seen as 0 and 1; the radiograph's own by default.
    """
    shown = radiograph.stored if stored is None else stored
    return ImageView(shown, radiograph.grey, unit or radiograph.unit_range, radiograph.spacing)


@dataclass(frozen=True, eq=False)
class Request(Generic[OptionsT]):
    """One question to a generator of any role.

    Attributes:
        number: Generation number; a result that is not the newest is dropped.
        image: The image.
        options: The role's own options, which name the generator.
        region: What it is about.
    """

    number: int
    image: ImageView
    options: OptionsT
    region: Region = None

    @property
    def generator(self) -> str:
        """Registry name of the generator."""
        return self.options.generator

    @property
    def mask(self) -> Mask:
        """The region as a mask ``bool [H, W]``.

        Raises:
            GeneratorError: the region is none.
        """
        if not isinstance(self.region, np.ndarray):
            raise GeneratorError("the generator needs a mask", remedy="Paint one")
        return self.region

    @property
    def box(self) -> Box:
        """The region as a box.

        Raises:
            GeneratorError: the region is none.
        """
        if not isinstance(self.region, tuple):
            raise GeneratorError("the generator needs a box", remedy="Draw one")
        return self.region


AnyRequest = Request[Any]
