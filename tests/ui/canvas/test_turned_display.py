"""A turned or mirrored display: pixels, masks and points are where they belong, at every turn."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from cxr_studio.ui.canvas.geometry import Geometry, Turn
from cxr_studio.ui.canvas.layer import ImageLayer
from cxr_studio.ui.canvas.overlay import trace_mask
from cxr_studio.ui.canvas.view_state import ViewState

TURNS = [Turn(quarters, mirror) for quarters, mirror in product(range(4), (False, True))]
POINTS = (10, 20), (70, 33), (52, 97)


def geometry(turn: Turn) -> Geometry:
    return Geometry(150, 130, 1.0, 40.0, 60.0, 1.0, turn)


@pytest.mark.parametrize("turn", TURNS)
def test_pixels_and_mask_lie_where_the_geometry_says(turn):
    image = np.random.default_rng(1).integers(0, 255, (90, 110), np.uint8)
    mask = np.zeros(image.shape, bool)
    mask[8:13, 18:25] = True
    here = geometry(turn)
    whole = (0, 0, here.height, here.width)
    shown, codes = ImageLayer(image).sample(here, whole), trace_mask(mask, here, whole)
    assert shown.shape == codes.shape == (130, 150)
    for y, x in POINTS:
        left, top = here.to_device(y, x)
        assert shown[int(top), int(left)] == image[y, x]
        assert here.to_image(left, top) == pytest.approx((y, x))
    left, top = here.to_device(10, 20)
    assert codes[int(top), int(left)] == 1
    y0, x0, y1, x1 = here.device_box((8, 18, 13, 25))
    ys, xs = np.nonzero(codes)
    assert (y0 <= ys.min(), x0 <= xs.min(), ys.max() < y1, xs.max() < x1) == (True,) * 4
    assert np.count_nonzero(codes) == mask.sum()


@pytest.mark.parametrize("turn", TURNS)
def test_a_part_is_the_same_part_of_the_whole(turn):
    image = np.random.default_rng(2).integers(0, 255, (90, 110), np.uint8)
    here, layer, part = geometry(turn), ImageLayer(image), (40, 61, 77, 108)
    whole = layer.sample(here, (0, 0, here.height, here.width))
    assert (layer.sample(here, part) == whole[40:77, 61:108]).all()


@pytest.mark.parametrize("turn", TURNS)
def test_commands_turn_what_is_on_the_screen(turn):
    marker = np.arange(12).reshape(3, 4)
    shown = turn.apply(marker)
    assert (turn.turned(1).apply(marker) == np.rot90(shown, -1)).all()
    assert (turn.turned(3).apply(marker) == np.rot90(shown, 1)).all()
    assert (turn.mirrored().apply(marker) == shown[:, ::-1]).all()
    assert (turn.flipped().apply(marker) == shown[::-1]).all()


@pytest.mark.parametrize("turn", TURNS)
def test_the_image_follows_the_pointer_that_drags_it(qapp, turn):
    view = ViewState()
    view.set_image((90, 110))
    view.set_turn(turn)
    view.zoom_to(2.0)
    before = view.geometry(150, 130, 1.0).to_device(30, 40)
    view.pan_by(12.0, -6.0)
    after = view.geometry(150, 130, 1.0).to_device(30, 40)
    assert (after[0] - before[0], after[1] - before[1]) == pytest.approx((12.0, -6.0))
