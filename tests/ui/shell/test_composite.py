from __future__ import annotations

import numpy as np

from cxr_studio.generation.result import Patch
from cxr_studio.ui.shell.composite import Composite


def base() -> np.ndarray:
    return np.arange(80 * 100, dtype=np.uint16).reshape(80, 100)


def patch(y: int, x: int, side: int, value: int) -> Patch:
    return Patch((y, x, y + side, x + side), np.full((side, side), value, np.uint16))


def test_a_new_fill_takes_the_place_of_the_last_without_a_trace():
    composite = Composite(base())
    composite.lay([patch(10, 10, 8, 1)])
    boxes = composite.lay([patch(40, 40, 5, 2)])
    assert set(boxes) == {(10, 10, 18, 18), (40, 40, 45, 45)}
    assert (composite.image[10:18, 10:18] == base()[10:18, 10:18]).all()
    assert (composite.image[40:45, 40:45] == 2).all()
    composite.lift()
    assert (composite.image == base()).all()


def test_the_array_that_the_canvas_shares_stays_the_same_object():
    composite = Composite(base())
    composite.lay([patch(1, 1, 4, 9)])
    image = composite.image
    edited = base()
    edited[20:30, 5:9] = 7
    boxes = composite.rebase(edited)
    assert composite.image is image
    assert (image == edited).all()
    assert (20, 5, 30, 9) in boxes
    assert composite.base is edited


def test_the_base_is_never_written():
    original = base()
    original.setflags(write=False)
    Composite(original).lay([patch(0, 0, 80, 3)])
    assert (original == base()).all()


def test_erasing_takes_the_fill_away_there_and_only_there():
    composite = Composite(base())
    composite.lay([patch(10, 10, 8, 1)])
    mask = np.zeros((80, 100), bool)
    mask[10:18, 10:14] = True
    composite.trim(mask)
    assert (composite.image[10:18, 10:14] == 1).all()
    assert (composite.image[10:18, 14:18] == base()[10:18, 14:18]).all()
