"""One selection: by key, on the panes and in the list; its outline, and its removal."""

import numpy as np
import pytest

from cxr_studio.ui.edits.controller import EditsController
from cxr_studio.ui.fill.controller import InpaintingController
from cxr_studio.ui.tools.guides import Label, Tone, Trail


@pytest.fixture
def edits(workspace, bridge):
    """Two fills are accepted: number 1 at the upper left, 2 at the lower right, overlapping it in a corner."""
    inpainting = InpaintingController(workspace, bridge)
    for place in (slice(10, 30), slice(28, 60)):
        mask = np.zeros((120, 100), bool)
        mask[place, place] = True
        workspace.replace_mask(mask, "Rectangle")
        bridge.answer(bridge.asked[-1])
        inpainting.accept()
    cleared = []
    made = EditsController(workspace, lambda: cleared.append(True))
    made.cleared = cleared
    made.parts = inpainting
    return made


def labels(lines):
    return {line.text: line.tone for line in lines if isinstance(line, Label)}


def test_the_topmost_edit_under_a_point_is_selected(edits, workspace):
    edits.select_at((12.0, 15.0))
    first = workspace.selected
    edits.select_at((29.0, 29.0))
    assert workspace.selected == first + 1, "the later edit lies over the first"
    edits.select_at((100.0, 80.0))
    assert workspace.selected is None


def test_keys_walk_around_the_edits_and_bring_them_to_the_middle(edits, workspace, heard):
    middles = heard()
    edits.centre_wanted.connect(middles)
    numbers = [edit.number for edit in workspace.session.edits]
    for wanted in (*numbers, numbers[0]):
        edits.step(1)
        assert workspace.selected == wanted
    edits.step(-1)
    assert workspace.selected == numbers[1]
    assert middles == [(20.0, 20.0), (44.0, 44.0), (20.0, 20.0), (44.0, 44.0)]


def test_the_selected_one_is_outlined_and_with_the_key_every_one(edits, workspace, heard):
    drawn = heard()
    edits.lines_changed.connect(drawn)
    first, second = (edit.number for edit in workspace.session.edits)
    workspace.select(second)
    assert labels(drawn[-1]) == {str(second): Tone.SELECTED}
    edits.set_outlined(True)
    assert labels(drawn[-1]) == {str(first): Tone.PLAIN, str(second): Tone.SELECTED}
    (outline,) = [line for line in drawn[-1] if isinstance(line, Trail) and line.tone is Tone.SELECTED]
    assert {min(outline.points), max(outline.points)} == {(28.0, 28.0), (59.0, 59.0)}
    workspace.enable(first, False)
    assert labels(drawn[-1]) == {str(second): Tone.SELECTED}, "one that is hidden has no outline"


def test_removing_takes_the_selected_one_and_undo_brings_it_back(edits, workspace):
    first, second = (edit.number for edit in workspace.session.edits)
    workspace.select(first)
    edits.remove()
    assert [edit.number for edit in workspace.session.edits] == [second]
    assert workspace.selected is None
    assert not edits.cleared
    workspace.undo()
    assert [edit.number for edit in workspace.session.edits] == [first, second]


def test_with_none_selected_removing_clears_the_mask(edits, workspace):
    edits.remove()
    assert edits.cleared == [True]
    assert len(workspace.session.edits) == 2
