"""The edits of the session: their list, undo and redo."""

from __future__ import annotations

from collections.abc import Callable

from cxr_studio.generation.edit import Edit
from cxr_studio.generation.session import Session
from cxr_studio.ui.edits.commands import clear_action, edit_actions, history_actions
from cxr_studio.ui.edits.controller import EditsController
from cxr_studio.ui.edits.edits_list import EditRow, EditsList
from cxr_studio.ui.paint.controller import PaintingController
from cxr_studio.ui.shell.desk import Desk


def install(
    desk: Desk, *, painting: PaintingController, settle: Callable[[], None], rerun: Callable[[int], None]
) -> EditsController:
    """Declare the actions, place the list, and draw the outlines.

    Args:
        desk: Where.
        painting: Whose strokes end the selection.
        settle: Drops what a tool has half done.
        rerun: Runs an edit again.
    """
    workspace, listed, scene = desk.workspace, EditsList(), desk.places.grid.scene
    edits = EditsController(workspace, painting.clear, desk.parent)
    desk.actions.add(
        *history_actions(workspace, settle), *edit_actions(edits, workspace), clear_action(workspace, settle)
    )
    desk.places.side.add("Edits", listed)
    workspace.edits_changed.connect(lambda: listed.set_rows(rows_of(workspace.session), workspace.selected))
    workspace.selection_changed.connect(listed.set_current)
    workspace.selection_changed.connect(lambda _number: desk.actions.review("edit.remove"))
    listed.toggled.connect(workspace.enable)
    listed.removed.connect(workspace.remove)
    listed.rerun.connect(rerun)
    listed.picked.connect(edits.pick)
    painting.stroking.connect(edits.deselect)
    desk.at_cancel.append(edits.deselect)
    edits.lines_changed.connect(lambda lines: scene.set_lines("edits", lines))
    edits.centre_wanted.connect(scene.view.centre_on)
    return edits


def rows_of(session: Session | None) -> list[EditRow]:
    """The lines of the list, newest edit first."""
    return [] if session is None else [_row(session, edit) for edit in reversed(session.edits)]


def _row(session: Session, edit: Edit) -> EditRow:
    seed = edit.provenance.options.get("seed", 0)
    title, size = edit.title.rsplit(", ", 1)
    detail = f"{size} at x {edit.box[1]}, y {edit.box[0]}, seed {seed}"
    if session.stale(edit.number):
        detail += " · the edits beneath have changed"
    return EditRow(edit.number, f"{edit.number}  {title}", detail, edit.enabled)
