"""The part of a recipe that says which regions are cut out of whole images."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator

from cxr_studio.masks.region_bank import TEST_AREAS, TEST_COUNT, TRAIN_AREAS, TRAIN_COUNT
from trainers.ranges import Range
from trainers.recipe import Part, Positive


def _shares(values: tuple[float, float]) -> tuple[float, float]:
    if values[1] >= 1:
        raise ValueError("areas are shares of the image, below 1")
    return values


Areas = Annotated[Range, AfterValidator(_shares)]


class Regions(Part):
    """What is cut out of the images; the defaults are those of ipA-MedGAN.

    Attributes:
        kind: "arbitrary" shapes of fixed banks, or "squares" at random places.
        side: Of the squares, pixels of the network's image.
        bank: Shapes to learn from.
        areas: Least and largest area of those as shares of the image.
        test_bank: Shapes to measure on, others.
        test_areas: Likewise of those.
    """

    kind: Literal["arbitrary", "squares"] = "arbitrary"
    side: Positive = 64
    bank: Positive = TRAIN_COUNT
    areas: Areas = TRAIN_AREAS
    test_bank: Positive = TEST_COUNT
    test_areas: Areas = TEST_AREAS
