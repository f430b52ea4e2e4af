"""Measuring: distances, angles and regions, drawn over the panes and never part of the image."""

from __future__ import annotations

from cxr_studio.ui.edits.controller import EditsController
from cxr_studio.ui.measure.controller import MeasureController
from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.shell.desk import Desk


def install(desk: Desk, edits: EditsController) -> MeasureController:
    """Declare the actions and draw what is measured.

    Args:
        desk: Where.
        edits: Clicks and Delete go to a measure first, then to them.
    """
    measures, scene = MeasureController(desk.workspace, desk.parent), desk.places.grid.scene
    desk.actions.add(*actions(measures))
    measures.lines_changed.connect(lambda lines: scene.set_lines("measures", lines))
    measures.changed.connect(lambda: desk.actions.review("measure"))
    edits.selects_first.append(measures.select_at)
    edits.removes_first.append(measures.delete_selected)
    desk.at_cancel.append(measures.deselect)
    return measures


def actions(measures: MeasureController) -> tuple[Action, ...]:
    """Rows that take measures back and away."""

    def some() -> str:
        return "" if measures.measures else "Nothing has been measured."

    return (
        Action(
            "measure.undo",
            "Undo measurement",
            "Take the last step of measuring back.",
            measures.undo,
            icon="undo",
            keys=("Ctrl+Alt+Z",),
            group="history",
            when=lambda: "" if measures.can_undo else "There is nothing to undo.",
        ),
        Action(
            "measure.redo",
            "Redo measurement",
            "Take the undone step of measuring again.",
            measures.redo,
            icon="redo",
            keys=("Ctrl+Alt+Y",),
            group="history",
            when=lambda: "" if measures.can_redo else "There is nothing to redo.",
        ),
        Action(
            "measure.delete",
            "Delete measurement",
            "Delete the selected measurement.",
            measures.delete_selected,
            icon="clear",
            keys=("Ctrl+Alt+D",),
            group="delete",
            when=lambda: "" if measures.selected is not None else "Click a measurement first.",
        ),
        Action(
            "measure.clear",
            "Delete all measurements",
            "Delete every measurement on this radiograph.",
            measures.clear,
            icon="clear",
            keys=("Ctrl+Alt+X",),
            group="delete",
            when=some,
        ),
    )
