from __future__ import annotations

import numpy as np

from cxr_studio.ui.compare.proof import changed_outside, proof_text


def test_changes_inside_the_mask_are_not_counted_and_each_one_outside_is():
    original = np.random.default_rng(0).integers(0, 4096, (1100, 90)).astype(np.uint16)
    mask = np.zeros(original.shape, bool)
    mask[500:600, 10:40] = True
    shown = original.copy()
    shown[mask] += 1
    assert changed_outside(original, shown, mask) == 0
    shown[0, 0] += 1
    shown[1099, 89] += 1
    shown[600, 10] += 1
    assert changed_outside(original, shown, mask) == 3


def test_the_sentence():
    assert proof_text(0) == "Outside: 0 pixels changed"
    assert proof_text(1) == "Outside: 1 pixel changed"
