"""Distances, angles and regions: right values, units with their origin, kept per radiograph, undone and deleted."""

from dataclasses import replace

import numpy as np
import pytest

from cxr_studio.generation.session import Session
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing, SpacingOrigin
from cxr_studio.ui.edits.controller import EditsController
from cxr_studio.ui.measure.controller import MeasureController
from cxr_studio.ui.measure.statistics import area_text, region_statistics, value_unit
from cxr_studio.ui.tools.guides import Label, Tone
from cxr_studio.ui.tools.measures import Angle, Region, Ruler, angle_degrees, distance_to, ruler_text
from cxr_studio.ui.tools.measuring import AngleTool, RegionTool, RulerTool
from cxr_studio.ui.tools.pointer import Key, Modifiers, Pointer

DETECTOR = Spacing(0.2, 0.1, SpacingOrigin.AT_DETECTOR)


@pytest.fixture
def measures(workspace):
    return MeasureController(workspace)


def at(y, x, modifiers=Modifiers.NONE):
    return Pointer((y, x), (x, y), modifiers)


def test_a_distance_is_in_mm_with_its_origin_and_in_pixels_where_unknown():
    ruler = Ruler((10, 10), (40, 50))
    assert ruler_text(ruler, DETECTOR) == "7.2 mm (at detector)"
    assert ruler_text(ruler, UNKNOWN_SPACING) == "50.0 px (mm unknown)"


def test_an_angle_is_that_of_the_body_not_of_oblong_pixels():
    corner = Angle((0, 10), (10, 10), (10, 30))
    assert angle_degrees(corner, DETECTOR) == pytest.approx(90)
    slope = Angle((0, 20), (10, 0), (10, 30))
    assert angle_degrees(slope, UNKNOWN_SPACING) == pytest.approx(26.565, abs=0.01)
    assert angle_degrees(slope, DETECTOR) == pytest.approx(45)


def test_statistics_are_those_of_the_pixels_inside(workspace):
    radiograph = workspace.session.radiograph
    found = region_statistics(radiograph, radiograph.stored, Region((10, 20), (14, 29), oval=False))
    inside = radiograph.stored[10:15, 20:30].astype(float)
    assert (found.low, found.high, found.pixels) == (inside.min(), inside.max(), 50)
    assert (found.mean, found.deviation) == pytest.approx((inside.mean(), inside.std()))
    oval = region_statistics(radiograph, radiograph.stored, Region((10, 20), (50, 60), oval=True))
    assert oval.pixels == pytest.approx(np.pi * 20.5**2, rel=0.05)
    assert region_statistics(radiograph, radiograph.stored, Region((-50, -50), (-10, -10), oval=False)) is None


def test_padding_is_left_out(workspace):
    radiograph = workspace.session.radiograph
    padded = replace(radiograph, grey=replace(radiograph.grey, padding=(1000, 1100)))
    found = region_statistics(padded, padded.stored, Region((0, 0), (20, 20), oval=False))
    assert found.low > 1100
    assert found.pixels < 441


def test_areas_have_a_unit(workspace):
    assert area_text(1000, DETECTOR) == "20.0 mm² (at detector)"
    assert area_text(100_000, DETECTOR) == "20.0 cm² (at detector)"
    assert area_text(1234, UNKNOWN_SPACING) == "1,234 px² (mm unknown)"
    assert value_unit(workspace.session.radiograph) == "grey values"


def test_a_drag_measures_and_a_click_selects(measures, heard):
    drawn = heard()
    measures.lines_changed.connect(drawn)
    ruler = RulerTool(measures)
    ruler.press(at(10, 10))
    ruler.move(at(10, 40))
    assert [guide.text for guide in ruler.guides(None) if isinstance(guide, Label)] == ["30.0 px (mm unknown)"]
    ruler.release(at(10, 50))
    assert measures.measures == (Ruler((10, 10), (10, 50)),)
    measures.deselect()
    ruler.press(at(11, 30))
    ruler.release(at(11, 30))
    assert measures.selected == Ruler((10, 10), (10, 50))
    assert {guide.tone for guide in drawn[-1]} == {Tone.SELECTED}


def test_an_angle_takes_three_clicks_and_shift_makes_a_region_round(measures):
    angle = AngleTool(measures)
    for place in ((10, 10), (20, 10), (30, 30)):
        angle.press(at(*place))
    assert angle.key(Key.BACKSPACE) is False
    assert measures.measures == (Angle((10, 10), (20, 10), (30, 30)),)
    angle.press(at(5, 5))
    assert angle.key(Key.ESCAPE)
    assert not angle.busy
    region = RegionTool(measures, oval=True)
    region.press(at(10, 10))
    region.release(at(30, 50, Modifiers.SHIFT))
    assert measures.measures[-1] == Region((10, 10), (50, 50), oval=True)


def test_measures_are_undone_and_deleted(measures):
    first, second = Ruler((1, 1), (9, 9)), Ruler((20, 20), (60, 60))
    measures.add(first)
    measures.add(second)
    assert measures.select_at((5.0, 5.0))
    assert measures.delete_selected()
    assert measures.measures == (second,)
    assert not measures.delete_selected(), "nothing is selected any more"
    measures.undo()
    assert measures.measures == (first, second)
    measures.clear()
    assert measures.measures == ()
    measures.undo()
    measures.undo()
    assert measures.measures == (first,)
    measures.redo()
    assert measures.measures == (first, second)


def test_every_radiograph_keeps_its_own(measures, workspace, other_session):
    first = workspace.session
    measures.add(Ruler((1, 1), (9, 9)))
    workspace.open(other_session)
    assert measures.measures == ()
    measures.add(Ruler((20, 20), (60, 60)))
    workspace.open(Session(first.radiograph))
    assert measures.measures == (Ruler((1, 1), (9, 9)),)


def test_delete_and_clicks_go_to_a_measure_first(measures, workspace):
    cleared = []
    edits = EditsController(workspace, lambda: cleared.append(True))
    edits.selects_first.append(measures.select_at)
    edits.removes_first.append(measures.delete_selected)
    measures.add(Ruler((1, 1), (9, 9)))
    measures.deselect()
    edits.select_at((5.0, 5.0))
    edits.remove()
    assert measures.measures == ()
    assert not cleared
    edits.remove()
    assert cleared == [True]


def test_distances_to_lines():
    assert distance_to(Ruler((0, 0), (0, 10)), (3, 5)) == 3
    assert distance_to(Ruler((0, 0), (0, 10)), (0, 14)) == 4
    assert distance_to(Region((10, 10), (0, 0), oval=False), (5, 5)) == 0
