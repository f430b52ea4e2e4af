"""Text and markers in the pixels are found where they are, and called what they may be."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from cxr_studio.exchange.deidentify_burned_in import BurnedIn, burned_in, burned_in_mask
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.radiograph import Radiograph
from tests.conftest import draw_phantom


def radiograph_of(stored: np.ndarray) -> Radiograph:
    return Radiograph(stored, linear_greyscale(stored.dtype, 16))


def written(words: str, at: tuple[int, int], *, size: float = 0.8, grey: int = 65_535, side: int = 640) -> np.ndarray:
    """A phantom with words in Hershey letters; ``at`` is the left end of their base line, x and y."""
    stored = draw_phantom(side, side)
    layer = np.zeros(stored.shape, np.uint8)
    cv2.putText(layer, words, at, cv2.FONT_HERSHEY_SIMPLEX, size, 255, 2, cv2.LINE_AA)
    share = layer.astype(np.float32) / 255
    return np.asarray(stored * (1 - share) + grey * share, np.uint16)


def covering(found: tuple[BurnedIn, ...], y: int, x: int) -> BurnedIn | None:
    return next((each for each in found if each.box[0] <= y < each.box[2] and each.box[1] <= x < each.box[3]), None)


def test_nothing_is_found_where_nothing_is_written() -> None:
    assert burned_in(radiograph_of(draw_phantom(640, 640))) == ()


@pytest.mark.parametrize("at", [(20, 40), (380, 40), (20, 620), (330, 600)])
def test_a_name_is_called_text(at: tuple[int, int]) -> None:
    found = burned_in(radiograph_of(written("DOE JOHN 1960", at)))
    first = covering(found, at[1] - 6, at[0] + 5)
    assert first is not None
    assert first.kind == "text"
    (width, _height), _ = cv2.getTextSize("DOE JOHN 1960", cv2.FONT_HERSHEY_SIMPLEX, 0.8, 2)
    assert covering(found, at[1] - 6, at[0] + width - 6) is not None


def test_dark_letters_are_found_too() -> None:
    stored = written("DOE JOHN", (30, 40), grey=0)
    found = burned_in(radiograph_of(stored))
    assert [each.kind for each in found] == ["text"]


def test_a_single_letter_may_be_a_marker() -> None:
    found = burned_in(radiograph_of(written("L", (560, 60), size=1.4)))
    assert [(each.kind, each.letters) for each in found] == [("text or marker", 1)]


def test_a_large_radiograph_has_its_regions_in_its_own_pixels() -> None:
    small = written("DOE JOHN 1960", (20, 40))
    large = np.repeat(np.repeat(small, 4, 0), 4, 1)
    found = burned_in(radiograph_of(large))
    assert covering(found, 4 * 34, 4 * 25) is not None
    mask = burned_in_mask(found, large.shape)
    assert mask[4 * 34, 4 * 25]
    assert mask.mean() < 0.1
