"""Masks that are kept: deltas for undo, files."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from cxr_studio.errors import ReadError
from cxr_studio.masks.files import load_mask, save_mask
from cxr_studio.masks.history import MaskDelta, record

masks = arrays(bool, (23, 31))


@given(masks, masks)
def test_a_delta_leads_there_and_back_and_survives_its_bytes(before, after):
    delta = record(before, after, (0, 0, 23, 31))
    if (before == after).all():
        assert delta is None
        return
    read = MaskDelta.from_bytes(delta.to_bytes(), (23, 31))
    mask = before.copy()
    read.toggle(mask)
    assert (mask == after).all()
    read.toggle(mask)
    assert (mask == before).all()


@given(masks, st.data())
def test_a_damaged_delta_is_refused(mask, data):
    delta = record(np.zeros_like(mask), mask, (0, 0, 23, 31))
    if delta is None:
        return
    content = bytearray(delta.to_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        read = MaskDelta.from_bytes(bytes(content), (23, 31))
    except ReadError:
        return
    read.toggle(mask)


def test_a_delta_of_a_stroke_is_small():
    before = np.zeros((3000, 3000), bool)
    after = before.copy()
    after[1000:1100, 1000:1100] = True
    delta = record(before, after, (0, 0, 3000, 3000))
    assert delta.box == (1000, 1000, 1100, 1100)
    assert len(delta.to_bytes()) < 200


def test_files_keep_the_mask(tmp_path):
    mask = np.zeros((70, 90), bool)
    mask[10:30, 40:60] = True
    save_mask(tmp_path / "m.png", mask)
    assert (load_mask(tmp_path / "m.png", (70, 90)) == mask).all()
    Image.fromarray(np.stack([mask * np.uint8(9)] * 3, axis=-1)).save(tmp_path / "grey-as-colour.png")
    assert (load_mask(tmp_path / "grey-as-colour.png", (70, 90)) == mask).all()


def test_masks_that_do_not_fit_are_refused(tmp_path):
    save_mask(tmp_path / "m.png", np.ones((70, 90), bool))
    with pytest.raises(ReadError, match="90 × 70 pixels, the radiograph 100 × 80"):
        load_mask(tmp_path / "m.png", (80, 100))
    with pytest.raises(ReadError, match="no such file"):
        load_mask(tmp_path / "none.png", (80, 100))
    (tmp_path / "text.png").write_text("no image")
    with pytest.raises(ReadError, match="not a readable image"):
        load_mask(tmp_path / "text.png", (80, 100))
    colour = np.zeros((70, 90, 3), np.uint8)
    colour[..., 0] = 200
    Image.fromarray(colour).save(tmp_path / "colour.png")
    with pytest.raises(ReadError, match="coloured"):
        load_mask(tmp_path / "colour.png", (70, 90))
