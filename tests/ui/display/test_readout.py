from __future__ import annotations

from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing, SpacingOrigin
from cxr_studio.ui.display.readout import Readout, length_text, position_text, value_text


def test_millimetres_always_come_with_their_origin():
    spacing = Spacing(0.2, 0.1, SpacingOrigin.AT_DETECTOR)
    assert position_text(30.2, 100.0, spacing) == "x 100, y 30 px · 10.0, 6.0 mm (at detector)"
    assert position_text(3, 4, UNKNOWN_SPACING) == "x 4, y 3 px · mm unknown"


def test_the_inpainted_value_is_told_only_where_it_differs():
    assert value_text(Readout(0, 0, 2041, 2041, 143)) == "raw 2041 · shown 143"
    assert value_text(Readout(0, 0, 2041, 1990, 143)) == "raw 2041 · shown 143 · inpainted 1990 (-51)"


def test_lengths():
    assert length_text(40, None) == "40 px"
    assert length_text(40, 5.72) == "40 px · 5.7 mm"
